"""What was found of decisions, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def in_words(claim: Mapping[str, Any]) -> str:
    """Return how many decisions were right, or with how many times fewer replications, from the numbers behind a claim."""
    if "right" in claim:
        return f"{claim['right']:,} right ({claim['accepted']:,} needed)"
    if "covered" in claim:
        low, high = claim["accepted"]
        return f"{claim['covered']:,} cover ({low:,} to {high:,})"
    if "times_fewer" in claim:
        return f"{claim['times_fewer']:.1f} times fewer replications ({claim['required']:g} needed)"
    return f"bias {100.0 * max(one['bias_in_margins'] for one in claim['percentiles']):.1f} % of a margin"
