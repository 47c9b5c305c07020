"""Changes on a date, of one place or of all, as a scenario lists them in the order of time."""

from collections.abc import Sequence
from itertools import pairwise

from jukinet_sim.language.base import Base, Count, Seconds, SpecError


class DatedChange(Base):
    """Something that changes at an instant."""

    at: Seconds
    """When it begins, from the start of the run or of the period."""
    place: Count | None = None
    """Number, from 0, of the only place concerned, where there is one copy per place; all when left out."""


def check_changes(changes: Sequence[DatedChange], key: str) -> None:
    """Raise SpecError unless changes never go back in time and none is undone by another of the same instant and place."""
    for i, (before, after) in enumerate(pairwise(changes), start=1):
        if after.at < before.at:
            raise SpecError("this entry is earlier than the one before", "sort the entries by at", (key, i, "at"))
    seen: set[tuple[float, int | None]] = set()
    for i, change in enumerate(changes):
        if (change.at, change.place) in seen:
            raise SpecError("this is a second change at the same instant", "keep one of the two entries", (key, i, "at"))
        seen.add((change.at, change.place))
