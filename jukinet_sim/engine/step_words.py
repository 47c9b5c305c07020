"""A step of the table, which is named by its flow and its path, in words that stand in the scenario."""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.network import model as M


def step_in_words(network: M.Network, name: str) -> str:
    """Return what is done at a step such as `flow: 3.1`, and by which flow; parts and ends of loops as the step they are of."""
    for flow in network.flows:
        own = f"{flow.name}: "
        if name.startswith(own):
            path = name.removeprefix(own).removesuffix(" (end)")
            found = dict(_paths(flow.route, ""))
            step = found.get(path) or found.get(path.rpartition("+")[0])
            if step is not None:
                labelled = f" ({step.label})" if step.label else ""
                return f"{_words(step)} of {flow.name}{labelled}"
            if path in _OTHERS:
                return f"{_OTHERS[path]} of {flow.name}"
    return name


_OTHERS = {"exit": "end", "back-off": "back-off", "think": "think time"}
"""Steps that stand in no route."""


def _paths(steps: tuple[M.Step, ...], prefix: str) -> Iterator[tuple[str, M.Step]]:
    for number, step in enumerate(steps):
        path = M.step_path(prefix, number, step)
        yield path, step
        if isinstance(step, M.Loop):
            yield from _paths(step.body, f"{path}.")


def _words(step: M.Step) -> str:
    match step:
        case M.Visit(station=name):
            return f"visit {name}"
        case M.Acquire(pool=name):
            return f"acquire {name}"
        case M.Release(pool=name):
            return f"release {name}"
        case M.Spawn(flow=name):
            return f"spawn {name}"
        case M.Switch(state=name):
            return f"switch {name}"
        case M.Assign(state=name):
            return f"set {name}"
        case _:
            return type(step).__name__.lower()
