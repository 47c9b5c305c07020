"""A scenario, by its file or loaded before, with everything laid over it that somebody asks for."""

from __future__ import annotations

import os
from collections.abc import Sequence

from jukinet_sim.scenario.load import lay_over, load
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.scenario.shipped import found


def laid(
    scenario: str | os.PathLike[str] | Loaded,
    overrides: Sequence[str] = (),
    settings: Sequence[str] = (),
    *,
    seed: int | None = None,
    replications: int | None = None,
    engine: str | None = None,
) -> Loaded:
    """Return a scenario with overrides, then settings, then what is named here laid over it.

    A shipped scenario is found by its bare name from anywhere.
    Raises ScenarioError with every fault.
    """
    told = (("seed", seed), ("replications", replications), ("engine", engine))
    sets = [*settings, *(f"run.{key}={value}" for key, value in told if value is not None)]
    if isinstance(scenario, Loaded):
        return lay_over(scenario, overrides=overrides, sets=sets) if overrides or sets else scenario
    return load(found(os.fspath(scenario)), overrides=overrides, sets=sets)
