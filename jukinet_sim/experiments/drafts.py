"""A scenario under settings to a point, or to why it cannot be; in whatever process, as large networks take a second each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.experiments.executors.pieces import Progress
from jukinet_sim.experiments.plan import choose_engine
from jukinet_sim.experiments.points import Point, make_point
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import lay, lay_over
from jukinet_sim.scenario.loaded import Loaded

_LEAST = 20
"""Replications by which `engine: auto` is decided, so that more of them find those that are there."""
_TOLD = 3
"""Faults of one draft that are told."""


Laid = tuple[tuple[str, ...], tuple[str, ...]]
"""Settings and overrides of a draft."""


class Draft(NamedTuple):
    """A loaded scenario with named overrides and then settings to be laid over it."""

    base: Loaded
    settings: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()

    def load(self) -> Loaded:
        """Return the scenario with all of it in place. Raises ScenarioError."""
        if self.overrides:
            return lay_over(self.base, overrides=self.overrides, sets=self.settings)
        return lay(self.base, self.settings) if self.settings else self.base


class Refused(NamedTuple):
    """Why a draft is no point: values that do not go together, or what became of the process that compiled it."""

    why: str


def point_of(loaded: Loaded) -> Point:
    """Return a scenario as a point, on an engine that does not depend on how many replications are asked for in the end.

    Raises ScenarioError.
    """
    network = compile_network(loaded)
    run = loaded.scenario.run
    return make_point(loaded, network, choose_engine(network, run.engine, max(run.replications, _LEAST)))


def attempt(draft: Draft) -> Point | Refused:
    """Return the point of a draft, or why there is none."""
    try:
        return point_of(draft.load())
    except ScenarioError as error:
        return Refused("; ".join(f"{fault.what}; {fault.cure}" for fault in error.faults[:_TOLD]))


def attempt_one(base: Loaded, laid: Sequence[Laid], number: int, _: Progress) -> Point | Refused:
    """Return the same for one of many drafts of one scenario, as a piece of work."""
    return attempt(Draft(base, *laid[number]))
