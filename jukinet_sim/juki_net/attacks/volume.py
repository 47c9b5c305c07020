"""When attacks take place, how many attempts that makes, and how many lines of which logs."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jukinet_sim.calendar import DAY_S, grown, profile
from jukinet_sim.juki_net.attacks import schema as K
from jukinet_sim.juki_net.nation import MUNICIPALITY, Nation
from jukinet_sim.language.compile_steps import NO_ARRIVALS, count_or_none
from jukinet_sim.network import model as M

LOG_ON, DOWNGRADE = "log_on", "downgrade"
"""Where attempts are refused that no firewall drops, as drop logs name them."""
_MOST_AT_ONCE = 1_000_000


def window_s(nation: Nation, name: str, spec: K.Attack) -> tuple[float, float]:
    """Return from when to when new attempts come, in seconds of the run; a fault for an attack outside it."""
    end_s = nation.period.seconds
    if spec.at is None:
        return 0.0, end_s
    at_s = nation.seconds_of(spec.at)
    if not 0.0 <= at_s < end_s:
        what = f"this attack begins outside the run, {nation.period.first} to {nation.period.last}"
        nation.fault(f"attacks.{name}.at", what, "change its date or the run's period")
        return 0.0, end_s
    return at_s, end_s if spec.for_s is None else min(end_s, at_s + spec.for_s)


def arrivals(nation: Nation, name: str, spec: K.Attack) -> M.Arrivals:
    """Return when attempts come that are not repeated ones."""
    at_s, end_s = window_s(nation, name, spec)
    if spec.count is not None:
        count = round(spec.count.value * _size(nation, spec))
        if spec.at is not None and spec.for_s is None:
            if count > _MOST_AT_ONCE:
                what = f"{float(count):.3g} attempts at one instant are more than a run can hold"
                nation.fault(f"attacks.{name}.count", what, f"write at most {_MOST_AT_ONCE:,}, or spread them by \"for: 1 h\"")
                return NO_ARRIVALS
            return M.Scheduled(M.frozen_floats(np.full(count, at_s)), (1,) * count)
        return count_or_none(count, grown(profile("uniform", nation.period), [(0.0, 0.0), (at_s, 1.0), (end_s, 0.0)]))
    assert spec.rate is not None  # one of both is given
    rate = spec.rate.value * _size(nation, spec)
    if rate == 0.0:
        return NO_ARRIVALS
    if spec.at is None:
        return M.Poisson(rate)
    steps = {0.0: 0.0, at_s: rate, end_s: 0.0}
    return M.Piecewise(M.frozen_floats(list(steps)), M.frozen_floats(list(steps.values())))


def share(nation: Nation, name: str, spec: K.Attack) -> M.Floats:
    """Return what the origin is drawn by: residents, or one municipality alone."""
    if spec.place is None:
        return M.frozen_floats(nation.residents)
    numbers = nation.place_numbers(MUNICIPALITY, (spec.place,), f"attacks.{name}.place")
    weights = np.zeros(len(nation.places.code))
    weights[numbers or [0]] = 1.0
    return M.frozen_floats(weights)


def lines_per_day(nation: Nation) -> dict[str, float]:
    """Return the lines a day that attempts are expected to leave in each log over the days of a run, repeated ones left out."""
    found: dict[str, float] = {}
    for name, spec in nation.spec.attacks.items():
        at_s, end_s = window_s(nation, name, spec)
        attempts = _size(nation, spec) * (spec.count.value if spec.count is not None else 0.0)
        if spec.rate is not None:
            attempts = spec.rate.value * _size(nation, spec) * (end_s - at_s)
        for where, part in _dropped(spec):
            found[where] = found.get(where, 0.0) + attempts * part / (nation.period.seconds / DAY_S)
    return found


def _size(nation: Nation, spec: K.Attack) -> float:
    """Return which part of the attempts of the whole nation come from the municipalities there are."""
    return 1.0 if spec.place is not None else nation.share


def _dropped(spec: K.Attack) -> Iterator[tuple[str, float]]:
    """Yield where attempts are dropped, and which part of them is dropped there."""
    there = 1.0
    for stage in spec.way:
        match stage:
            case K.ThroughFirewall(firewall=where, passes=passes):
                yield where, there * (1.0 - passes.value)
                there *= passes.value
            case K.LogOn(log_on=guessed):
                yield LOG_ON, there * (1.0 - guessed.value)
                there *= guessed.value
