"""The figures that rest on assumptions, a Latin hypercube over their ranges, and the scenario with other values in place.

Each parameter's draws belong to its name alone, so that one assumption more changes no other's values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from jukinet_sim.design import hypercube
from jukinet_sim.design.unit_cube import from_share
from jukinet_sim.language.base import Figure
from jukinet_sim.language.figures import figures
from jukinet_sim.language.merge import NodePath
from jukinet_sim.scenario.schema import Scenario

M = TypeVar("M")


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


def latin_hypercube(chosen: Sequence[Parameter], samples: int, seed: int) -> tuple[tuple[float, ...], ...]:
    """Return so many points, each with a value per parameter; of each parameter every n-th of its range is hit once.

    McKay, Beckman and Conover (1979); the draws belong to the seed and the parameter's name.
    """
    shares = hypercube.latin_hypercube([parameter.name for parameter in chosen], samples, seed)
    return tuple(
        tuple(parameter.at(share) for parameter, share in zip(chosen, row, strict=True)) for row in shares.tolist()
    )


def with_values(scenario: Scenario, chosen: Sequence[Parameter], values: Sequence[float]) -> Scenario:
    """Return the scenario with other values of some parameters; each keeps its source, its reason and its range."""
    for parameter, value in zip(chosen, values, strict=True):
        fields = {**parameter.figure.model_dump(), "value": value}
        scenario = replaced(scenario, parameter.path, type(parameter.figure).model_validate(fields))
    return scenario


def replaced(there: M, path: NodePath, value: object) -> M:
    """Return a model, mapping or tuple with what stands at a path replaced, nothing else changed."""
    if not path:
        return value  # type: ignore[return-value]  # at the end of the path stands what takes its place
    key, rest = path[0], path[1:]
    if isinstance(there, BaseModel):
        return there.model_copy(update={str(key): replaced(getattr(there, str(key)), rest, value)})
    if isinstance(there, dict):
        return {**there, key: replaced(there[key], rest, value)}  # type: ignore[return-value]  # a dict like the one before
    if isinstance(there, tuple) and isinstance(key, int):
        return (*there[:key], replaced(there[key], rest, value), *there[key + 1 :])  # type: ignore[return-value]  # likewise
    raise TypeError(f"nothing lies at {key!r} below {type(there).__name__}")
