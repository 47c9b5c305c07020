"""A route with all that is known of its steps before anybody walks it: their numbers, their names in draws, their labels."""

from __future__ import annotations

from collections.abc import Mapping

from jukinet_sim.chance.keys import name_hash
from jukinet_sim.network import model as M


class Stop:
    """A step of a route. `number` is its place among all steps, `hash` its name in draws, `parts` those of its parts."""

    def __init__(self, step: M.Step, path: str, flow: str, numbers: Mapping[str, int]) -> None:
        self.step = step
        self.number = numbers[f"{flow}: {path}"]
        self.hash = name_hash(path)
        parts = step.parts if isinstance(step, M.Visit) else ()
        self.parts = tuple((part, name_hash(f"{path}+{i}")) for i, part in enumerate(parts, start=1))
        self.body = Itinerary(step.body, flow, numbers, f"{path}.") if isinstance(step, M.Loop) else None


class Itinerary:
    """The steps of a route or of the body of a loop, and at which of them each label stands."""

    def __init__(self, steps: tuple[M.Step, ...], flow: str, numbers: Mapping[str, int], prefix: str = "") -> None:
        self.stops = [Stop(step, M.step_path(prefix, at, step), flow, numbers) for at, step in enumerate(steps)]
        self.labels = {step.label: at for at, step in enumerate(steps) if step.label}
