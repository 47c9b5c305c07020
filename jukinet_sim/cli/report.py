"""`report`: a stored run or experiment as one page that opens in any browser, without the network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import OK, say
from jukinet_sim.cli.look import Run

PAGE = "report.html"
"""The file in a run's own folder to which its page is written when no other is named."""

PageOut = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help="The file; report.html in the run folder when left out.", show_default=False),
]
Open = Annotated[bool, typer.Option("--open", help="Open it in the browser.")]


def report(
    run: Run = None,
    out: PageOut = None,
    lang: O.Lang = O.Language.en,
    open_it: Open = False,
    runs: O.RunsAt = None,
    quiet: O.Quiet = False,
) -> int:
    """Write a stored run as one page in both languages, with charts and tables; the latest run when none is named."""
    from jukinet_sim.experiments.listing import find
    from jukinet_sim.experiments.stored import RUNS
    from jukinet_sim.report.page.write import write_report

    folder = find(run, Path(runs) if runs else RUNS)
    target = Path(out) if out else folder / PAGE
    write_report(folder, target, lang)
    if open_it:
        typer.launch(target.resolve().as_uri())
    if not quiet:
        say("written; it opens in any browser, without the network")
    print(target)
    return OK
