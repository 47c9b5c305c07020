"""`schema`, `explain` and `demo`: what a scenario file may say, and a first look at what comes out."""

from __future__ import annotations

import json
from typing import Annotated

import typer

Key = Annotated[
    str | None, typer.Argument(metavar="[KEY]", help="A key such as run.warm_up, or a calendar profile.", show_default=False)
]
In = Annotated[
    str | None,
    typer.Option("--in", metavar="FILE", help="Scenario to look in; the shipped fy2012.yaml when left out.", show_default=False),
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
