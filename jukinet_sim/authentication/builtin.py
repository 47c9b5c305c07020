"""The methods that are shipped."""

from __future__ import annotations

from jukinet_sim.authentication.biometric import BIOMETRIC
from jukinet_sim.authentication.card import CARD

METHODS = (CARD, BIOMETRIC)
