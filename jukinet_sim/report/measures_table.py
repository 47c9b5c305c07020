"""The measures of a result document as a table in people's units, and what our assumptions do to its headlines as lines.

Chance and assumptions always stand side by side: a tight interval on a guessed service time is not knowledge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.numbers import PERCENT, PLAIN, Unit, interval, plain, time_unit
from jukinet_sim.report.terminal import table
from jukinet_sim.report.words import Words

if TYPE_CHECKING:
    from rich.table import Table

_ROUNDING = 1e-9
_UNITS = {"fraction": PERCENT, "number": PLAIN}


def measures_table(measures: Mapping[str, Any], words: Words) -> Table:
    """Return the table of measures; values are per replication, not sums over them."""
    rows = [(name, interval(measure["value"]), measure["unit"]) for name, measure in measures.items()]
    return table((words("measure"), words("value"), words("unit")), rows, right=2)


def assumption_lines(assumptions: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was sampled, what failed, and each headline with both of its uncertainties."""
    finished = assumptions["finished"]
    all_, failed = assumptions["samples"], assumptions["failed"]
    of_all = f"{finished}" if finished == all_ else f"{finished} of {all_}"
    figures = f"{assumptions['parameters']} assumed figure{'s' if assumptions['parameters'] > 1 else ''}"
    yield f"\nOver our assumptions: {of_all} samples of {figures}, one replication each, {assumptions['sampled_on']}"
    if assumptions["status"] != "complete":
        yield f"{assumptions['status'].upper()}: the samples that were finished are used"
    if failed:
        yield f"WARNING: {failed} of {all_} samples failed and are left out, the first: {assumptions['failures'][0]['why']}"
    for headline in assumptions["headlines"]:
        yield f"  {_sentence(headline)}"


def _sentence(headline: Mapping[str, Any]) -> str:
    """Return one headline, such as `query sojourn.p99 0.41 s, ± 3 % by chance, 0.2-1.1 s over our assumptions`."""
    value = headline["value"]
    if value["value"] is None:
        return f"{headline['name']}: undefined, nothing was observed"
    unit = _unit(headline)
    said = f"{headline['name']} {_in(unit, value['value'])}, ± {_chance(value, unit)} by chance, {_range(headline, unit)}"
    if headline["mostly_by"] is None:
        return said
    if not headline["beyond_chance"]:
        return f"{said}, no single one stands out"
    return f"{said}, mostly by {headline['mostly_by']} ({headline['rank_correlation']:+.2f})"


def _range(headline: Mapping[str, Any], unit: Unit) -> str:
    """Return the range over assumptions, or what is known instead where the full run's cannot be told."""
    low, high = headline["low"], headline["high"]
    if low is not None and high is not None:
        moved = high - low > _ROUNDING * abs(high)
        return f"{_short(low / unit.size)}-{_in(unit, high)} over our assumptions" if moved else "unmoved by our assumptions"
    sampled = headline["sampled"]
    if not sampled["max"]:
        return "unknown over our assumptions: the sampled network has none"
    drawn = f"{_short(sampled['low'] / unit.size)}-{_in(unit, sampled['high'])}"
    return f"over our assumptions {drawn} in the sampled network, which has none with the scenario's own values"


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


def _chance(value: Mapping[str, Any], unit: Unit) -> str:
    """Return the half-width relative to the value; of a value of 0 as it is."""
    half = value["half_width"]
    if half is None:
        return "n/a"
    if not value["value"]:
        return _in(unit, half)
    percent = 100.0 * half / abs(value["value"])
    return f"{_short(float(f'{percent:.2g}'))} %"
