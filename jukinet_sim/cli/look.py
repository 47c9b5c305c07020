"""`show`: a stored run, printed again without running anything."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import OK

Run = Annotated[
    str | None,
    typer.Argument(
        metavar="[RUN]", help="A run folder, the beginning of its hash, or a scenario's name; the latest run when left out.",
        show_default=False,
    ),
]  # fmt: skip


def show(
    run: Run = None,
    out: O.Out = None,
    everything: O.Everything = False,
    places: O.Places = False,
    as_json: O.Json = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Print a stored run again; the latest one when none is named."""
    from jukinet_sim.cli.run import show_document
    from jukinet_sim.experiments.runs import RUNS, find_run, read_document

    folder = find_run(run, Path(out) if out else RUNS)
    document = read_document(folder, places=places)
    show_document(document, folder, as_json=as_json, everything=everything, language=lang)
    return OK
