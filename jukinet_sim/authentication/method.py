"""A method of authentication: a name, its parameters with where they come from, and the plan that follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from jukinet_sim.authentication.plan import Plan
from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import one_of


@dataclass(frozen=True)
class Parameter:
    """A number that a method depends on: its usual value and range (SI), its unit ("s", or "" for a number), and why."""

    name: str
    value: float
    low: float
    high: float
    unit: str
    why: str
    most: float = float("inf")
    """The largest value that makes sense; the smallest is 0."""


@dataclass(frozen=True)
class Setting:
    """Where a method is used: how many log-ons there are for each operator and year."""

    log_ons_per_year: float = 250.0


@dataclass(frozen=True)
class Method:
    """A method by name; `make` turns values of all parameters and the setting into a plan, and loads nothing."""

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    make: Callable[[Mapping[str, float], Setting], Plan]

    def plan(self, values: Mapping[str, float] | None = None, setting: Setting | None = None) -> Plan:
        """Return the plan for some values, the usual ones where none is given.

        Raises UsageError for a parameter that the method does not have, or a value that it cannot have.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        for name, value in (values or {}).items():
            if name not in known:
                raise UsageError(f'the method "{self.name}" has no parameter "{name}"; {one_of(name, known, "leave it out")}')
            if not 0.0 <= value <= known[name].most:
                raise UsageError(f"{name} is {value:g}; write a value from 0 to {known[name].most:g}")
        usual = {parameter.name: parameter.value for parameter in self.parameters}
        return self.make({**usual, **(values or {})}, setting or Setting())
