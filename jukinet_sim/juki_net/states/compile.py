"""Waves of new values to the dated changes of states."""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.juki_net.states.schema import NationalState
from jukinet_sim.juki_net.waves.places import taken
from jukinet_sim.network import model as M


def national_states(nation: Nation) -> tuple[M.State, ...]:
    """Return the states of a scenario's own; a fault for a change outside the run."""
    return tuple(_state(nation, name, spec) for name, spec in nation.spec.states.items())


def _state(nation: Nation, name: str, spec: NationalState) -> M.State:
    changes = sorted(_changes(nation, name, spec), key=lambda change: change[0])
    return M.State(name, spec.start, spec.per, tuple(changes))


def _changes(nation: Nation, name: str, spec: NationalState) -> Iterator[tuple[float, int | None, int]]:
    """Yield instant, place and new value; the one value of the nation has no place."""
    for number, wave in enumerate(spec.changes):
        path = f"states.{name}.changes.{number}"
        at_s = nation.seconds_of(wave.at)
        if not 0.0 <= at_s < nation.period.seconds:
            what = f"this change lies outside the run, {nation.period.first} to {nation.period.last}"
            nation.fault(f"{path}.at", what, "change its date or the run's period")
            continue
        order = (f"order of state {name}", f"lateness of state {name}")
        for place, late_s in taken(nation, wave, spec.per, path, order):
            yield at_s + late_s, None if spec.per is None else place, wave.to
