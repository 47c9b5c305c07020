"""`run`: replications of a scenario into a run folder, the table and the verdicts on the terminal."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import CHECK_FAILED, LIMIT, OK, SLO_MISSED, say, worst
from jukinet_sim.cli.progress import Progress

if TYPE_CHECKING:
    from jukinet_sim.experiments.plan import Plan
    from jukinet_sim.experiments.runs import StoredRun
    from jukinet_sim.network.model import Network
    from jukinet_sim.scenario.load import Loaded

_WORTH_PROCESSES_S = 4.0
"""A run shorter than this is over before further processes have started."""

Twin = Annotated[
    int | None,
    typer.Option(
        "--check-twin", min=1, metavar="N", help="Do not run, but compare both engines over the first N visits, bit by bit.",
        show_default=False,
    ),
]  # fmt: skip


def run(
    file: O.File,
    sets: O.Sets = None,
    override: O.Overrides = None,
    seed: O.Seed = None,
    replications: O.Replications = None,
    engine: O.Engine = None,
    jobs: O.Jobs = None,
    out: O.Out = None,
    as_json: O.Json = False,
    quiet: O.Quiet = False,
    places: O.Places = False,
    fresh: O.Fresh = False,
    check_twin: Twin = None,
    lang: O.Lang = O.Language.en,
) -> int:
    """Run a scenario: replications, a table with intervals, verdicts on its service levels."""
    from jukinet_sim.network.compile import compile_network

    loaded = O.load_scenario(file, override, sets, seed=seed, replications=replications, engine=engine)
    warn(loaded)
    network = compile_network(loaded)
    if check_twin is not None:
        return _twin(network, loaded.scenario.run.seed, check_twin, as_json=as_json)
    stored = run_and_keep(loaded, network, jobs=jobs, out=out, fresh=fresh, places=places, quiet=quiet)
    return present(stored, as_json=as_json, hint="" if quiet else f"jukinet check {file}", language=lang)


def warn(loaded: Loaded) -> None:
    """Show what is legal in a scenario but probably not meant."""
    for doubt in loaded.warnings:
        say(doubt.render().replace("error:", "warning:", 1))


def run_and_keep(
    loaded: Loaded,
    network: Network,
    *,
    jobs: int | None = None,
    out: str | None = None,
    fresh: bool = False,
    places: bool = False,
    quiet: bool = False,
) -> StoredRun:
    """Run what is not kept yet, telling plan and progress on stderr."""
    from jukinet_sim.experiments.runs import RUNS, run_stored

    plan = planned(loaded, network, jobs)
    if not quiet:
        _announce(plan, network, keep_rows=loaded.scenario.run.records == "visits")
    progress = Progress(plan.replications, network.horizon_s, quiet=quiet)
    try:
        stored = run_stored(
            loaded, network, plan, out=Path(out) if out else RUNS, fresh=fresh, places=places, command=sys.argv,
            on_found=progress.already, progress=progress, on_done=progress.done,
        )  # fmt: skip
    finally:
        progress.close()
    if stored.reused and not quiet:
        whole = "all" if stored.reused == plan.replications else f"{stored.reused} of {plan.replications}"
        say(f"{whole} replications were kept from an earlier run and not computed again; --fresh does")
    return stored


def planned(loaded: Loaded, network: Network, jobs: int | None) -> Plan:
    """Return the plan of a run; without --jobs, as many processes as cores where that pays."""
    from jukinet_sim.experiments.plan import make_plan

    run = loaded.scenario.run

    def on(processes: int) -> Plan:
        return make_plan(
            network, engine=run.engine, replications=run.replications, jobs=processes, keep_rows=run.records == "visits"
        )

    if jobs is not None:
        return on(jobs)
    alone = on(1)
    return on(len(os.sched_getaffinity(0))) if alone.seconds > _WORTH_PROCESSES_S else alone


def _announce(plan: Plan, network: Network, *, keep_rows: bool) -> None:
    """Say in one line what will happen, and why nothing seems to at first."""
    from jukinet_sim.units import format_duration

    about = format_duration(float(f"{plan.seconds:.1e}"))
    say(
        f"plan: {plan.replications} replication{'s' if plan.replications > 1 else ''}, about {plan.visits:,.0f} visits, engine "
        f"{plan.engine}, {plan.jobs} process{'es' if plan.jobs > 1 else ''}, some {about}"
    )
    for station in plan.unstable:
        say(f"warning: {station} is offered more work than it can do; its queue grows to the end of the run")
    if plan.engine == "fast":
        from jukinet_sim.cli.compiled import is_compiled

        if not is_compiled(network, keep_rows):
            say("the fast engine is being compiled, once; this takes up to half a minute")


def present(stored: StoredRun, *, as_json: bool, hint: str, language: str) -> int:
    """Print the outcome of a run, and what to try next where a hint is given; return the exit code."""
    code = worst(OK, 128 + stored.interrupted if stored.interrupted else OK, LIMIT if stored.limit else OK)
    if stored.document is None:
        say(f"error: no replication was finished{f': {stored.limit}' if stored.limit else ''}")
        return code
    if any(not level["met"] for level in stored.document["slo"]):
        code = worst(code, SLO_MISSED)
    show_document(stored.document, stored.folder, as_json=as_json, everything=False, language=language)
    if stored.limit:
        say(f"limit: {stored.limit}")
    if hint:
        say(
            f"kept in {stored.folder}"
            + (f"; next: {hint}, or jukinet show {call_it(stored.folder)} --all" if code == OK else "")
        )
    return code


def call_it(folder: Path) -> str:
    """Return what `jukinet show` finds a run folder by: its hash where it is kept in the usual place, else its path."""
    from jukinet_sim.experiments.runs import RUNS

    return folder.name if folder.parent.parent == RUNS else str(folder)


def show_document(document: dict[str, Any], folder: Path, *, as_json: bool, everything: bool, language: str) -> None:
    """Print a result document on stdout, as JSON or as tables."""
    if as_json:
        print(json.dumps(document, allow_nan=False))
        return
    from jukinet_sim.report.run_table import run_tables
    from jukinet_sim.report.terminal import show

    show(run_tables(document, language, everything=everything, name=call_it(folder)), sys.stdout)


def _twin(network: Network, seed: int, visits: int, *, as_json: bool) -> int:
    """Compare both engines and print the verdict."""
    from dataclasses import asdict

    from jukinet_sim.experiments.twin import compare_engines

    verdict = compare_engines(network, seed, visits)
    if as_json:
        print(json.dumps({"agree": verdict.agree, **asdict(verdict)}))
    elif verdict.agree:
        print(
            f"the engines agree: {verdict.visits:,} visits and {verdict.events:,} events are equal to the last bit, "
            f"fingerprint {verdict.fingerprint}"
        )
    else:
        print(f"the engines differ: {verdict.difference}")
    return OK if verdict.agree else CHECK_FAILED
