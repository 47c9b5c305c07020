"""The figures of the report of 2013-03-15 by key, and where its own arithmetic does not add up.

Figures are kept as printed: a contradiction is computed and shown, never mended.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from jukinet_sim.base.errors import UsageError
from jukinet_sim.calendar import business_days
from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS
from jukinet_sim.juki_net.facts._tables import read_table
from jukinet_sim.juki_net.facts.provisions import provisions

Lookup = Callable[[str], float]
"""Gives the number of a reported figure by key."""

_PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """One printed figure: its text as printed, its number if it is one, unit, period or date, section, and a note."""

    key: str
    value: str
    number: float | None
    unit: str
    period: str
    section: str
    note: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Something the printed figures should satisfy: a printed key follows from others, up to its rounding.

    `compute` asks a look-up for the others: the printed numbers, or simulated ones in their place.
    """

    key: str
    text: str
    compute: Callable[[Lookup], float]
    rounding: float = 0.0

    def agrees(self, computed: float) -> bool:
        """Whether a computed number is the printed one up to its rounding."""
        return math.fabs(computed - number(self.key)) <= self.rounding


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A printed figure that differs from what other printed figures give; `difference` is computed minus printed."""

    key: str
    printed: float
    computed: float
    difference: float
    unit: str
    text: str


@cache
def reported() -> Mapping[str, ReportedFigure]:
    """Give every reported figure by key, in the order of the report's table."""
    figures = (
        ReportedFigure(
            key=row["key"],
            value=row["value"],
            number=float(row["value"]) if _PLAIN_NUMBER.fullmatch(row["value"]) else None,
            unit=row["unit"],
            period=row["period_or_as_of"],
            section=row["section"],
            note=row["note"],
        )
        for row in read_table("reported/figures.csv")
    )
    return MappingProxyType({figure.key: figure for figure in figures})


def figure(key: str) -> ReportedFigure:
    """Give one reported figure; `UsageError` with the nearest key if there is none of that name."""
    known = reported()
    if key in known:
        return known[key]
    near = difflib.get_close_matches(key, known, n=1)
    cure = f"did you mean {near[0]!r}?" if near else "`jukinet_sim.facts.reported()` lists all keys"
    raise UsageError(f"there is no reported figure {key!r}; {cure}")


def number(key: str) -> float:
    """Give the number of one reported figure; `UsageError` if it is a date or a text."""
    found = figure(key)
    if found.number is None:
        raise UsageError(f"the reported figure {key!r} is {found.value!r}, not a number; read its `value`")
    return found.number


def _business_day_calls(of: Lookup) -> float:
    """Give calls per business day from the calls of the nine months."""
    days = business_days(REPORTED_NINE_MONTHS.first, REPORTED_NINE_MONTHS.last)
    return of("call_centre_calls_2012_04_12") / len(days)


IDENTITIES: tuple[Identity, ...] = (
    Identity(
        "provisions_2012_04_12",
        "the total is the sum of the rows of the provisions table",
        lambda _of: float(sum(row.records for row in provisions())),
    ),
    Identity(
        "provisions_increase_printed",
        "the increase is the total of April to December 2012 minus that of April to December 2011",
        lambda of: of("provisions_2012_04_12") - of("provisions_2011_04_12"),
    ),
    Identity(
        "juki_cards_cumulative_2012_12_31",
        "cards at the end are cards at the start plus cards issued, each rounded to 10,000",
        lambda of: of("juki_cards_cumulative_2012_03_31") + of("juki_cards_issued_2012_04_12"),
        rounding=15_000.0,
    ),
    Identity(
        "juki_card_share_percent",
        "the share is cards over population, cut after one decimal",
        lambda of: 100.0 * of("juki_cards_cumulative_2012_03_31") / of("population"),
        rounding=0.1,
    ),
    Identity(
        "call_centre_calls_per_day",
        "calls a day are the calls of the nine months over their business days, rounded",
        _business_day_calls,
        rounding=0.5,
    ),
)
"""What the report's figures should satisfy among themselves."""


@cache
def contradictions() -> tuple[Contradiction, ...]:
    """Give every identity that the printed figures break by more than their rounding."""
    found = []
    for identity in IDENTITIES:
        printed, computed = number(identity.key), identity.compute(number)
        if not identity.agrees(computed):
            unit = figure(identity.key).unit
            found.append(
                Contradiction(identity.key, printed, computed, computed - printed, unit, _text(identity, computed))
            )
    return tuple(found)


def _text(identity: Identity, computed: float) -> str:
    """Say in one sentence what is printed, what the other figures give, and what is done about it."""
    printed = number(identity.key)
    return (
        f"{identity.key}: printed {printed:,.10g} {figure(identity.key).unit}, but {identity.text}, which gives "
        f"{computed:,.10g} ({computed - printed:+,.10g}); both are kept as printed"
    )
