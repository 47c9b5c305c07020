"""What the verbs of experiments have in common: their options, and how they are carried out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from jukinet_sim.experiments.experiment import Carrier, Experiment, Request, Settings
    from jukinet_sim.experiments.points import Task
    from jukinet_sim.experiments.question import Question
    from jukinet_sim.scenario.loaded import Loaded

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary", metavar="KEY=VALUES", show_default=False,
        help="What to vary: key=a,b,c or key=lo..hi, with /step or *log behind it; may be repeated.",
    ),
]  # fmt: skip
Metric = Annotated[
    list[str] | None,
    typer.Option(
        "--metric", metavar="NAME", show_default=False,
        help='A figure to show, such as "query sojourn.p99" or "db utilisation, busiest 1 h, worst place"; may be repeated. '
        "Left out: what the scenario judges and measures, or else its largest flows and stations.",
    ),
]  # fmt: skip


def answer(
    question: Question,
    carrier: Carrier,
    *,
    jobs: int | None,
    on: str | None,
    out: str | None,
    fresh: bool,
    quiet: bool,
) -> Experiment:
    """Have a question answered; see `carry_out`."""
    return carry_out(
        question.request, question.scenarios, carrier, jobs=jobs, on=on, out=out, fresh=fresh, quiet=quiet,
        names=question.names,
    )  # fmt: skip


def carry_out(
    request: Request,
    scenarios: Sequence[Loaded],
    carrier: Carrier,
    *,
    jobs: int | None,
    on: str | None,
    out: str | None,
    fresh: bool,
    quiet: bool,
    names: Sequence[str] = (),
) -> Experiment:
    """Carry out an experiment with progress on stderr, its engine compiled first where it has to be."""
    from jukinet_sim.cli.run import compile_first, warn, warn_of_data
    from jukinet_sim.experiments.drafts import point_of
    from jukinet_sim.experiments.experiment import conduct
    from jukinet_sim.experiments.stored import RUNS

    for loaded in scenarios:
        warn(loaded)
    longest = Longest()

    def first() -> None:
        for loaded in scenarios:
            point = point_of(loaded)
            warn_of_data(point.network)
            longest.horizon_s = max(longest.horizon_s, point.network.horizon_s)
            if point.engine == "fast" and on is None:
                compile_first(point.network, keep_rows=loaded.scenario.run.records == "visits", quiet=quiet)

    how = settings(Path(out) if out else RUNS, jobs=jobs, on=on, fresh=fresh, quiet=quiet, longest=longest)
    return conduct(request, scenarios, carrier, replace(how, first=first), names)


@dataclass
class Longest:
    """How long the longest replication is, as far as it is known."""

    horizon_s: float = 1.0


def settings(
    out: Path | None, *, jobs: int | None, on: str | None, fresh: bool, quiet: bool, longest: Longest | None = None
) -> Settings:
    """Return how an experiment is carried out, with progress on stderr."""
    from jukinet_sim.cli.progress import Progress
    from jukinet_sim.experiments.executors.choose import cores
    from jukinet_sim.experiments.experiment import Settings

    def watch(task: Task, replications: int, found: int) -> Progress:
        horizon_s = (longest or Longest()).horizon_s
        progress = Progress(replications, horizon_s, quiet=quiet or (task == "pilot" and not sys.stderr.isatty()))
        progress.already(found)
        return progress

    return Settings(out, jobs or cores(), on, fresh, watch)
