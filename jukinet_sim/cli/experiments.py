"""What the verbs of experiments have in common: their options, how they are carried out, and how they end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jukinet_sim.cli.boundary import LIMIT, OK, say

if TYPE_CHECKING:
    from jukinet_sim.experiments.experiment import Carrier, Experiment, Request, Settings
    from jukinet_sim.experiments.points import Task
    from jukinet_sim.report.terminal import Table
    from jukinet_sim.scenario.load import Loaded

Tables = Callable[[Mapping[str, Any]], Iterable["str | Table"]]

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
        help='A figure to show, such as "query sojourn.p99" or "db utilisation"; may be repeated. Left out: what the scenario '
        "judges and measures, or else its largest flows and stations.",
    ),
]  # fmt: skip


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
    from jukinet_sim.experiments.experiment import conduct, point_of
    from jukinet_sim.experiments.stored import RUNS

    horizon_s = 0.0
    for loaded in scenarios:
        warn(loaded)
        point = point_of(loaded)
        warn_of_data(point.network)
        horizon_s = max(horizon_s, point.network.horizon_s)
        if point.engine == "fast" and on is None:
            compile_first(point.network, keep_rows=loaded.scenario.run.records == "visits", quiet=quiet)

    how = settings(Path(out) if out else RUNS, jobs=jobs, on=on, fresh=fresh, quiet=quiet, horizon_s=horizon_s)
    return conduct(request, scenarios, carrier, how, names)


def settings(
    out: Path | None, *, jobs: int | None, on: str | None, fresh: bool, quiet: bool, horizon_s: float = 1.0
) -> Settings:
    """Return how an experiment is carried out, with progress on stderr."""
    from jukinet_sim.cli.progress import Progress
    from jukinet_sim.experiments.executors.choose import cores
    from jukinet_sim.experiments.experiment import Settings

    def watch(task: Task, replications: int, found: int) -> Progress:
        progress = Progress(replications, horizon_s, quiet=quiet or (task == "pilot" and not sys.stderr.isatty()))
        progress.already(found)
        return progress

    return Settings(out, jobs or cores(), on, fresh, watch)


def tables_of(language: str) -> Tables:
    """Return what shows the document of any experiment."""
    from jukinet_sim.report.experiments import experiment_tables
    from jukinet_sim.report.words import Words

    return lambda document: experiment_tables(document, Words(language))


def present(experiment: Experiment, tables: Tables, *, as_json: bool, quiet: bool) -> int:
    """Print the document of an experiment, or its tables, and where it is kept; return the exit code so far."""
    from jukinet_sim.report.terminal import show

    if experiment.document is None:
        if experiment.folder is not None:
            say(f"finished replications are kept; jukinet resume {experiment.folder} goes on from there")
        return 128 + experiment.interrupted
    if as_json:
        print(json.dumps(experiment.document, allow_nan=False))
    else:
        show(tables(experiment.document), sys.stdout)
    if not quiet and experiment.folder is not None:
        whole = "; all of it was kept from before, and --fresh computes it anew" if experiment.reused else ""
        say(f"kept in {experiment.folder}{whole}")
    return LIMIT if experiment.document["status"] == "partial" else OK

