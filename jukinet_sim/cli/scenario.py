"""`validate` and `plan`: what is wrong with a scenario, what its stations are asked to do, what a run will cost."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import OK, say, worst

Files = Annotated[list[str], typer.Argument(metavar="FILE...", help="Scenario files.", show_default=False)]


def validate(files: Files, sets: O.Sets = None, override: O.Overrides = None, quiet: O.Quiet = False) -> int:
    """Show every fault of scenario files at once, and stations that cannot keep up with their offered load."""
    from jukinet_sim.errors import JukinetError

    code = OK
    for file in files:
        try:
            _validate(file, sets, override, quiet=quiet)
        except JukinetError as error:
            say(str(error))
            code = worst(code, error.exit_code)
    return code


def _validate(file: str, sets: list[str] | None, overrides: list[str] | None, *, quiet: bool) -> None:
    """Load and compile one file and show its offered load; raises with everything that is wrong."""
    from jukinet_sim.cli.run import warn
    from jukinet_sim.errors import ScenarioError
    from jukinet_sim.network.compile import compile_network
    from jukinet_sim.report.load_table import load_table, overload_warnings
    from jukinet_sim.theory.peaks import busiest_hour
    from jukinet_sim.theory.traffic import offered

    loaded = O.load_scenario(file, overrides, sets)
    warn(loaded)
    network = compile_network(loaded)
    try:
        loads, peaks = offered(network), busiest_hour(network)
    except ScenarioError as error:
        for fault in error.faults:
            say(f"warning: {fault.what}; {fault.cure}")
        loads, peaks = (), ()
    if not quiet and loads:
        from jukinet_sim.report.terminal import show

        show([f"{file}: offered load", load_table(loads, peaks)], sys.stdout)
    for line in overload_warnings(loads, peaks):
        say(line)
    print(f"{file}: valid")


def plan(
    file: O.File,
    sets: O.Sets = None,
    override: O.Overrides = None,
    replications: O.Replications = None,
    engine: O.Engine = None,
    jobs: O.Jobs = None,
) -> int:
    """Show expected jobs, visits, events, time and memory before anything runs."""
    from jukinet_sim.cli.run import planned, warn
    from jukinet_sim.experiments.plan import VISITS_PER_S
    from jukinet_sim.network.compile import compile_network
    from jukinet_sim.report.load_table import plan_lines, plan_table
    from jukinet_sim.report.terminal import show

    loaded = O.load_scenario(file, override, sets, replications=replications, engine=engine)
    warn(loaded)
    made = planned(loaded, compile_network(loaded), jobs)
    if made.endless:
        say(f"warning: {made.endless}; nothing can be expected of it")
        return OK
    show(["expected in one replication", plan_table(made), *plan_lines(made, VISITS_PER_S[made.engine])], sys.stdout)
    for station in made.unstable:
        say(f"warning: {station} is offered more work than it can do; jukinet validate {file} says how much")
    return OK
