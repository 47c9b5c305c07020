"""`init`: a folder with a scenario of one's own, ready to run."""

from __future__ import annotations

import shlex
from typing import Annotated

import typer

DEFAULT_FOLDER = "my-nation"
FIRST_YEAR, LAST_YEAR = 2003, 2050
"""The network went into full operation in August 2003; holidays beyond the other end are not known."""

Folder = Annotated[str, typer.Argument(metavar="[DIR]", help="Folder to write; it must be new or empty.")]
List = Annotated[
    str | None,
    typer.Option("--municipalities", metavar="FILE", help="Your list of municipalities; an example if left out."),
]
Rows = Annotated[
    str | None,
    typer.Option("--provisions", metavar="FILE", help="Your rows of records to agencies; the report's if left out."),
]
Year = Annotated[
    int | None,
    typer.Option(
        min=FIRST_YEAR, max=LAST_YEAR, metavar="YYYY",
        help="Whole fiscal year, from April; April to December 2012 if left out.",
    ),
]  # fmt: skip


def init(folder: Folder = DEFAULT_FOLDER, municipalities: List = None, provisions: Rows = None, year: Year = None) -> int:
    """Write a folder with a scenario of your own, ready to run, from your list of municipalities or an example."""
    import datetime as dt
    import os
    from pathlib import Path

    from jukinet_sim.calendar import fiscal_year
    from jukinet_sim.juki_net.starter import SCENARIO, prepare, scenario_name, write_folder

    period = None if year is None else fiscal_year(dt.date(year, 4, 1))
    starter = prepare(municipalities, provisions, period)
    path = Path(folder)
    contents = starter.files(scenario_name(Path(os.path.abspath(path))))
    write_folder(path, contents)
    scenario = shlex.quote(str(path / SCENARIO))
    print(f"{path} holds {', '.join(sorted(contents))}: {starter.summary()}")
    print(f"Try next:\n  jukinet validate {scenario}\n  jukinet run {scenario}")
    return 0
