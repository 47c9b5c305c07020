"""The document of a calibration as tables: what was fitted and how well it is known, what is left over, and what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from jukinet_sim.base.units import number_and_unit
from jukinet_sim.report.experiment_figures import unit_for
from jukinet_sim.report.numbers import PLAIN, UNDEFINED, Unit, plain
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.words import Words

Document = Mapping[str, Any]


def calibrate_tables(document: Document, words: Words) -> Iterator[str | Table]:
    """Yield how the fit was found, its parameters, its residuals, warnings, and how to use it."""
    figures = len(document["residuals"])
    yield (
        f"{document['scenario']}: {len(document['parameters'])} parameters fitted to {figures} figures of "
        f"{document['observations']} by {document['simulations']} simulations of {document['replications']} replications, "
        f"seed {document['seed']}; the same random numbers in all"
    )
    if document["status"] == "partial":
        yield "PARTIAL: the search was stopped before it had settled"
    yield _parameters(document, words)
    yield _residuals(document, words)
    yield ""
    yield _misfit(document)
    for warning in document["warnings"]:
        yield f"warning: {warning}"
    yield f"Try next: jukinet run {shlex.join([document['scenario_file'], '--override', document['override']])}"


def _parameters(document: Document, words: Words) -> Table:
    """Return what every key was and is now, in the scenario's own unit, with its interval."""
    rows = []
    for key, one in document["parameters"].items():
        number, unit = number_and_unit(one["text"])
        size = one["value"] / float(number) if number else 1.0
        ends = [UNDEFINED if one[end] is None else plain(one[end] / size) for end in ("low", "high")]
        changed = f"{one['value'] / one['was'] - 1.0:+.1%}" if one["was"] else UNDEFINED
        rows.append((key, unit, plain(one["was"] / size), plain(float(number)), *ends, changed))
    level = f"{document['level']:.0%}"
    columns = (words("parameter"), "", words("was"), words("is"), f"{level} {words('from')}", words("to"), words("change"))
    return table(columns, rows, left=2)


def _residuals(document: Document, words: Words) -> Table:
    """Return what was observed beside what is simulated."""
    rows = []
    given = document["errors_given"]
    for one in document["residuals"]:
        found = unit_for(one["what"], [{"value": one["observed"]}, {"value": one["simulated"]}])
        unit = found if found is not PLAIN else Unit(one["unit"], 1.0)
        off = UNDEFINED if one["relative"] is None else f"{one['relative']:+.1%}"
        errors = (plain((one["simulated"] - one["observed"]) / one["error"]),) if given else ()
        values = (plain(one["observed"] / unit.size), plain(one["simulated"] / unit.size))
        rows.append((one["what"], unit.name, *values, off, *errors))
    columns = [words("figure"), "", words("observed"), words("simulated"), words("relative")]
    return table([*columns, *([words("in errors")] if given else [])], rows, left=2)


def _misfit(document: Document) -> str:
    misfit = document["misfit"]
    if misfit is None:
        return "There are as many parameters as figures: what is left over says nothing, and there are no intervals."
    if not document["errors_given"]:
        return f"What is left over is {plain(100.0 * misfit**0.5)} % of a figure on average; the intervals rest on that."
    return f"What is left over is {plain(misfit)} times what the errors explain (chi square per degree of freedom)."
