"""A CSV file of arrival times to seconds, or to every fault in it by line."""

from __future__ import annotations

import math
from pathlib import Path

from jukinet_sim.base.errors import Fault, Position, ScenarioError
from jukinet_sim.language.csv_text import NO_COMMAS, NotCsv, lacks_commas, read_csv_text, rows_of

COLUMN = "time_s"


def read_times(path: Path) -> tuple[list[float], list[Fault]]:
    """Read the column `time_s`: seconds from the start of the run, at least 0 and never going back."""
    try:
        text = read_csv_text(path, "file of arrival times")
    except ScenarioError as error:
        return [], list(error.faults)
    reader = _Reader(str(path), text)
    try:
        reader.read()
    except NotCsv as error:
        reader.fault(error.line, error.what, error.cure)
    return reader.times, reader.faults


class _Reader:
    """One file being read: the times and the faults so far."""

    def __init__(self, file: str, text: str) -> None:
        self.times: list[float] = []
        self.faults: list[Fault] = []
        self._file, self._text = file, text

    def fault(self, line: int, what: str, cure: str) -> None:
        """Note a fault of a line."""
        lines = self._text.split("\n")
        source = lines[line - 1] if line <= len(lines) else None
        self.faults.append(Fault(what, cure, Position(self._file, line, 1), source))

    def read(self) -> None:
        """Read header and times; a file whose header is wrong is not read further."""
        rows = rows_of(self._text)
        line, header = next(rows, (1, []))
        if COLUMN not in header:
            if lacks_commas(header):
                self.fault(line, *NO_COMMAS)
            else:
                self.fault(line, f'there is no column "{COLUMN}"', f'write "{COLUMN}" as the first line')
            return
        at = header.index(COLUMN)
        for line, row in rows:
            wrong = _wrong(row[at] if at < len(row) else "", self.times)
            if wrong is None:
                self.times.append(float(row[at]))
            else:
                self.fault(line, *wrong)


def _wrong(cell: str, before: list[float]) -> tuple[str, str] | None:
    """Return what is wrong with one time, and the cure; None if nothing is."""
    try:
        time = float(cell)
    except ValueError:
        return f'"{cell[:40]}" is not a number of seconds', 'write a number such as "250.5"'
    if not (math.isfinite(time) and time >= 0.0):
        return f"{cell} is not a time from the start of the run", "write a number of at least 0"
    if before and time < before[-1]:
        return f"{cell} is earlier than the time before, {before[-1]:g}", "sort the times"
    return None


def doubts_about(times: list[float], horizon_s: float, named: str) -> list[str]:
    """Return what is legal about arrival times and probably not meant, in words: none at all, or some after the end."""
    late = sum(time > horizon_s for time in times)
    if not times:
        return [f"{named} holds no arrival times; no job of its flow ever arrives"]
    if late:
        return [f"{late:,} of {len(times):,} arrival times in {named} lie after the end of the run; their jobs never arrive"]
    return []
