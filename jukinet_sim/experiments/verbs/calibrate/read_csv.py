"""The CSV of observations to checked rows, or to everything that is wrong with it, each fault by line and with its cure.

A row names a flow, a station or a pool, one of its metrics, a window (`from` and `to`, empty for the whole run), and what
was observed there, in any unit that scenarios have, or without one in SI; a column `error` may give standard errors.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from jukinet_sim import metrics
from jukinet_sim.base.suggest import one_of
from jukinet_sim.base.units import UnitError
from jukinet_sim.experiments.verbs.calibrate.observed import ERROR, Observed, error_of, read_row
from jukinet_sim.language.base import SpecError
from jukinet_sim.language.csv_cells import WrongCell, optional, text
from jukinet_sim.language.focus_checks import window_complaints
from jukinet_sim.language.planner_csv import Column, Kind, read_columns
from jukinet_sim.language.run import Run
from jukinet_sim.language.subjects import Subjects, compiled, subject_complaints
from jukinet_sim.network.model import Network

_KINDS: tuple[metrics.Kind, ...] = ("flow", "station", "pool")
_AT_MOST_ALL = ("utilisation", "availability")
_Objection = tuple[str, str, str]


def read_observations(path: str | Path, network: Network, run: Run) -> list[dict[str, str]]:
    """Return the rows of a CSV of observations, as the texts of their cells that are not empty.

    Raises ScenarioError with every fault: a kind, name or metric that is not there, a window outside the run, a value that is
    missing or no number, a figure that stands twice, standard errors for some rows only.
    """
    checked = _Checked(compiled(network), run)
    columns = (
        Column("kind", _kind, "what the figure is of: flow, station or pool"),
        Column("name", text("write the name of a flow, a station or a pool"), "its name"),
        Column("metric", text("write a metric, such as utilisation; jukinet explain metrics lists them"), "which figure"),
        Column("from", _any, "when it begins to be observed", required=False),
        Column("to", _any, "when it is observed no longer", required=False),
        Column("value", text("write what was measured there, or delete the line"), "what was observed"),
        Column(ERROR, optional(str, ""), "standard error of what was observed", required=False),
    )
    read_columns(path, Kind("observation", "observations", columns, checked.objection))
    return checked.rows


def _any(cell: str) -> str:
    return cell


def _kind(cell: str) -> str:
    if cell.lower() not in _KINDS:
        raise WrongCell(f"the kind is {cell[:40]!r}", f"write one of {', '.join(_KINDS)}")
    return cell.lower()


@dataclass
class _Checked:
    """Looks at one row after another, keeps those that are right and says what is wrong with the others."""

    subjects: Subjects
    run: Run
    rows: list[dict[str, str]] = field(default_factory=list)
    _seen: dict[str, str] = field(default_factory=dict)

    def objection(self, row: Mapping[str, Any]) -> _Objection | None:
        """Return column, fault and cure of the first thing that is wrong with a row; keep it where nothing is."""
        filled = {key: value for key, value in row.items() if value}
        wrong = self._subject(filled) or self._ends(filled) or self._read(filled)
        if wrong is None:
            self.rows.append(filled)
            return None
        column, what, cure = wrong
        return (column if column in row else "value"), what, cure

    def _subject(self, row: Mapping[str, str]) -> _Objection | None:
        """Object to a name that nothing of the kind has."""
        name, having = row["name"], [kind for kind in _KINDS if row["name"] in self.subjects[kind]]
        if row["kind"] in having:
            return None
        cure = one_of(name, next(known for kind, known in self.subjects.items() if kind == row["kind"]), "delete the line")
        if having:
            cure = f'it is a {having[0]}: write "{having[0]}" as its kind'
        return "name", f'there is no {row["kind"]} "{name[:60]}"', cure

    def _ends(self, row: Mapping[str, str]) -> _Objection | None:
        """Object to one end of a window without the other."""
        given = [end for end in ("from", "to") if end in row]
        if len(given) != 1:
            return None
        return given[0], "the window has one end only", "write from and to, or neither of them for the whole run"

    def _read(self, row: Mapping[str, str]) -> _Objection | None:
        """Object to what cannot be read, and to what then makes no sense."""
        try:
            error_of(row)
        except UnitError as error:
            return ERROR, error.what, error.cure
        try:
            observed = read_row(row)
        except UnitError as error:
            return "value", error.what, error.cure
        except ValidationError as error:
            return _worded(error)
        return self._figure(observed) or self._value(observed, row) or self._once(observed, row)

    def _figure(self, observed: Observed) -> _Objection | None:
        """Object to a metric that the part does not have, and to a window outside the run."""
        for complaint in subject_complaints({}, {"slo": (observed.level,)}, self.subjects):
            return "metric", complaint.objection.what, "ask for another metric; jukinet explain metrics lists them"
        asked = [((), observed.level)] if observed.level.window is not None else []
        for complaint in window_complaints(asked, self.run):
            return str(complaint.objection.path[-1]), complaint.objection.what, complaint.objection.cure
        return None

    def _value(self, observed: Observed, row: Mapping[str, str]) -> _Objection | None:
        """Object to values that cannot be, and to standard errors that are missing."""
        if observed.metric.name in _AT_MOST_ALL and observed.value > 1.0:
            cure = 'write a fraction from 0 to 1, or a percentage such as "63 %"'
            return "value", f"{row['value']} is more than all there is", cure
        if observed.error == 0.0:
            return ERROR, "a standard error of 0 would outweigh all others", "write how far off the value may be"
        if self.rows and (ERROR in self.rows[0]) is not (ERROR in row):
            return ERROR, "only some rows have a standard error", "give one in every row, or in none"
        if observed.error is None and observed.value == 0.0:
            cure = f'add a column "{ERROR}" with standard errors, or delete the line'
            return "value", "0 was observed, of which no fraction is an error", cure
        return None

    def _once(self, observed: Observed, row: Mapping[str, str]) -> _Objection | None:
        """Object to a figure that stands there twice."""
        first = self._seen.get(observed.level.key)
        self._seen[observed.level.key] = row["value"]
        if first is None:
            return None
        return "name", f"{observed.what} stands on an earlier line, as {first}", "keep one of the two"


def _worded(error: ValidationError) -> _Objection:
    """Return the first thing that the model of a figure refuses, at the column that says it."""
    first = error.errors()[0]
    raised = first.get("ctx", {}).get("error")
    said = [*map(str, first["loc"]), *(map(str, raised.at) if isinstance(raised, SpecError) else ())]
    columns = {"begins": "from", "from": "from", "window": "from", "ends": "to", "to": "to", "below": "value"}
    column = next((columns[part] for part in reversed(said) if part in columns), "metric")
    if not isinstance(raised, SpecError):
        return column, str(first["msg"]), "correct the line"
    return column, raised.what, raised.cure


def observed_of(rows: Sequence[Mapping[str, str]]) -> tuple[Observed, ...]:
    """Return rows that were found right as figures."""
    return tuple(map(read_row, rows))
