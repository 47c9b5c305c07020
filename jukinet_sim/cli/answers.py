"""The answer of an experiment to what is printed, and to an exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from jukinet_sim.cli.boundary import LIMIT, OK, say

if TYPE_CHECKING:
    from jukinet_sim.experiments.experiment import Experiment
    from jukinet_sim.report.terminal import Table

Tables = Callable[[Mapping[str, Any]], Iterable["str | Table"]]


def tables_of(language: str) -> Tables:
    """Return what shows the document of any experiment."""
    from jukinet_sim.report.experiments import experiment_tables
    from jukinet_sim.report.translated import translated
    from jukinet_sim.report.words import Words

    return lambda document: translated(experiment_tables(document, Words(language)), language)


def present(experiment: Experiment, tables: Tables, *, as_json: bool, quiet: bool) -> int:
    """Print the document of an experiment, or its tables, and where it is kept; return the exit code so far."""
    from jukinet_sim.report.terminal import show

    experiment = experiment.in_place()
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

