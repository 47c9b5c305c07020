"""Keys for all tests of this folder: made once, as long RSA keys take a while."""

from __future__ import annotations

from functools import cache

import pytest

from jukinet_sim.crypto.running.rig import KeyRing, Rig
from jukinet_sim.crypto.suites import suite


@cache
def _ring() -> KeyRing:
    return KeyRing()


@pytest.fixture(scope="session")
def ring() -> KeyRing:
    """Keys that all tests share."""
    return _ring()


@pytest.fixture(scope="session")
def elliptic(ring: KeyRing) -> Rig:
    """Two parties under a suite of elliptic curves."""
    return Rig(suite("p256-aes128gcm"), ring)


@pytest.fixture(scope="session")
def today(ring: KeyRing) -> Rig:
    """Two parties under the suite of 2012."""
    return Rig(suite("today"), ring)
