"""The authorities there are, shipped or brought by other packages, and what they say of a suite at a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from jukinet_sim.base.plugins import POLICIES, Registry, registry
from jukinet_sim.crypto.policy.rows import Row, read_rows
from jukinet_sim.crypto.policy.verdict import Verdict, judge
from jukinet_sim.crypto.suite import Suite


@cache
def registered() -> Registry[tuple[Row, ...]]:
    """Return the rows of every authority that is registered, and what was refused."""
    return registry(POLICIES, "policy", _read)


def authorities() -> tuple[str, ...]:
    """Return the names of all authorities, the shipped ones first."""
    return tuple(offer.names[0] for offer in registered().offers)


def status(suite: Suite, date: dt.date, authority: str) -> Verdict:
    """Return what an authority says of a suite at a date. Raises UsageError for an authority that there is not."""
    return judge(suite, authority, registered().ask(authority), date)


def _read(loaded: object) -> Iterator[tuple[tuple[str, ...], tuple[Row, ...]]]:
    """Yield the rows of each authority in what an entry points to: CSV files, one or several, or a function."""
    made = loaded() if callable(loaded) else loaded
    files = (made,) if isinstance(made, (str, Path)) else made
    if not isinstance(files, Iterable):
        raise TypeError("it is neither a file of policies nor several of them, nor a function that returns them")
    rows = [row for file in files for row in read_rows(file)]
    for authority in dict.fromkeys(row.authority for row in rows):
        yield (authority,), tuple(row for row in rows if row.authority == authority)
