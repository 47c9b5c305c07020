"""Parameters to the groups in which they are screened: those that stand below one entry of the scenario belong together."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet_sim.experiments.assumptions.factors import Factor

MOST_SINGLE = 20
"""So many parameters are screened one by one where nobody says how."""
TOPIC, ENTRY = 2, 3
"""A topic is what lies below the first two words of a key, as `juki_net.municipality`; an entry, below three."""


def by_words(factors: Sequence[Factor], words: int) -> dict[str, list[str]]:
    """Return groups of two or more factors whose keys begin with the same words; a factor alone is in none."""
    found: dict[str, list[str]] = {}
    for one in factors:
        parts = one.key.split(".")
        found.setdefault(".".join(parts[:words]), []).append(one.key)
    return {name: keys for name, keys in found.items() if len(keys) > 1}
