"""`size`: how many, until when, and what is cheapest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jukinet_sim.cli import experiments as X
from jukinet_sim.cli import options as O
from jukinet_sim.cli.answers import present, tables_of
from jukinet_sim.cli.boundary import CHECK_FAILED, OK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jukinet_sim.scenario.loaded import Loaded

Cost = Annotated[
    list[str] | None,
    typer.Option(
        "--cost", metavar="KEY=YEN", show_default=False,
        help="What one unit of a key costs; repeated for several keys, and the cheapest combination is looked for. Or the name "
        "of a measure that says what a run costs, with --worth.",
    ),
]  # fmt: skip
Worth = Annotated[
    float | None,
    typer.Option(min=0, metavar="YEN", help="Which difference of a measured cost is worth telling.", show_default=False),
]
Growth = Annotated[
    str | None,
    typer.Option(metavar="SHARE/year", help="How traffic grows, such as 21.7%/year; says until when.", show_default=False),
]
GrowthKey = Annotated[
    str | None,
    typer.Option(metavar="KEY", help="What grows; all traffic when left out.", show_default=False),
]
Confidence = Annotated[str, typer.Option(metavar="SHARE", help="How surely nothing is misjudged.")]
Most = Annotated[int, typer.Option(min=5, metavar="N", help="Most replications of one value.")]
Every = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N", show_default=False,
        help="Of a nation, search one municipality in N first and confirm on the whole; 1 for none. Left out: long runs only.",
    ),
]  # fmt: skip
Assumptions = Annotated[
    int | None,
    typer.Option(
        min=2, max=1000, metavar="N", show_default=False,
        help="Then draw all figures that have a range from it, N times, and say how far that moves the answer.",
    ),
]  # fmt: skip
Slack = Annotated[bool, typer.Option("--slack/--no-slack", help="Whether to look how much growth the answer carries.")]


def size(
    file: O.File,
    vary: X.Vary = None,
    cost: Cost = None,
    worth: Worth = None,
    growth: Growth = None,
    growth_key: GrowthKey = None,
    slack: Slack = True,
    confidence: Confidence = "95 %",
    most: Most = 100,
    every: Every = None,
    assumptions: Assumptions = None,
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
    """Find the smallest value, or the cheapest values, that meet every service level, and how much growth they carry.

    Without --vary: how much growth the scenario carries as it is. Exit code 3 where no value meets them.
    """
    from jukinet_sim.experiments.verbs.size.question import ask
    from jukinet_sim.experiments.verbs.size.size import carry_out

    def load(name: str, more: Sequence[str]) -> Loaded:
        return O.load_scenario(name, override, [*(sets or ()), *more], seed=seed, engine=engine)

    question = ask(
        file, load, vary=vary or (), cost=cost or (), worth=worth, growth=growth, growth_key=growth_key, slack=slack,
        confidence=confidence, most=most, every=every, assumptions=assumptions,
    )  # fmt: skip
    done = X.answer(question, carry_out, jobs=jobs, on=on, out=out, fresh=fresh, quiet=quiet)
    code = present(done, tables_of(lang), as_json=as_json, quiet=quiet)
    return CHECK_FAILED if code == OK and done.document is not None and _unmet(done.document) else code


def _unmet(document: Mapping[str, Any]) -> bool:
    """Whether no value meets the service levels."""
    if document["keys"]:
        return document["answer"] is None
    return document["growth"] is not None and document["growth"]["factor"] is None
