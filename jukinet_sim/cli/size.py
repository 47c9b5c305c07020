"""`size`: how many, until when, and what is cheapest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from jukinet_sim.cli import experiments as X
from jukinet_sim.cli import options as O
from jukinet_sim.cli.answers import present, tables_of
from jukinet_sim.cli.boundary import CHECK_FAILED, OK

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    from jukinet_sim.experiments.experiment import Request
    from jukinet_sim.experiments.verbs.size.size import VERB, carry_out, check_request
    from jukinet_sim.experiments.verbs.size.slack import volume_of

    costs, cost_by = _costs(cost or ())
    options = {
        "vary": list(vary or ()), "costs": costs, "cost_by": cost_by, "worth": worth, "growth": _per_year(growth),
        "growth_key": growth_key, "slack": slack, "confidence": _share("--confidence", confidence), "most": most,
        "every": every,
    }  # fmt: skip
    check_request(options)
    scenario = O.load_scenario(file, override, sets, seed=seed, engine=engine)
    if growth_key is not None:
        volume_of(scenario.scenario, growth_key)
    done = X.carry_out(
        Request(VERB, options), [scenario], carry_out, jobs=jobs, on=on, out=out, fresh=fresh, quiet=quiet, names=[file]
    )
    code = present(done, tables_of(lang), as_json=as_json, quiet=quiet)
    return CHECK_FAILED if code == OK and done.document is not None and _unmet(done.document) else code


def _unmet(document: Mapping[str, Any]) -> bool:
    """Whether no value meets the service levels."""
    if document["keys"]:
        return document["answer"] is None
    return document["growth"] is not None and document["growth"]["factor"] is None


def _costs(texts: list[str] | tuple[()]) -> tuple[dict[str, float], str | None]:
    """Return the cost of one unit by key, or the measure that tells it. Raises UsageError."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.base.units import UnitError, parse_number

    costs: dict[str, float] = {}
    for text in texts:
        key, equals, value = text.rpartition("=")
        if not equals:
            if len(texts) > 1:
                raise UsageError(f"--cost {text}: a measure tells the whole cost; give it alone, or KEY=YEN for each key")
            return {}, text
        try:
            costs[key.strip()] = parse_number(value)
        except UnitError as error:
            raise UsageError(f"--cost {text}: {error.what}; {error.cure}") from None
    return costs, None


def _share(option: str, text: str) -> float:
    """Return a share between 0 and 1, both excluded. Raises UsageError."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.base.units import UnitError, parse_fraction

    try:
        share = parse_fraction(text)
    except UnitError as error:
        raise UsageError(f"{option}: {error.what}; {error.cure}") from None
    if not 0.0 < share < 1.0:
        raise UsageError(f'{option}: {text} is no confidence; write a share between 0 and 1, such as "95 %"')
    return share


def _per_year(text: str | None) -> float | None:
    """Return the growth of a year as a share of the year before. Raises UsageError."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.base.units import UnitError, parse_fraction

    if text is None:
        return None
    share, slash, year = text.partition("/")
    cure = "write such as 21.7%/year"
    if not slash or year.strip() not in ("year", "y"):
        raise UsageError(f"--growth: {text} does not say in which time; {cure}")
    try:
        found = parse_fraction(share.strip())
    except UnitError as error:
        raise UsageError(f"--growth: {error.what}; {cure}") from None
    if not found > 0.0:
        raise UsageError(f"--growth: {text} never grows; {cure}")
    return found
