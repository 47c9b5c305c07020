"""`schema`, `explain` and `demo`: what a scenario file may say, and a first look at what comes out."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from jukinet_sim.cli import options as O

Key = Annotated[
    str | None,
    typer.Argument(metavar="[KEY]", help="A key such as run.warm_up, or a calendar profile.", show_default=False),
]
In = Annotated[
    str | None,
    typer.Option("--in", metavar="FILE", help="Scenario to look in; else the shipped fy2012.yaml.", show_default=False),
]


def schema() -> int:
    """Print the JSON schema of scenario files, for editors."""
    from jukinet_sim.scenario.schema import json_schema

    print(json.dumps(json_schema(), indent=2))
    return 0


def explain(key: Key = None, file: In = None) -> int:
    """Say what a key means, its unit, default and value, and where that number comes from."""
    from jukinet_sim.report.explain import explain as explained
    from jukinet_sim.report.explain import top_keys

    if key is None:
        lines = top_keys()
    elif _is_profile(key):
        from jukinet_sim.report.profiles import draw_profile

        lines = draw_profile(key)
    else:
        from jukinet_sim.scenario.load import load
        from jukinet_sim.scenario.shipped import shipped_folder

        lines = explained(key, load(file or shipped_folder() / "fy2012.yaml"))
    print("\n".join(lines))
    return 0


def _is_profile(key: str) -> bool:
    from jukinet_sim.calendar import PROFILE_NAMES

    return key in PROFILE_NAMES


def demo(out: O.Out = None, quiet: O.Quiet = False, lang: O.Lang = O.Language.en) -> int:
    """Run a small shipped scenario, say what happened, and what to try next."""
    from jukinet_sim.cli.run import present, run_and_keep
    from jukinet_sim.network.compile import compile_network
    from jukinet_sim.scenario.load import load
    from jukinet_sim.scenario.shipped import shipped_folder

    file = shipped_folder() / "tiny.yaml"
    loaded = load(file)
    network = compile_network(loaded)
    print(f"{file} is a scenario: {loaded.scenario.title}. {loaded.scenario.description}")
    print(
        f"It compiles to {len(network.stations)} stations, {len(network.pools)} pools and {len(network.flows)} flows. "
        "Each flow's jobs arrive at random and queue at the stations of their route; "
        f"{loaded.scenario.run.replications} replications differ only in their random numbers, and their spread gives "
        "the ± of each figure.",
        flush=True,
    )
    stored = run_and_keep(loaded, network, out=out, quiet=quiet)
    code = present(stored, as_json=False, hint="", language=lang)
    kept = f"--out {out} " if out else ""
    print(
        "Utilisation is the share of time that servers are busy; sojourn is the time from a job's arrival to its end, "
        "and wait the part of it spent in queues. Try next:\n"
        "  jukinet explain juki_net.nation.hsm.per_operation   where a number comes from\n"
        f"  jukinet validate {file}   how loaded each station is\n"
        f"  jukinet check {kept}{file}   records in against records out\n"
        f"  jukinet run {kept}{file} --set juki_net.municipality.cs.servers=1   what one server fewer does"
    )
    return code
