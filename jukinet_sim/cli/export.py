"""`export`: a stored run or experiment to files that spreadsheets, data frames and trace viewers open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import OK, say
from jukinet_sim.cli.look import Run

EXPORTS = "exports"
"""The folder below a run's own in which exports are written when no other is named."""

To = Annotated[
    str,
    typer.Option(metavar="FORMATS", help="csv, parquet, xlsx, json, perfetto, png, svg; several separated by commas."),
]
ExportOut = Annotated[
    str | None,
    typer.Option(
        "--out", metavar="DIR", help="Where files are written; exports/ in the run folder when left out.", show_default=False
    ),
]
OneReplication = Annotated[
    int | None,
    typer.Option(
        "--replication", min=0, metavar="N", show_default=False,
        help="Write visits of this replication only, counted from 0; of all that are kept when left out.",
    ),
]  # fmt: skip


def export(
    run: Run = None,
    to: To = "csv",
    out: ExportOut = None,
    replication: OneReplication = None,
    lang: O.Lang = O.Language.en,
    runs: O.RunsAt = None,
    quiet: O.Quiet = False,
) -> int:
    """Write a stored run as tables, pictures or a trace of its visits, the latest run when none is named."""
    from jukinet_sim.experiments.listing import find
    from jukinet_sim.experiments.stored import RUNS
    from jukinet_sim.report.exports.formats import Job, read_formats, write_exports
    from jukinet_sim.report.exports.run_folder import read_exported

    formats = read_formats(to)
    folder = find(run, Path(runs) if runs else RUNS)
    target = Path(out) if out else folder / EXPORTS
    written = write_exports(Job(read_exported(folder), target, replication, lang), formats)
    for line in written.left_out:
        say(f"left out: {line}")
    if not quiet:
        say(f"{len(written.files)} file{'s' if len(written.files) != 1 else ''} written")
        for path in written.files[:1] if len(written.files) == 1 else [target]:
            print(path)
    return OK
