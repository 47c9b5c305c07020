"""`serve`: a local web application for scenarios and runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import OK, say

Root = Annotated[
    str, typer.Argument(metavar="[FOLDER]", help="The folder whose scenarios are served.", show_default="the current one")
]
Host = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Where it listens; any but this machine's own loopback asks for a token.")
]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Which port it listens at; 0 for one that is free.")]
Token = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="What a visitor has to know; made and printed where one is needed.", show_default=False),
]
Open = Annotated[bool, typer.Option("--open", help="Open it in the browser.")]


def serve(
    folder: Root = ".",
    host: Host = "127.0.0.1",
    port: Port = 8765,
    token: Token = None,
    out: O.Out = None,
    open_it: Open = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Serve scenarios and runs as a local web application: edit, validate as you type, run, watch, open reports."""
    from jukinet_sim.experiments.stored import RUNS
    from jukinet_sim.report.libraries import library

    library("starlette", "serve")
    library("uvicorn", "serve")
    library("markdown_it", "serve", "markdown-it-py")
    from jukinet_sim.serve.server import listen

    def told(address: str) -> None:
        print(address, flush=True)
        say("serving; Ctrl-C ends it, and what is finished of runs is kept")
        if open_it:
            typer.launch(address)

    listen(Path(folder), Path(out) if out else RUNS, host=host, port=port, token=token, language=lang, tell=told)
    return OK
