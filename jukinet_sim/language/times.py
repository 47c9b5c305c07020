"""A CSV file of arrival times to seconds, or to every fault in it by line."""

from __future__ import annotations

import csv
import math
from pathlib import Path

from jukinet_sim.base.errors import Fault, Position
from jukinet_sim.base.regular_files import read_regular

COLUMN = "time_s"


def read_times(path: Path) -> tuple[list[float], list[Fault]]:
    """Read the column `time_s`: seconds from the start of the run, at least 0 and never going back."""
    shown = str(path)
    try:
        lines = read_regular(path).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else f"cannot be read: {error.strerror}"
        return [], [Fault(f"this file of arrival times {why}", "name a UTF-8 CSV file", Position(shown, 1, 1), None)]
    rows = list(csv.reader(lines))
    header = [cell.strip() for cell in rows[0]] if rows else []
    if COLUMN not in header:
        return [], [Fault(f'there is no column "{COLUMN}"', f'write "{COLUMN}" as the first line', Position(shown, 1, 1), None)]
    at = header.index(COLUMN)
    times: list[float] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        wrong = _wrong(row[at].strip() if at < len(row) else "", times)
        if wrong is None:
            times.append(float(row[at]))
        else:
            line = lines[number - 1] if number <= len(lines) else None
            faults.append(Fault(wrong[0], wrong[1], Position(shown, number, 1), line))
    return times, faults


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
