"""Texts for cells of a table that a spreadsheet opens: none of them is taken for a formula, none acts on a terminal.

A text that begins as a formula does gets an apostrophe before it, which makes spreadsheets take it as it stands (OWASP, CSV
injection).
"""

from __future__ import annotations

from jukinet_sim.base.harmless import one_line

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_text(text: str) -> str:
    """Return a text for a cell; control, invisible and right-to-left marks in it are written as escapes."""
    shown = one_line(text)
    return f"'{shown}" if text.startswith(_BEGINS_A_FORMULA) else shown
