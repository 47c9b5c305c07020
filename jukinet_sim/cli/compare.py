"""`compare`: which is better, with the same random numbers in all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from jukinet_sim.cli import experiments as X
from jukinet_sim.cli import options as O
from jukinet_sim.cli.answers import present, tables_of
from jukinet_sim.cli.complete import scenarios_or_runs

if TYPE_CHECKING:
    from jukinet_sim.scenario.loaded import Loaded

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="A [B...]", help="Scenario files, or stored runs; all are compared with the first.", show_default=False,
        autocompletion=scenarios_or_runs,
    ),
]  # fmt: skip
With = Annotated[
    list[str] | None,
    typer.Option(
        "--with", metavar="'KEY=VALUE ...'", show_default=False,
        help="Compare A with itself under these settings, or an override of it by name, several in one text for one scenario; "
        "may be repeated for more.",
    ),
]  # fmt: skip


def compare(
    files: Files,
    variants: With = None,
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
    """Compare scenarios, or a scenario with variants of itself: paired differences with intervals that hold together."""
    from pathlib import Path

    from jukinet_sim.experiments.listing import scenario_of
    from jukinet_sim.experiments.stored import RUNS
    from jukinet_sim.experiments.verbs.compare import ask, carry_out, variant_of

    def load(name: str, more: Sequence[str]) -> Loaded:
        file, laid = scenario_of(name, Path(out) if out else RUNS), [*(sets or ()), *more]
        return O.load_scenario(file, override, laid, seed=seed, replications=replications, engine=engine)

    question = ask(
        files, load, variants=[variant_of(text) for text in variants or ()], metrics=metric or (), precision=precision
    )
    done = X.answer(question, carry_out, jobs=jobs, on=on, out=out, fresh=fresh, quiet=quiet)
    return present(done, tables_of(lang), as_json=as_json, quiet=quiet)
