"""Two stored runs beside each other: how their scenarios differ, and their figures, by the command in a process of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.report.compare_table import compare_tables
from jukinet_sim.report.diff_table import EQUAL, diff_document
from jukinet_sim.report.page.blocks import Block, Line, blocks, grid
from jukinet_sim.report.page.texts import say, text
from jukinet_sim.results.files import read_json
from jukinet_sim.results.store import MANIFEST, count_finished
from jukinet_sim.scenario.difference import differences
from jukinet_sim.scenario.keep import SCENARIO
from jukinet_sim.scenario.load import load
from jukinet_sim.serve.reports import folder_of

_AT_MOST_S = 120.0


def differing(out: Path, names: list[str]) -> list[Block]:
    """Return how the scenarios of two runs differ, as `jukinet diff` prints it. Raises UsageError and ScenarioError."""
    files = [folder_of(out, name) / SCENARIO for name in names]
    if not all(file.is_file() for file in files):
        raise UsageError("experiments are not compared; choose two runs")
    a, b = (load(file) for file in files)
    found = [one for one in differences(a, b) if not one.in_name_only]
    if not found:
        return [Line(text(EQUAL))]
    rows = [(one["key"], *(_written(one[side]) for side in "ab")) for one in diff_document({}, {}, found)["differences"]]
    return [grid([say("serve.key"), *map(text, names)], rows, left=3)]


def _written(side: dict[str, Any] | None) -> str:
    """Return what a scenario has at a key, as it is written there."""
    return "" if side is None else str(side["text"])


async def compared(out: Path, names: list[str]) -> list[Block]:
    """Return the comparison of two runs over the replications that both have, as tables and lines. Raises UsageError."""
    folders = [folder_of(out, name) for name in names]
    if any(not (folder / MANIFEST).is_file() for folder in folders):
        raise UsageError("experiments are not compared; choose two runs")
    number = min(count_finished(folder) for folder in folders)
    seeds = {(read_json(folder / MANIFEST) or {}).get("seed") for folder in folders}
    if number < 2 or len(seeds) > 1:
        raise UsageError("only runs with the same seed are compared, over two replications or more that both have")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jukinet_sim", "compare", *map(str, folders), "--replications", str(number), "--json", "--quiet",
        "--jobs", "1", "--out", str(out),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        printed, said = await asyncio.wait_for(process.communicate(), _AT_MOST_S)
    except TimeoutError:
        raise UsageError(f"comparing them takes longer than {_AT_MOST_S:.0f} s; use jukinet compare") from None
    finally:
        # Nobody waits for it any more, be it that it takes too long or that the server ends.
        if process.returncode is None:
            process.kill()
    if not printed:
        raise UsageError(said.decode("utf-8", "replace").partition("\n")[0] or "they cannot be compared")
    document = json.loads(printed)
    document["scenarios"] = names
    return blocks(lambda words: compare_tables(document, words))
