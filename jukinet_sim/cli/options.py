"""The options that several verbs share, and the one way in which they become a loaded scenario."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from jukinet_sim.cli.complete import scenarios

if TYPE_CHECKING:
    from jukinet_sim.scenario.loaded import Loaded


class EngineChoice(StrEnum):
    """Names an engine may be chosen by."""

    auto = "auto"
    fast = "fast"
    reference = "reference"


class Language(StrEnum):
    """Languages of tables and of what stands around them."""

    en = "en"
    ja = "ja"


File = Annotated[
    str, typer.Argument(metavar="FILE", help="Scenario file.", show_default=False, autocompletion=scenarios)
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change one key, such as run.seed=2; may be repeated.", show_default=False
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--override", metavar="NAME", help="Apply a named override of the scenario, or an override file; may be repeated.",
        show_default=False,
    ),
]  # fmt: skip
Seed = Annotated[int | None, typer.Option(min=0, metavar="N", help="Seed of every draw.", show_default=False)]
Replications = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="Independent repetitions.", show_default=False)
]
Precision = Annotated[
    str | None,
    typer.Option(
        metavar="2%", help="Add replications, up to 1,000, until every figure that is judged or shown is known so well.",
        show_default=False,
    ),
]  # fmt: skip
Engine = Annotated[
    EngineChoice | None, typer.Option(help="Which engine; results are the same bits.", show_default=False)
]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Processes at a time; as many as cores, if left out.", show_default=False),
]
On = Annotated[
    str | None,
    typer.Option(
        "--on", metavar="ADDRESS", help="Run replications on the workers of a Dask scheduler, such as tcp://127.0.0.1:8786.",
        show_default=False,
    ),
]  # fmt: skip
Out = Annotated[
    str | None, typer.Option(metavar="DIR", help="Where run folders are kept; runs/ when left out.", show_default=False)
]
RunsAt = Annotated[
    str | None,
    typer.Option("--runs", metavar="DIR", help="Where run folders are kept; runs/ when left out.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result document on stdout, everything else on stderr.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing about progress.")]
Places = Annotated[bool, typer.Option("--places", help="Report each single place of a station group as well.")]
Worst = Annotated[
    list[str] | None,
    typer.Option(
        "--worst", metavar="STATION:METRIC", show_default=False,
        help="Show the worst places of a station or pool by a figure such as wait_s.max, utilisation when left out; may be "
        "repeated.",
    ),
]  # fmt: skip
Top = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="How many places --worst (10) or --by (5) show.", show_default=False),
]
By = Annotated[
    str | None,
    typer.Option(
        metavar="LEVEL", help="Sum up the stations of each place of a level, such as prefecture, and of the places in it.",
        show_default=False,
    ),
]  # fmt: skip
Limits = Annotated[
    bool, typer.Option("--limits", help="Rank the stations by their busiest hour: what gives way first, where and when.")
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Compute anew even where results are kept.")]
Lang = Annotated[Language, typer.Option(help="Language of what is printed.")]
Everything = Annotated[bool, typer.Option("--all", help="Show every row.")]


def load_scenario(
    file: str,
    overrides: list[str] | None = None,
    sets: list[str] | None = None,
    *,
    seed: int | None = None,
    replications: int | None = None,
    engine: EngineChoice | None = None,
) -> Loaded:
    """Load a scenario with everything the command line lays over it; later options win over `--set`.

    Raises ScenarioError with every fault.
    """
    from jukinet_sim.scenario.laid import laid

    return laid(file, overrides or (), sets or (), seed=seed, replications=replications, engine=engine)
