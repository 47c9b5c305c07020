"""Which decisions are claimed to be right: each has its file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.decisions import calibrating, differences, doubt, selection, servers, stopping
from jukinet_sim.verify.workers import Workers

Claims = Callable[[int, int, Workers], Iterator[Claim]]
"""From a number of trials, a seed and processes to claims, all of one family."""
DECISIONS: dict[str, Claims] = {
    servers.FAMILY: servers.claims,
    doubt.FAMILY: doubt.claims,
    selection.FAMILY: selection.claims,
    differences.FAMILY: differences.claims,
    stopping.FAMILY: stopping.claims,
    calibrating.FAMILY: calibrating.claims,
}
"""By the family of their claims."""
TRIAL_COSTS = {calibrating.FAMILY: 4}
"""How many times longer a trial takes than those of most families: below the full size there are fewer of them."""
