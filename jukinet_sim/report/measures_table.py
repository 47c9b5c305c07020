"""The measures of a result document as a table in people's units, and what our assumptions do to its headlines as another.

Chance and assumptions always stand side by side: a tight interval on a guessed service time is not knowledge.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.report.numbers import PERCENT, PLAIN, UNDEFINED, Unit, interval, plain, time_unit
from jukinet_sim.report.terminal import WIDTH, Table, table
from jukinet_sim.report.words import Words

_ROUNDING = 1e-9
_UNITS = {"fraction": PERCENT, "number": PLAIN}


def measures_table(measures: Mapping[str, Any], words: Words) -> Table:
    """Return the table of measures; values are per replication, not sums over them."""
    rows = [(name, interval(measure["value"]), measure["unit"]) for name, measure in measures.items()]
    return table((words("measure"), words("value"), words("unit")), rows, right=2)


def assumption_tables(assumptions: Mapping[str, Any], words: Words) -> Iterator[str | Table]:
    """Yield what was sampled, what failed, and each headline with both of its uncertainties."""
    finished = assumptions["finished"]
    all_, failed = assumptions["samples"], assumptions["failed"]
    of_all = f"{finished}" if finished == all_ else f"{finished} of {all_}"
    figures = f"{assumptions['parameters']} figure{'s' if assumptions['parameters'] > 1 else ''} with a range"
    said = f"Over our assumptions: {of_all} samples of {figures}, one replication each, {assumptions['sampled_on']}."
    yield "\n" + textwrap.fill(said, WIDTH)
    if assumptions["status"] != "complete":
        yield f"{assumptions['status'].upper()}: the samples that were finished are used"
    if failed:
        yield f"WARNING: {failed} of {all_} samples failed and are left out, the first: {assumptions['failures'][0]['why']}"
    headlines = assumptions["headlines"]
    columns = (words("headline"), words("value"), words("by chance"), words("over our assumptions"), words("mostly by"))
    yield table(columns, [_row(headline) for headline in headlines], right=3)
    yield (
        "The range holds 90 % of the samples; mostly by: the figure it goes up (+) or down (-) with, if one stands out "
        "from chance, which takes at least 20 samples."
    )
    yield from _unmoved(headlines, assumptions["every"] if assumptions["sampled_on"].startswith("on a nation") else None)
    if any(headline["low"] is None and headline["sampled"]["max"] for headline in headlines):
        yield "*: of the sampled network itself: with the scenario's own values it has none, so there is nothing to scale by."


def _unmoved(headlines: Sequence[Mapping[str, Any]], every: int | None) -> Iterator[str]:
    """Yield why headlines were not moved, those of one reason together."""
    reasons: dict[str, list[str]] = {}
    for headline in headlines:
        if headline["unmoved"]:
            reasons.setdefault(headline["unmoved"], []).append(headline["name"])
    for reason, names in reasons.items():
        said = f"unmoved, {', '.join(names)}: {reason}"
        if reason.startswith("0 ") and every is not None:
            said += f". One municipality in {every} loads what all share less than the nation does: --every 1 samples it all"
        yield textwrap.fill(said + ".", WIDTH, subsequent_indent="  ")


def _row(headline: Mapping[str, Any]) -> tuple[str, ...]:
    """Return one headline, such as `query sojourn.p99 | 0.41 s | ± 3 % | 0.2-1.1 s | municipality.cs.service (+0.9)`."""
    value = headline["value"]
    if value["value"] is None:
        return headline["name"], UNDEFINED, UNDEFINED, UNDEFINED, ""
    unit = _unit(headline)
    culprit = ""
    if headline["mostly_by"] is not None and headline["beyond_chance"]:
        culprit = f"{headline['mostly_by'].removeprefix('juki_net.')} ({headline['rank_correlation']:+.2f})"
    return headline["name"], _in(unit, value["value"]), f"± {chance_of(value, unit)}", range_of(headline, unit), culprit


def range_of(headline: Mapping[str, Any], unit: Unit) -> str:
    """Return the range over assumptions, or that of the sampled network where the full run's cannot be told."""
    low, high = headline["low"], headline["high"]
    if low is not None and high is not None:
        return f"{_short(low / unit.size)}-{_in(unit, high)}" if high - low > _ROUNDING * abs(high) else "unmoved"
    sampled = headline["sampled"]
    return f"{_short(sampled['low'] / unit.size)}-{_in(unit, sampled['high'])} *" if sampled["max"] else UNDEFINED


def range_in_words(headline: Mapping[str, Any]) -> str:
    """Return the range of a headline over assumptions, in the unit that suits it."""
    return range_of(headline, _unit(headline))


def _unit(headline: Mapping[str, Any]) -> Unit:
    """Return the unit that suits a headline."""
    if headline["unit"] == "s":
        return time_unit([headline["value"]])
    return _UNITS.get(headline["unit"]) or Unit(headline["unit"], 1.0)


def _in(unit: Unit, number: float) -> str:
    """Return a number in SI with its unit."""
    return f"{_short(number / unit.size)} {unit.name}".rstrip()


def _short(number: float) -> str:
    """Return a number to three digits: what is uncertain has no more."""
    return plain(float(f"{number:.3g}"))


def chance_of(value: Mapping[str, Any], unit: Unit) -> str:
    """Return the half-width relative to the value; of a value of 0 as it is."""
    half = value["half_width"]
    if half is None:
        return "n/a"
    if not value["value"]:
        return _in(unit, half)
    percent = 100.0 * half / abs(value["value"])
    return f"{_short(float(f'{percent:.2g}'))} %"
