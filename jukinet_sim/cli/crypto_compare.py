"""`crypto compare`: a scenario under several cipher suites, with the same random numbers in all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from jukinet_sim.cli import experiments as X
from jukinet_sim.cli import options as O
from jukinet_sim.cli.answers import present, tables_of
from jukinet_sim.cli.complete import suites as suite_names

if TYPE_CHECKING:
    from jukinet_sim.scenario.loaded import Loaded

Suites = Annotated[
    str,
    typer.Option(
        "--suites", metavar="A,B,...", help="Suites by name or alias; all are compared with the first.",
        autocompletion=suite_names,
    ),
]  # fmt: skip


def compare(
    file: O.File,
    suites: Suites = "today,target",
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
    """Compare a scenario under cipher suites: latency, load of every tier and module, bytes, what policies say of each."""
    from jukinet_sim.experiments.verbs.suites import ask, carry_out

    def load(name: str, more: Sequence[str]) -> Loaded:
        laid = [*(sets or ()), *more]
        return O.load_scenario(name, override, laid, seed=seed, replications=replications, engine=engine)

    question = ask(file, load, suites=suites, metrics=metric or (), precision=precision)
    done = X.answer(question, carry_out, jobs=jobs, on=on, out=out, fresh=fresh, quiet=quiet)
    return present(done, tables_of(lang), as_json=as_json, quiet=quiet)
