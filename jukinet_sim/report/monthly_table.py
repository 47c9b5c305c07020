"""The table by months of a result document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jukinet_sim.report.numbers import UNDEFINED, plain
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.words import Words

_HUNDRED = 100.0


def monthly_table(found: Mapping[str, Any], words: Words) -> Table:
    """Return one line for each month, and a column for each that the scenario asks for."""
    columns = found["columns"]
    heads = (f"{name} {_unit(column['unit'])}".rstrip() for name, column in columns.items())
    cells = [[_cell(value, column["unit"]) for value in column["values"]] for column in columns.values()]
    rows = [(month, *(column[i] for column in cells)) for i, month in enumerate(found["months"])]
    made = table((words("month"), *heads), rows)
    made.collapse_padding = True
    return made


def _unit(unit: str) -> str:
    return "%" if unit == "fraction" else unit


def _cell(value: float | None, unit: str) -> str:
    if value is None:
        return UNDEFINED
    return plain(value * _HUNDRED if unit == "fraction" else value)
