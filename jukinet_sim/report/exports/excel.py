"""Tables to an Excel workbook: a sheet for each, headings that stay in sight, nothing that is computed when it is opened.

Numbers have sixteen digits there, which may cost them their last bit.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jukinet_sim.report.exports.safe_text import safe_text
from jukinet_sim.report.libraries import library
from jukinet_sim.report.rows import Tidy
from jukinet_sim.results.files import whole_file

MOST_ROWS = 2**20 - 1
"""Rows that a sheet takes below its headings."""
_LONGEST_SHEET, _LONGEST_CELL = 31, 32_767
_WIDEST = 48
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_excel(path: Path, tables: Mapping[str, Tidy]) -> list[str]:
    """Write a workbook; return the names of tables that were left out because they have more rows than a sheet takes.

    Raises UsageError where xlsxwriter is not installed, StoreError where the file cannot be written.
    """
    made, content = library("xlsxwriter", "export"), io.BytesIO()
    with made.Workbook(content, _OPTIONS) as book:
        heading = book.add_format({"bold": True, "bottom": 1})
        for name, table in tables.items():
            if len(table.rows) <= MOST_ROWS:
                _write_sheet(book.add_worksheet(sheet_name(name)), table, heading)
    with whole_file(path) as file:
        file.write(content.getbuffer())
    return [name for name, table in tables.items() if len(table.rows) > MOST_ROWS]


def sheet_name(table: str) -> str:
    """Return the name of the sheet that a table is on; a sheet's name is shorter than some of ours."""
    return table.replace("_by_replication", " each").replace("_", " ")[:_LONGEST_SHEET]


def _write_sheet(sheet: Any, table: Tidy, heading: Any) -> None:
    sheet.freeze_panes(1, 1)
    for column, (name, kind) in enumerate(table.columns.items()):
        sheet.write_string(0, column, safe_text(name), heading)
        values, longest = table.values(name), len(name)
        for row, value in enumerate(values, start=1):
            if value is None:
                continue
            if kind == "text":
                text = safe_text(value)[:_LONGEST_CELL]
                longest = max(longest, len(text))
                sheet.write_string(row, column, text)
            elif kind == "truth":
                sheet.write_boolean(row, column, value)
            else:
                sheet.write_number(row, column, value)
        sheet.set_column(column, column, min(longest + 2, _WIDEST))
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
