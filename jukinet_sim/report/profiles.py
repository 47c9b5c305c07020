"""Calendar profiles to lines: the table of all of them, and one with a drawing of its day and its months.

Heights and lengths are relative to the highest of their own drawing: a profile says when, never how many.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from jukinet_sim.calendar import (
    DAY_S,
    SEASONAL_PROFILES,
    Period,
    describe_profile,
    fiscal_year,
    fraction_of_year,
    generic_profile,
    profile_descriptions,
)
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.report.terminal import WIDTH, Table, table

if TYPE_CHECKING:
    from jukinet_sim.calendar import ProfileDescription

_HEIGHTS = "·▁▂▃▄▅▆▇█"
_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_BAR = 48
"""Marks of a day drawn alone, and the longest bar of a month."""
_TEXT = 63
"""Width of the words in the table, so that the whole of it stays within `WIDTH`."""
_MONTHS = ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar")
_FISCAL_YEAR = fiscal_year(DOMAIN.reported_period().first)


def list_profiles() -> Iterator[str | Table]:
    """Yield the table of all profiles: name and day, status, meaning and below it the reason."""
    yield "Calendar profiles say when things happen, never how many. Times of the day are Japan Standard Time."
    rows = [row for described in profile_descriptions() for row in (_row(described), ("", "", ""))]
    yield table(("profile, its day 0-24 h", "status", "meaning, and why"), rows[:-1], left=3)
    yield ""
    yield "Below a seasonal profile's day stand its months from April to March."
    yield ""
    yield "Cadences say on which days files are sent, monthly ones on the first business day:"
    yield textwrap.fill(', '.join(DOMAIN.cadences()), WIDTH, initial_indent="  ", subsequent_indent="  ")
    yield ""
    yield "jukinet explain NAME   draws one, such as: jukinet explain residents"


def draw_profile(name: str) -> list[str]:
    """Return meaning, source and drawing of a profile; UsageError for a name that is none."""
    described = describe_profile(name)
    lines = [
        f"{name} (calendar profile)",
        "\n".join(_wrapped(described.meaning, "  ")),
        "\n".join(_wrapped(f"{described.status}: {described.reason}", "  source    ", " " * 12)),
        "",
        "  an ordinary Monday, half an hour a mark",
        "",
        f"  {_bars(_day(name, _BAR))}",
        "  0           6           12          18         24 h",
    ]
    if name in SEASONAL_PROFILES:
        lines += _months_drawn(name)
    nine_months = 100.0 * fraction_of_year(name, DOMAIN.reported_period())
    return [*lines, "", f"  April to December 2012 holds {nine_months:.1f} % of the fiscal year."]


def _row(described: ProfileDescription) -> tuple[str, str, str]:
    """Return the row of a profile: its name above its drawings, its status, its meaning above the reason."""
    left = [described.name, _bars(_day(described.name, 24))]
    if described.name in SEASONAL_PROFILES:
        left.append(f"{_bars(_months(described.name))} Apr-Mar")
    words = [*_wrapped(described.meaning, "", width=_TEXT), *_wrapped(described.reason, "  ", width=_TEXT)]
    return "\n".join(left), described.status, "\n".join(words)


def _months_drawn(name: str) -> list[str]:
    """Return a bar for each month, with its share of the year in percent."""
    shares = _months(name)
    top = max(shares)
    bars = [f"  {month}  {100.0 * share:4.1f} %  {_bar(share / top)}" for month, share in zip(_MONTHS, shares, strict=True)]
    return ["", "  share of the year in each month", "", *bars]


def _day(name: str, marks: int) -> list[float]:
    """Return the intensity of each part of an ordinary Monday."""
    shape = generic_profile(name, DAY_S)
    done = np.concatenate([[0.0], np.cumsum(shape.weight * shape.widths_s())])
    total = np.interp(np.linspace(0.0, DAY_S, marks + 1), np.append(shape.start_s, shape.end_s), done)
    parts: list[float] = np.diff(total).tolist()
    return parts


def _months(name: str) -> list[float]:
    """Return the share of each month of FY2012, April first."""
    firsts = [date for date in _FISCAL_YEAR.dates() if date.day == 1]
    lasts = [first - dt.timedelta(days=1) for first in firsts[1:]] + [_FISCAL_YEAR.last]
    return [fraction_of_year(name, Period(first, last)) for first, last in zip(firsts, lasts, strict=True)]


def _bars(parts: Sequence[float]) -> str:
    """Return one character per part, its height relative to the highest; a dot where there is nothing."""
    top = max(parts)
    return "".join(_HEIGHTS[0 if part <= 0.0 else max(1, round(8.0 * part / top))] for part in parts)


def _bar(share: float) -> str:
    """Return a horizontal bar for a share of the longest one, to an eighth of a mark."""
    whole, eighths = divmod(round(8 * _BAR * share), 8)
    return "█" * whole + _EIGHTHS[eighths]


def _wrapped(text: str, first: str, others: str | None = None, width: int = WIDTH) -> list[str]:
    """Return the text in lines within the width, the first one after `first` and the others too if nothing else is given."""
    indent = first if others is None else others
    return textwrap.wrap(text, width, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False)
