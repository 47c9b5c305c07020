"""Read one of the tables in `data/` into rows of text; what a column means is decided by the module that asks."""

from __future__ import annotations

import csv
from importlib.resources import files


def read_table(path: str) -> tuple[dict[str, str], ...]:
    """Read a UTF-8 table such as `reported/figures.csv`, a dict per row keyed by the names in its first line."""
    text = (files("jukinet_sim.juki_net.facts") / "data" / path).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
