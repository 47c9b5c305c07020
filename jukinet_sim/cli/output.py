"""A finished run to what is printed: its document or its tables, what limited it, and what to try next."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from jukinet_sim.cli.boundary import LIMIT, OK, SLO_MISSED, Ended, say, worst

if TYPE_CHECKING:
    from jukinet_sim.experiments.runs import StoredRun
    from jukinet_sim.results.shape import Document


def present(stored: StoredRun, *, as_json: bool, hint: str, language: str) -> int:
    """Print the outcome of a run, and what to try next where a hint is given; return the exit code."""
    from jukinet_sim.results.damage import reading
    from jukinet_sim.results.rows import FOLDER, GUIDE_FILE

    code = how_it_ended(stored)
    if stored.document is None:
        say(f"error: no replication was finished{f': {stored.limit}' if stored.limit else ''}")
        return code
    if any(level["met"] is False for level in stored.document["slo"]):
        code = worst(code, SLO_MISSED)
    with reading(stored.folder, asked=True) if stored.reused else nullcontext():
        show_document(stored.document, stored.folder, as_json=as_json, everything=False, language=language)
    if stored.limit:
        say(f"limit: {stored.limit}")
    if hint:
        if (stored.folder / FOLDER).is_dir():
            say(f"every visit is a row in {stored.folder / FOLDER}, a file for each replication; see {GUIDE_FILE} there")
        say(
            f"kept in {stored.folder}"
            + (f"; next: {hint}, or jukinet show {call_it(stored.folder)} --all" if code == OK else "")
        )
    return code


def how_it_ended(stored: StoredRun) -> int:
    """Return the exit code of a run as far as it got: interrupted, at a limit, with jobs that wait for ever, or well."""
    code = worst(OK, 128 + stored.interrupted if stored.interrupted else OK, LIMIT if stored.limit else OK)
    if code == OK and stored.document is not None and "stuck" in stored.document:
        from jukinet_sim.results.stuck import in_words

        levels = " and service levels undecided" if stored.document["slo"] else ""
        return Ended(LIMIT, f"{in_words(stored.document['stuck'])}; results are partial{levels}")
    return code


def call_it(folder: Path) -> str:
    """Return what `jukinet show` finds a run folder by: its hash where it is kept in the usual place, else its path."""
    from jukinet_sim.experiments.stored import RUNS

    return folder.name if folder.parent.parent == RUNS else str(folder)


def show_document(document: Document, folder: Path, *, as_json: bool, everything: bool, language: str) -> None:
    """Print a result document on stdout, as JSON or as tables."""
    if as_json:
        print(json.dumps(document, allow_nan=False))
        return
    from jukinet_sim.report.run_table import run_tables
    from jukinet_sim.report.terminal import show
    from jukinet_sim.report.translated import translated

    tables = run_tables(document, language, everything=everything, name=call_it(folder))
    show(translated(tables, language), sys.stdout)
