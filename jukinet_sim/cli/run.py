"""`run`: replications of a scenario into a run folder, the table and the verdicts on the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import CHECK_FAILED, LIMIT, OK, say
from jukinet_sim.cli.progress import Progress

if TYPE_CHECKING:
    from jukinet_sim.experiments.plan import Plan
    from jukinet_sim.experiments.points import Task
    from jukinet_sim.experiments.runs import StoredRun
    from jukinet_sim.network.model import Network
    from jukinet_sim.results.shape import Document
    from jukinet_sim.scenario.loaded import Loaded

Twin = Annotated[
    int | None,
    typer.Option(
        "--check-twin", min=1, metavar="N", help="Do not run, but compare both engines over the first N visits, bit by bit.",
        show_default=False,
    ),
]  # fmt: skip
Extend = Annotated[
    int | None,
    typer.Option(min=1, metavar="N", help="Add N replications to those of a run that is kept.", show_default=False),
]
Assumptions = Annotated[
    int | None,
    typer.Option(
        min=2, max=1000, metavar="N",
        help="Then draw all figures that have a range, assumed or derived, from it, N times, and say how far that moves the "
        "headlines: measures and what service levels are about, or else the sojourns of the largest flows.",
        show_default=False,
    ),
]  # fmt: skip
Every = Annotated[
    int | None,
    typer.Option(
        min=1, metavar="N",
        help="With --assumptions: sample on a nation of one municipality in N; when left out in 20, or in fewer so that 50 are "
        "left. Measures are scaled to the run by the ratio of each sample to that nation's own value; latencies are shown as "
        "sampled.",
        show_default=False,
    ),
]  # fmt: skip


def run(
    file: O.File,
    sets: O.Sets = None,
    override: O.Overrides = None,
    seed: O.Seed = None,
    replications: O.Replications = None,
    precision: O.Precision = None,
    extend: Extend = None,
    engine: O.Engine = None,
    jobs: O.Jobs = None,
    on: O.On = None,
    out: O.Out = None,
    as_json: O.Json = False,
    quiet: O.Quiet = False,
    places: O.Places = False,
    ranked: O.Worst = None,
    top: O.Top = None,
    fresh: O.Fresh = False,
    assumptions: Assumptions = None,
    every: Every = None,
    check_twin: Twin = None,
    lang: O.Lang = O.Language.en,
) -> int:
    """Run a scenario: replications, a table with intervals, verdicts on its service levels."""
    from jukinet_sim.cli.look import answer, check_worst
    from jukinet_sim.cli.output import present
    from jukinet_sim.experiments.precision import read_precision
    from jukinet_sim.scenario.compile import compile_network

    loaded = O.load_scenario(file, override, sets, seed=seed, replications=replications, engine=engine)
    warn(loaded)
    network = compile_network(loaded)
    warn_of_data(network)
    _check_options(loaded, assumptions, every, check_twin)
    check_worst(ranked, network)
    if check_twin is not None:
        return _twin(network, loaded.scenario.run.seed, check_twin, as_json=as_json)
    stored = run_and_keep(
        loaded, network, jobs=jobs, out=out, fresh=fresh, places=places or bool(ranked), quiet=quiet,
        precision=read_precision(precision), extend=extend, on=on,
    )  # fmt: skip
    if assumptions is not None:
        stored = _sampled(loaded, stored, assumptions, every, jobs=jobs, on=on, fresh=fresh, quiet=quiet)
    if ranked and stored.document is not None:
        answer(stored.document, stored.folder, worst=ranked, top=top, places=places)
    return present(stored, as_json=as_json, hint="" if quiet else f"jukinet check {file}", language=lang)


def _check_options(loaded: Loaded, assumptions: int | None, every: int | None, check_twin: int | None) -> None:
    """Refuse options that do not go together, before anything runs. Raises UsageError."""
    from jukinet_sim.base.errors import UsageError

    if assumptions is not None and check_twin is not None:
        raise UsageError("--check-twin runs nothing that --assumptions could vary; give one of the two")
    if assumptions is not None or every is not None:
        from jukinet_sim.experiments.assumptions.study import check_options

        check_options(loaded, assumptions, every)


def _sampled(
    loaded: Loaded, stored: StoredRun, samples: int, every: int | None, *, jobs: int | None, on: str | None, fresh: bool,
    quiet: bool,
) -> StoredRun:  # fmt: skip
    """Vary the assumptions of a run that went to its end, telling progress on stderr; any other is returned as it is."""
    from jukinet_sim.experiments.assumptions.study import study
    from jukinet_sim.experiments.assumptions.thin import thinned
    from jukinet_sim.experiments.plan import planned
    from jukinet_sim.scenario.compile import compile_network

    if not stored.went_to_its_end:
        say("the run did not get to its end, so its assumptions were not varied")
        return stored
    thin, _ = thinned(loaded, every, stored.network)
    network = compile_network(thin)
    processes = planned(thin, network, jobs, at_least=samples).jobs

    def watch(_: Task, total: int, found: int) -> Progress:
        if not quiet:
            kept = f", {found} of them there already" if found else ""
            say(f"varying the assumptions: {total - 1} samples after one with the scenario's own values{kept}")
        progress = Progress(total, network.horizon_s, quiet=quiet, noun="sample")
        progress.already(found)
        return progress

    return study(loaded, stored, samples=samples, every=every, jobs=processes, on=on, fresh=fresh, watch=watch)


def warn(loaded: Loaded) -> None:
    """Show what is legal in a scenario but probably not meant."""
    for doubt in loaded.warnings:
        say(doubt.render().replace("error:", "warning:", 1))


def warn_of_data(network: Network) -> None:
    """Show what is legal in the files that a scenario names but probably not meant."""
    for note in network.notes:
        say(f"warning: {note}")


def run_and_keep(
    loaded: Loaded,
    network: Network,
    *,
    jobs: int | None = None,
    out: str | None = None,
    fresh: bool = False,
    places: bool = False,
    quiet: bool = False,
    precision: float | None = None,
    extend: int | None = None,
    on: str | None = None,
) -> StoredRun:
    """Run what is not kept yet, telling plan and progress on stderr."""
    from jukinet_sim.experiments.plan import planned
    from jukinet_sim.experiments.runs import run_stored
    from jukinet_sim.experiments.stored import RUNS
    from jukinet_sim.statistics.precision import LEAST

    plan = planned(loaded, network, jobs, at_least=LEAST if precision is not None else 1)
    if not quiet:
        _announce(plan)
    if plan.engine == "fast":
        compile_first(network, keep_rows=loaded.scenario.run.records == "visits", quiet=quiet)

    def watch(task: Task, replications: int, found: int) -> Progress:
        pilot = task == "pilot"
        if pilot and not quiet:
            say(f"finding the warm-up: pilot of {replications} replications")
        # A line for each replication of the pilot would read as if the run went twice.
        progress = Progress(replications, network.horizon_s, quiet=quiet or (pilot and not sys.stderr.isatty()))
        progress.already(found)
        return progress

    stored = run_stored(
        loaded, network, plan, out=Path(out) if out else RUNS, fresh=fresh, places=places, precision=precision,
        extend=extend, on=on, command=sys.argv, watch=watch,
    )  # fmt: skip
    if stored.reused and not quiet:
        whole = "all" if stored.reused == stored.replications else f"{stored.reused} of {stored.replications}"
        say(f"{whole} replications were kept from an earlier run and not computed again; --fresh does")
    if stored.document is not None:
        _tell(stored.document, precision, quiet=quiet)
    return stored


def _tell(document: Document, precision: float | None, *, quiet: bool) -> None:
    """Say what was found of the warm-up, and whether the precision asked for was reached."""
    from jukinet_sim.experiments.precision import least_certain
    from jukinet_sim.statistics.precision import MOST

    if "warm_up_note" in document:
        say(f"warning: {document['warm_up_note']}")
    worst = least_certain(document) if precision is not None else None
    if precision is None or worst is None:
        return
    known = f"{worst.name} is known to ± {worst.relative:.2%} after {document['replications']:,} replications"
    if worst.relative > precision:
        most = ", the most that --precision goes to" if document["replications"] >= MOST else ""
        say(f"warning: the precision of {precision:.2%} was not reached: {known}{most}")
    elif not quiet:
        say(f"precision reached: {known}, everything else at least as well")


def _announce(plan: Plan) -> None:
    """Say in one line what will happen, and why nothing seems to at first."""
    from jukinet_sim.base.units import format_duration

    if not plan.endless:
        about = format_duration(float(f"{plan.seconds:.1e}"))
        say(
            f"plan: {plan.replications} replication{'s' if plan.replications > 1 else ''}, about {plan.visits:,.0f} visits, "
            f"engine {plan.engine}, {plan.jobs} process{'es' if plan.jobs > 1 else ''}, some {about}"
        )
    for doubt in plan.doubts:
        say(f"warning: {doubt}")


def compile_first(network: Network, *, keep_rows: bool, quiet: bool) -> None:
    """Compile what the fast engine lacks for this network, if anything, and say so."""
    from jukinet_sim.experiments.compiled import compile_kept

    compile_kept(network, keep_rows=keep_rows, tell=_say_nothing if quiet else say)


def _say_nothing(_: str) -> None:
    """Leave something unsaid."""


def _twin(network: Network, seed: int, visits: int, *, as_json: bool) -> int:
    """Compare both engines and print the verdict."""
    from dataclasses import asdict

    from jukinet_sim.experiments.twin import compare_engines

    verdict = compare_engines(network, seed, visits)
    if as_json:
        print(json.dumps({"agree": verdict.agree, **asdict(verdict)}))
    elif verdict.agree and not verdict.visits:
        print(f"nothing was compared: no visit is reached in {verdict.events:,} events")
        return LIMIT
    elif verdict.agree:
        print(
            f"the engines agree: {verdict.visits:,} visits and {verdict.events:,} events are equal to the last bit, "
            f"fingerprint {verdict.fingerprint}"
        )
    else:
        print(f"the engines differ: {verdict.difference}")
    return OK if verdict.agree else CHECK_FAILED
