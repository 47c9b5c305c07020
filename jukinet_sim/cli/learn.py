"""`schema`, `explain` and `demo`: what a scenario file may say, and a first look at what comes out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.complete import explainable, scenarios
from jukinet_sim.cli.printed import print_lines

if TYPE_CHECKING:
    from jukinet_sim.experiments.life_record import Life
    from jukinet_sim.report.terminal import Table
    from jukinet_sim.scenario.loaded import Loaded

Key = Annotated[
    str | None,
    typer.Argument(
        metavar="[KEY]",
        help="A key such as run.warm_up, a metric, a profile, or metrics, profiles, links; with --job the scenario file.",
        show_default=False, autocompletion=explainable,
    ),
]  # fmt: skip
In = Annotated[
    str | None,
    typer.Option(
        "--in", metavar="FILE", help="Scenario to look in; else the shipped fy2012.yaml.", show_default=False,
        autocompletion=scenarios,
    ),
]  # fmt: skip
JobName = Annotated[
    str | None,
    typer.Option(
        "--job", metavar="FLOW:N", help="Tell the life of one job instead, step by step: the N-th to arrive in a flow.",
        show_default=False,
    ),
]  # fmt: skip
Replication = Annotated[
    int | None, typer.Option(min=0, metavar="K", help="Replication of the job, counted from 0.", show_default=False)
]
_ALL_PROFILES = ("profiles", "calendar")
"""Words that ask for the table of all calendar profiles."""
Json = Annotated[bool, typer.Option("--json", help="Print the life of the job as a JSON document.")]


def schema() -> int:
    """Print the JSON schema of scenario files, for editors."""
    from jukinet_sim.scenario.schema import json_schema

    print(json.dumps(json_schema(), indent=2))
    return 0


def explain(
    key: Key = None,
    file: In = None,
    job: JobName = None,
    replication: Replication = None,
    seed: O.Seed = None,
    sets: O.Sets = None,
    override: O.Overrides = None,
    as_json: Json = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Say what a key means, its unit, default, value and source; or tell the life of one job of a scenario."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.report.explain import explain as explained
    from jukinet_sim.report.explain import top_keys
    from jukinet_sim.scenario.shipped import shipped_folder

    if job is not None:
        if (key is None) == (file is None):
            raise UsageError(f"--job needs one scenario file; write jukinet explain --job {job} FILE")
        loaded = O.load_scenario(key or file or "", override, sets, seed=seed)
        return _tell_life(job, loaded, replication or 0, lang, as_json=as_json)
    if replication is not None or seed is not None or as_json:
        raise UsageError("--replication, --seed and --json are about a job; add --job FLOW:N")
    if key is None:
        more = (
            "`jukinet explain metrics` lists what can be judged and summed, `jukinet explain profiles` the calendar\n"
            "profiles and `jukinet explain links` the links that there are."
        )
        print_lines([*top_keys(), "", more], lang)
    elif key == "links":
        print_lines(_links(O.load_scenario(file or str(shipped_folder() / "fy2012.yaml"), override, sets)), lang)
    elif key in _ALL_PROFILES:
        print_lines(_profiles(), lang)
    elif key == "metrics":
        print_lines(_metrics(), lang)
    elif told := _metric(key):
        print_lines(told, lang)
    elif _is_profile(key):
        print_lines(_drawn_profile(key), lang)
    elif near := _nearest_profile(key):
        raise UsageError(f'"{key}" is neither a key nor a calendar profile; did you mean "{near}"?')
    else:
        print_lines(explained(key, O.load_scenario(file or str(shipped_folder() / "fy2012.yaml"), override, sets)), lang)
    return 0


def _profiles() -> Iterable[str | Table]:
    """Return the table of all calendar profiles."""
    from jukinet_sim.report.profiles import list_profiles

    return list_profiles()


def _metrics() -> Iterable[str | Table]:
    """Return the table of all metrics."""
    from jukinet_sim.report.metrics_table import list_metrics

    return list_metrics()


def _metric(key: str) -> list[str]:
    """Return the lines about a metric; none for what is no metric or is a key of scenarios as well."""
    from jukinet_sim import metrics
    from jukinet_sim.report.metrics_table import explain_metric

    return list(explain_metric(metrics.named(key)))


def _links(loaded: Loaded) -> Iterable[str | Table]:
    """Return the table of the links between the tiers."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.juki_net.domain import DOMAIN
    from jukinet_sim.report.links import list_links
    from jukinet_sim.scenario.compile import national_part

    if loaded.scenario.juki_net is None:
        raise UsageError("links belong to the national network, and this scenario has none; leave --in out")
    return list_links(DOMAIN.links(national_part(loaded)))


def _drawn_profile(name: str) -> list[str]:
    """Return one calendar profile with its drawing."""
    from jukinet_sim.report.profiles import draw_profile

    return draw_profile(name)


def _tell_life(job: str, loaded: Loaded, replication: int, lang: O.Language, *, as_json: bool) -> int:
    """Follow a job and print its life, with dates where the scenario has a calendar."""
    import datetime as dt

    from jukinet_sim.calendar import JST
    from jukinet_sim.report.life_table import life_document, life_table

    life = _follow(job, loaded, replication)
    period = loaded.scenario.run.period
    starts = None if period is None else dt.datetime.combine(period.first_day, dt.time(), JST)
    if as_json:
        print(json.dumps(life_document(life, starts), indent=2, ensure_ascii=False))
    else:
        print_lines(life_table(life, starts), lang)
    return 0


def _follow(job: str, loaded: Loaded, replication: int) -> Life:
    """Run the scenario until the job has ended. Raises UsageError where there is no such job."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.cli.progress import Progress
    from jukinet_sim.experiments.life import live
    from jukinet_sim.scenario.compile import compile_network

    flow, _, number = job.rpartition(":")
    if not flow or not (number.isascii() and number.isdigit()):
        raise UsageError(f'--job: "{job}" names no job; write FLOW:N, such as {flow or job}:1')
    network = compile_network(loaded)
    progress = Progress(1, network.horizon_s, quiet=False)
    try:
        return live(network, flow, int(number), seed=loaded.scenario.run.seed, replication=replication, progress=progress)
    finally:
        progress.close()


def _is_profile(key: str) -> bool:
    from jukinet_sim.calendar import PROFILE_NAMES

    return key in PROFILE_NAMES


def _nearest_profile(key: str) -> str | None:
    """Return the profile, or the word for all of them, that was probably meant."""
    import difflib

    from jukinet_sim.calendar import PROFILE_NAMES

    return next(iter(difflib.get_close_matches(key, sorted({*PROFILE_NAMES, *_ALL_PROFILES}), n=1, cutoff=0.75)), None)


def demo(out: O.Out = None, quiet: O.Quiet = False, lang: O.Lang = O.Language.en) -> int:
    """Run a small shipped scenario, say what happened, and what to try next."""
    from jukinet_sim.cli.output import present
    from jukinet_sim.cli.run import run_and_keep
    from jukinet_sim.scenario.compile import compile_network
    from jukinet_sim.scenario.load import load
    from jukinet_sim.scenario.shipped import shipped_folder

    file = shipped_folder() / "tiny.yaml"
    loaded = load(file)
    network = compile_network(loaded)
    about = (
        f"It compiles to {len(network.stations)} stations, {len(network.pools)} pools and {len(network.flows)} flows. "
        "Each flow's jobs arrive at random and queue at the stations of their route; "
        f"{loaded.scenario.run.replications} replications differ only in their random numbers, and their spread gives "
        "the ± of each figure."
    )
    print_lines([f"{file} is a scenario: {loaded.scenario.title}. {loaded.scenario.description}", about], lang)
    stored = run_and_keep(loaded, network, out=out, quiet=quiet)
    code = present(stored, as_json=False, hint="", language=lang)
    kept = f"--out {out} " if out else ""
    hints = (
        "Utilisation is the share of time that servers are busy; sojourn is the time from a job's arrival to its end, "
        "and wait the part of it spent in queues. Try next:",
        "  jukinet explain juki_net.nation.hsm.per_operation   where a number comes from",
        f"  jukinet validate {file}   how loaded each station is",
        f"  jukinet check {kept}{file}   records in against records out",
        f"  jukinet run {kept}{file} --set juki_net.municipality.cs.servers=1   what one server fewer does",
    )
    print_lines(hints, lang)
    return code
