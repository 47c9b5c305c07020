"""What is kept in a folder of runs as a table."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from jukinet_sim.report.terminal import Table, table

if TYPE_CHECKING:
    from jukinet_sim.experiments.listing import Listed


def listing_table(lines: Sequence[Listed]) -> Table:
    """Return a row for each run and experiment; times are those of this machine."""
    columns = ("scenario", "what", "hash", "replications", "status", "written")
    return table(columns, [_row(line) for line in lines], left=3, right=4)


def _row(line: Listed) -> tuple[str, ...]:
    finished = "" if line.asked is None else f"{line.finished} of {line.asked}"
    written = time.strftime("%Y-%m-%d %H:%M", time.localtime(line.written_s))
    return line.scenario, line.verb, line.folder.name.rpartition("-")[2], finished, line.status, written
