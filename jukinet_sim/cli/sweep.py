"""`sweep`: a scenario at many points, as a tidy table."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from jukinet_sim.cli import experiments as X
from jukinet_sim.cli import options as O
from jukinet_sim.cli.answers import present, tables_of

if TYPE_CHECKING:
    from jukinet_sim.scenario.loaded import Loaded


class Design(StrEnum):
    """How points are chosen."""

    grid = "grid"
    zip = "zip"
    lhs = "lhs"
    sobol = "sobol"


Chosen = Annotated[
    Design,
    typer.Option(
        help="grid: every combination; zip: the first values of all, then the second ones; lhs: a Latin hypercube; sobol: a "
        "Sobol sequence."
    ),
]
Points = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", help="How many points lhs and sobol have; for grid and zip, the levels of a range without a step.",
        show_default=False,
    ),
]  # fmt: skip


def sweep(
    file: O.File,
    vary: X.Vary = None,
    design: Chosen = Design.grid,
    points: Points = None,
    metric: X.Metric = None,
    sets: O.Sets = None,
    override: O.Overrides = None,
    seed: O.Seed = None,
    replications: O.Replications = None,
    precision: O.Precision = None,
    engine: O.Engine = None,
    jobs: O.Jobs = None,
    on: O.On = None,
    out: O.Out = None,
    fresh: O.Fresh = False,
    as_json: O.Json = False,
    quiet: O.Quiet = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Run a scenario at many values of its keys, or with several overrides or files, and show a row for each."""
    from jukinet_sim.experiments.verbs.sweep import ask, carry_out

    def load(name: str, more: Sequence[str]) -> Loaded:
        laid = [*(sets or ()), *more]
        return O.load_scenario(name, override, laid, seed=seed, replications=replications, engine=engine)

    question = ask(
        file, load, vary=vary or (), design=design.value, points=points, metrics=metric or (), precision=precision
    )
    done = X.answer(question, carry_out, jobs=jobs, on=on, out=out, fresh=fresh, quiet=quiet)
    return present(done, tables_of(lang), as_json=as_json, quiet=quiet)
