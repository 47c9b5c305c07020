"""`validate` and `plan`: what is wrong with a scenario, what its stations are asked to do, what a run will cost."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import OK, say, worst
from jukinet_sim.cli.complete import scenarios

if TYPE_CHECKING:
    from jukinet_sim.juki_net.domain import Dated
    from jukinet_sim.network.model import Network
    from jukinet_sim.report.terminal import Table
    from jukinet_sim.scenario.loaded import Loaded
    from jukinet_sim.theory.peaks import Hours

_FIRST = 5
"""So many stations and files of those that would give way first are shown in a plan."""

Files = Annotated[
    list[str], typer.Argument(metavar="FILE...", help="Scenario files.", show_default=False, autocompletion=scenarios)
]


def validate(
    files: Files, sets: O.Sets = None, override: O.Overrides = None, limits: O.Limits = False, quiet: O.Quiet = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Show every fault of scenario files at once, and stations that cannot keep up with their offered load."""
    from jukinet_sim.base.errors import JukinetError

    code = OK
    for file in files:
        try:
            _validate(file, sets, override, limits=limits, quiet=quiet, language=lang)
        except JukinetError as error:
            say(str(error))
            code = worst(code, error.exit_code)
    return code


def _validate(
    file: str, sets: list[str] | None, overrides: list[str] | None, *, limits: bool, quiet: bool, language: str
) -> None:
    """Load and compile one file and show its offered load; raises with everything that is wrong."""
    from jukinet_sim.cli.run import warn, warn_of_data
    from jukinet_sim.report.terminal import show
    from jukinet_sim.report.translated import translated
    from jukinet_sim.report.validation import load_lines, load_warnings
    from jukinet_sim.scenario.compile import compile_network

    loaded = O.load_scenario(file, overrides, sets)
    warn(loaded)
    network = compile_network(loaded)
    warn_of_data(network)
    hours = _hours(network)
    if hours is not None:
        if not quiet:
            show(translated([f"{file}: offered load", *load_lines(hours)], language), sys.stdout)
        if limits:
            show(translated(_limits(hours, loaded, f"{file}: {_title(network)}"), language), sys.stdout)
        for line in load_warnings(hours):
            say(line)
    show(translated([f"{file}: valid"], language), sys.stdout)


def _hours(network: Network) -> Hours | None:
    """Return the load of a network's stations in time; None, with warnings, where it cannot be known beforehand."""
    from jukinet_sim.base.errors import ScenarioError
    from jukinet_sim.theory.peaks import Hours

    try:
        return Hours(network)
    except ScenarioError as error:
        for fault in error.faults:
            say(f"warning: {fault.what}; {fault.cure}")
    return None


def _limits(hours: Hours, loaded: Loaded, title: str, top: int | None = None) -> list[str | Table]:
    """Return the table of what gives way first, `top` lines of it, with its notes; nothing without stations."""
    from jukinet_sim.report.limits_table import file_lines, limits_notes, limits_table
    from jukinet_sim.theory.files import file_times
    from jukinet_sim.theory.limits import limits, ranked

    files = file_times(hours.network)
    found = ranked(limits(hours), files)[:top]
    if not found:
        return []
    period = loaded.scenario.run.period
    ranking = limits_table(found, None if period is None else period.first_day)
    return ["", title, ranking, "", *limits_notes(found), *file_lines(files)]


def _timeline(loaded: Loaded, dated: Sequence[Dated]) -> list[str | Table]:
    """Return the table of what changes on dates; nothing where nothing does."""
    from jukinet_sim.report.timeline_table import LEGEND, timeline_table

    period = loaded.scenario.run.period
    if period is None:
        return []
    found = timeline_table(dated, period.first_day, period.last_day)
    return [] if found is None else ["", "what changes on a date", found, "", LEGEND]


def _title(network: Network) -> str:
    pools = " and pool" if network.pools else ""
    return f"what would give way first, by the busiest hour of each station{pools} and the window of each file"


def plan(
    file: O.File,
    sets: O.Sets = None,
    override: O.Overrides = None,
    replications: O.Replications = None,
    engine: O.Engine = None,
    jobs: O.Jobs = None,
    lang: O.Lang = O.Language.en,
) -> int:
    """Show expected jobs, visits, events, time and memory before anything runs."""
    from jukinet_sim.cli.run import warn, warn_of_data
    from jukinet_sim.experiments.plan import VISITS_PER_S, planned
    from jukinet_sim.report.load_table import plan_lines, plan_table
    from jukinet_sim.report.terminal import show
    from jukinet_sim.report.translated import translated
    from jukinet_sim.scenario.compile import compile_dated

    loaded = O.load_scenario(file, override, sets, replications=replications, engine=engine)
    warn(loaded)
    network, dated = compile_dated(loaded)
    warn_of_data(network)
    made = planned(loaded, network, jobs)
    if made.endless:
        say(f"warning: {made.endless}; nothing can be expected of it")
        return OK
    hours = _hours(network)
    first = [] if hours is None else _limits(hours, loaded, _title(network), _FIRST)
    lines = plan_lines(made, VISITS_PER_S[made.engine])
    told = ["expected in one replication", plan_table(made), *first, *_timeline(loaded, dated), "", *lines]
    show(translated(told, lang), sys.stdout)
    for station in made.unstable:
        say(f"warning: {station} is offered more work than it can do; jukinet validate {file} says how much")
    for pool in made.short:
        say(f"warning: {pool} is asked for more tokens than it has; jukinet validate {file} says how many")
    return OK
