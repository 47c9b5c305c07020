"""A text as the validator sees it, before it is saved: every fault with its line, or the load that it brings."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.base.harmless import harmless
from jukinet_sim.report.terminal import Table
from jukinet_sim.report.validation import load_lines, load_warnings
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load_unsaved
from jukinet_sim.theory.peaks import Hours


@dataclass(frozen=True)
class Said:
    """One thing that is wrong, or probably not meant: where, what, and the cure; a line of another file has its name."""

    line: int | None
    column: int | None
    what: str
    cure: str
    file: str = ""


@dataclass(frozen=True)
class Checked:
    """What the validator says of a text."""

    valid: bool
    faults: tuple[Said, ...] = ()
    warnings: tuple[Said, ...] = ()
    notes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = field(default=())
    """The table of offered loads."""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain JSON data."""
        return asdict(self)


def check(text: str, path: Path, shown: str) -> Checked:
    """Check a text as if it stood in a file: the same faults, warnings and loads that `jukinet validate` prints."""
    try:
        loaded = load_unsaved(text, path, shown)
        network = compile_network(loaded)
    except ScenarioError as error:
        return Checked(False, tuple(_said(fault, shown) for fault in error.faults))
    warnings = [_said(one, shown) for one in loaded.warnings]
    warnings += [Said(None, None, harmless(note), "") for note in network.notes]
    try:
        hours = Hours(network)
    except ScenarioError as error:
        warnings += [_said(fault, shown) for fault in error.faults]
        return Checked(True, (), tuple(warnings))
    table = next(line for line in load_lines(hours) if isinstance(line, Table))
    rows = tuple(tuple(map(harmless, row)) for row in table.rows)
    notes = tuple(map(harmless, load_warnings(hours)))
    return Checked(True, (), tuple(warnings), notes, tuple(map(str, table.columns)), rows)


def _said(fault: Fault, shown: str) -> Said:
    place = fault.position
    file = "" if place is None or place.file == shown else harmless(place.file)
    line, column = (None, None) if place is None else (place.line, place.column)
    return Said(line, column, harmless(fault.what), harmless(fault.cure), file)
