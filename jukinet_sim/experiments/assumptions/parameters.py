"""The figures of a scenario that rest on assumptions, and the values between the ends of their ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jukinet_sim.design.unit_cube import from_share
from jukinet_sim.language.base import Figure
from jukinet_sim.language.figures import figures
from jukinet_sim.language.merge import NodePath
from jukinet_sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Parameter:
    """A figure with a range that leaves something to assume, and the path to it from the scenario."""

    path: NodePath
    figure: Figure[Any]

    @property
    def name(self) -> str:
        """The path as one dotted key, as `jukinet explain` takes it."""
        return ".".join(str(key) for key in self.path)

    def at(self, share: float) -> float:
        """Return the value below which this share, between 0 and 1, of its distribution lies.

        Log-uniform where both ends are positive and `unit_cube.WIDE` apart, else uniform.
        """
        low, high = self.figure.range or (self.figure.value, self.figure.value)
        return from_share(share, low, high, whole=isinstance(self.figure.value, int))


def parameters(scenario: Scenario) -> tuple[Parameter, ...]:
    """Return every figure of a scenario whose range is more than one value, in the order of the scenario.

    A derived figure has a range where something assumed went into it. What is reported is never varied.
    """
    return tuple(
        Parameter(path, figure)
        for path, figure in figures(scenario)
        if figure.status != "reported" and figure.range is not None and figure.range[0] < figure.range[1]
    )
