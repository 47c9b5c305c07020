"""A policy file to rows: an algorithm with its parameters, a use, an authority, from when to when it has which status."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jukinet_sim.base.errors import Fault, Position, ScenarioError
from jukinet_sim.base.regular_files import read_regular
from jukinet_sim.base.suggest import one_of

COLUMNS = ("authority", "algorithm", "parameters", "use", "from", "to", "status", "source")
USES = ("sign", "verify", "encrypt", "decrypt", "exchange")
STATUSES = ("acceptable", "deprecated", "legacy", "not listed", "disallowed")
"""From best to worst. Deprecated: still allowed, at a risk. Legacy: only for what was made before."""
ANY = "*"
_COMPARISONS = (">=", "<")


@dataclass(frozen=True, slots=True)
class Row:
    """One statement of an authority; `first` and `last` are the days it holds on, both included, None where open."""

    authority: str
    algorithms: tuple[str, ...]
    parameters: str
    uses: tuple[str, ...]
    first: dt.date | None
    last: dt.date | None
    status: str
    source: str

    def speaks_of(self, algorithm: str, parameter: str, use: str) -> bool:
        """Tell whether the row is about this, at whatever date."""
        return (
            (ANY in self.algorithms or algorithm in self.algorithms)
            and (ANY in self.uses or use in self.uses)
            and _is_among(parameter, self.parameters)
        )

    def holds_on(self, date: dt.date) -> bool:
        """Tell whether the row holds on a day."""
        return (self.first is None or self.first <= date) and (self.last is None or date <= self.last)


def _is_among(parameter: str, wanted: str) -> bool:
    """Tell whether a parameter is one of `a|b`, any for `*`, or a number within bounds such as `>=2048 <3072`."""
    if wanted == ANY or parameter in wanted.split("|"):
        return True
    if not wanted.startswith(_COMPARISONS) or not parameter.isdigit():
        return False
    return all(
        int(parameter) >= int(bound[2:]) if bound.startswith(">=") else int(parameter) < int(bound[1:])
        for bound in wanted.split()
    )


def read_rows(path: str | Path) -> tuple[Row, ...]:
    """Return the rows of a policy file. Raises ScenarioError with every fault, OSError."""
    name = str(path)
    try:
        text = read_regular(name).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ScenarioError([Fault("this is no text", "write UTF-8", Position(name, 1, 1))]) from None
    reader = csv.reader(io.StringIO(text))
    header = next(reader, [])
    if tuple(header) != COLUMNS:
        cure = f"write {','.join(COLUMNS)}"
        raise ScenarioError([Fault("the first line does not name the columns", cure, Position(name, 1, 1))])
    rows: list[Row] = []
    faults: list[Fault] = []
    for cells in reader:
        where = Position(name, reader.line_num, 1)
        found = [Fault(what, cure, where) for what, cure in _faults(cells)]
        faults += found
        if not found and cells:
            rows.append(_row(dict(zip(COLUMNS, cells, strict=True))))
    if faults:
        raise ScenarioError(faults)
    return tuple(rows)


def _row(cells: dict[str, str]) -> Row:
    return Row(
        cells["authority"], tuple(cells["algorithm"].split("|")), cells["parameters"], tuple(cells["use"].split("|")),
        _date(cells["from"]), _date(cells["to"]), cells["status"], cells["source"],
    )  # fmt: skip


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _faults(cells: list[str]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a line and its cure."""
    if not cells:
        return
    if len(cells) != len(COLUMNS):
        yield f"there are {len(cells)} columns", f"write {len(COLUMNS)}: {','.join(COLUMNS)}"
        return
    row = dict(zip(COLUMNS, cells, strict=True))
    for column in ("authority", "algorithm", "parameters", "source"):
        if not row[column].strip():
            yield f"{column} is empty", "say it" if column == "source" else "name it"
    for use in row["use"].split("|"):
        if use not in (*USES, ANY):
            yield f'there is no use "{use}"', one_of(use, USES, "")
    if row["status"] not in STATUSES:
        yield f'there is no status "{row["status"]}"', one_of(row["status"], STATUSES, "")
    for bound in row["parameters"].split() if row["parameters"].startswith(_COMPARISONS) else ():
        if not bound.lstrip("><=").isdigit() or not bound.startswith(_COMPARISONS):
            yield f'"{bound}" is no bound', 'write one such as ">=2048" or "<3072"'
    yield from _date_faults(row)


def _date_faults(row: dict[str, str]) -> Iterator[tuple[str, str]]:
    dates = []
    for column in ("from", "to"):
        try:
            dates.append(_date(row[column]))
        except ValueError:
            yield f'"{row[column]}" is no date', "write one such as 2014-01-01, or leave it empty"
            return
    if dates[0] is not None and dates[1] is not None and dates[1] < dates[0]:
        yield f"it ends on {dates[1]}, before it begins on {dates[0]}", "write the later date in the column to"
