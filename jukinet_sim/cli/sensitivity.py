"""`sensitivity`: which assumption decides an output, so that it is measured first."""

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

REPLICATIONS = 2
"""With two of them, and no fewer, chance can be told from the ranges."""


class Method(StrEnum):
    """How parameters are moved."""

    morris = "morris"
    sobol = "sobol"
    tornado = "tornado"


class Groups(StrEnum):
    """How parameters are screened."""

    topic = "topic"
    none = "none"


Output = Annotated[
    str | None,
    typer.Option(
        metavar="NAME", show_default=False,
        help='The figure that is asked about, such as "query sojourn.p99" or the name of a measure. Left out: the first '
        "service level or measure that any parameter moves.",
    ),
]  # fmt: skip
How = Annotated[
    Method,
    typer.Option(
        help="morris: mean effects over the ranges; sobol: shares of the variance, after a Morris screening where more than 8 "
        "are varied; tornado: one parameter at a time to either end."
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only", metavar="PATTERN", show_default=False,
        help="Vary only assumed figures with such keys: a key, the beginning of one, or with *; may be repeated.",
    ),
]  # fmt: skip
Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary", metavar="KEY=LO..HI", show_default=False,
        help="Vary this key as well, or an assumed figure within this range; *log behind it for a range sampled by logarithm; "
        "may be repeated.",
    ),
]  # fmt: skip
Grouped = Annotated[
    Groups | None,
    typer.Option(
        help="topic: screen parameters together that share the first two words of their keys, then those in groups that "
        "matter; none: each one by itself. Left out: topic for more than 20 parameters.",
        show_default=False,
    ),
]  # fmt: skip
Trajectories = Annotated[int, typer.Option(metavar="N", help="How often Morris screening moves each parameter.")]
Rows = Annotated[
    int, typer.Option(metavar="N", help="Rows of the Sobol design, a power of two: so many times (parameters + 2) points.")
]
Every = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", show_default=False,
        help="Run points on a nation of one municipality in N; when left out in 20, or in fewer so that 50 are left.",
    ),
]  # fmt: skip
Replications = Annotated[
    int, typer.Option(min=1, metavar="N", help="Replications of each point, the same random numbers at all points.")
]


def sensitivity(
    file: O.File,
    output: Output = None,
    method: How = Method.morris,
    only: Only = None,
    vary: Vary = None,
    groups: Grouped = None,
    trajectories: Trajectories = 10,
    rows: Rows = 64,
    every: Every = None,
    replications: Replications = REPLICATIONS,
    sets: O.Sets = None,
    override: O.Overrides = None,
    seed: O.Seed = None,
    engine: O.Engine = None,
    jobs: O.Jobs = None,
    on: O.On = None,
    out: O.Out = None,
    fresh: O.Fresh = False,
    as_json: O.Json = False,
    quiet: O.Quiet = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Vary the assumed figures of a scenario over their ranges, and say which one to measure first."""
    from jukinet_sim.experiments.verbs.sensitivity.carry import carry_out
    from jukinet_sim.experiments.verbs.sensitivity.question import ask

    def load(name: str, more: Sequence[str]) -> Loaded:
        return O.load_scenario(name, override, [*(sets or ()), *more], seed=seed, engine=engine)

    question = ask(
        file, load, output=output, method=method.value, only=only or (), vary=vary or (),
        groups=None if groups is None else groups.value, trajectories=trajectories, rows=rows, every=every,
        replications=replications,
    )  # fmt: skip
    done = X.answer(question, carry_out, jobs=jobs, on=on, out=out, fresh=fresh, quiet=quiet)
    return present(done, tables_of(lang), as_json=as_json, quiet=quiet)
