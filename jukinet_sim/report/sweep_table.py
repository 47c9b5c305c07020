"""The document of a sweep as a table, and for one or two keys as a plot in characters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.report.experiment_figures import cell, heading, short_keys, unit_for
from jukinet_sim.report.numbers import UNDEFINED, plain
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.words import Words

Document = Mapping[str, Any]
Row = Mapping[str, Any]
_BAR = 40
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_SHADES = " ░▒▓█"
_WIDEST = 16


def sweep_tables(document: Document, words: Words) -> Iterator[str | Table]:
    """Yield what was swept, the row of every point, a plot of the first figure shown, and what failed."""
    rows: Sequence[Row] = document["points"]
    done = [row for row in rows if row["metrics"]]
    failures = [row for row in rows if row["error"]]
    counts = {row["replications"] for row in done}
    each = f"{counts.pop()}" if len(counts) == 1 else "up to " + str(max(counts, default=0))
    yield (
        f"{document['scenario']}: {len(rows)} points ({document['design']}) of {', '.join(document['axes'])}, "
        f"{each} replications each, seed {document['seed']}; the same random numbers at every point"
    )
    if failures:
        yield f"PARTIAL: {len(failures)} of {len(rows)} points are not all there; the first: {failures[0]['error']}"
    yield from document["notes"]
    yield _table(document, rows, words)
    if len(done) > 1 and document["shown"]:
        yield from _plot(document, done, document["shown"][0])


def _table(document: Document, rows: Sequence[Row], words: Words) -> Table:
    """Return the table: keys, the figures that are shown, whether the service levels are met."""
    axes, shown = document["axes"], document["shown"]
    judged = any(row["slo_met"] is not None for row in rows)
    units = {name: unit_for(name, [row["metrics"][name] for row in rows if name in row["metrics"]]) for name in shown}
    columns = short_keys(axes)
    columns += [heading(name, units[name]) for name in shown]
    columns += [words("service level")] if judged else []
    cells = [_cells(row, axes, shown, units, words, judged=judged) for row in rows]
    return table(columns, cells, left=0, right=len(axes) + len(shown))


def _cells(
    row: Row, axes: Sequence[str], shown: Sequence[str], units: Mapping[str, Any], words: Words, *, judged: bool
) -> list[str]:
    cells = [str(row["set"][axis]) for axis in axes]
    if row["error"] and not row["metrics"]:
        return [*cells, *(UNDEFINED for _ in shown), *(["failed"] if judged else [])]
    cells += [cell(row["metrics"].get(name), units[name]) for name in shown]
    if judged:
        met = row["slo_met"]
        cells.append(words("undecided" if met is None else "met" if met else "missed"))
    return cells


def _plot(document: Document, rows: Sequence[Row], name: str) -> Iterator[str]:
    """Yield a plot of one figure over one key, or shades of it over two; nothing for more."""
    axes = document["axes"]
    known = [row for row in rows if row["metrics"].get(name, {}).get("value") is not None]
    if len(known) < 2:
        return
    unit = unit_for(name, [row["metrics"][name] for row in known])
    if len(axes) == 1:
        yield f"\n{heading(name, unit)}"
        yield from _bars([(str(row["set"][axes[0]]), row["metrics"][name]["value"] / unit.size) for row in known])
    elif len(axes) == 2 and document["design"] == "grid":
        yield f"\n{heading(name, unit)}, {axes[0]} downward, {axes[1]} to the right"
        yield from _shades(known, axes, name, unit.size)


def _bars(points: Sequence[tuple[str, float]]) -> Iterator[str]:
    """Yield a bar for each value; bars begin at 0, or at the least where some are negative."""
    least = min(0.0, *(value for _, value in points))
    most = max(0.0, *(value for _, value in points))
    width = max(len(label) for label, _ in points)
    for label, value in points:
        eighths = round(8 * _BAR * (value - least) / (most - least)) if most > least else 0
        bar = _EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
        yield f"  {label:>{width}} {bar} {plain(value)}"


def _shades(rows: Sequence[Row], axes: Sequence[str], name: str, size: float) -> Iterator[str]:
    """Yield a grid of shades, from the least value to the largest."""
    values = {(str(row["set"][axes[0]]), str(row["set"][axes[1]])): row["metrics"][name]["value"] / size for row in rows}
    down = list(dict.fromkeys(str(row["set"][axes[0]]) for row in rows))
    across = list(dict.fromkeys(str(row["set"][axes[1]]) for row in rows))
    least, most = min(values.values()), max(values.values())
    width = min(max(len(text) for text in (*across, "  ")), _WIDEST)
    side = max(len(text) for text in down)
    yield f"  {'':>{side}} " + " ".join(f"{text[:width]:>{width}}" for text in across)
    for one in down:
        marks = []
        for other in across:
            value = values.get((one, other))
            step = 0 if value is None or most == least else min(int(5 * (value - least) / (most - least)), 4)
            marks.append((" ?" if value is None else _SHADES[step] * 2).rjust(width))
        yield f"  {one:>{side}} " + " ".join(marks)
    yield f"  from {plain(least)} (blank) to {plain(most)} (full)"
