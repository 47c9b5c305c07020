"""Another method comes to municipalities by waves: dates to states of each, who is enrolled, and who has to go back."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jukinet_sim.calendar import DAY_S, Period, volume_ratio
from jukinet_sim.design.chance import uniforms
from jukinet_sim.juki_net.machines.compile import Machines, demand
from jukinet_sim.juki_net.nation import MUNICIPALITY, Nation
from jukinet_sim.juki_net.operators.names import BOTH, ENROLMENT, METHOD, NEW, OLD
from jukinet_sim.juki_net.operators.schema import CutOver, CutOverWave, Operators
from jukinet_sim.juki_net.operators.seats import Seats
from jukinet_sim.juki_net.waves.places import taken
from jukinet_sim.language.compile_steps import count_or_none
from jukinet_sim.network import model as M

FAILED = "cut-over"
"""The kind of calls that a failed one makes."""
BACK = -1
"""In place of a state: back to the old method alone."""
_CV = 0.5
"""How much the time of an enrolment varies, as that of log-ons usually does."""
_DRAWN_AS = ("order of municipalities", "lateness of operators' cut-over")


@dataclass(frozen=True)
class Holding:
    """Which method holds in each municipality, and when cut-overs fail, in seconds of the run."""

    state: M.State
    failed_s: tuple[float, ...] = ()


def method_holding(nation: Nation, spec: Operators) -> Holding:
    """Return which method holds where by the waves of a scenario; the old one everywhere where there are none."""
    if spec.cut_over is None:
        return Holding(M.State(METHOD, OLD, MUNICIPALITY))
    fails = _failing(nation, spec.cut_over)
    events: list[tuple[float, int, int]] = []
    failed_s: list[float] = []
    for number, wave in enumerate(spec.cut_over.waves):
        for place, late_s in _taken(nation, wave, number):
            if wave.both_from is not None:
                events.append((nation.period.seconds_of(wave.both_from) + late_s, place, BOTH))
            if wave.only_from is None:
                continue
            at_s = nation.period.seconds_of(wave.only_from) + late_s
            if place in fails and spec.cut_over.rolls_back_for is not None:
                events.append((at_s, place, BACK))
                failed_s.append(at_s)
                at_s += spec.cut_over.rolls_back_for.value
            events.append((at_s, place, NEW))
    inside = tuple(at_s for at_s in sorted(failed_s) if 0.0 <= at_s < nation.period.seconds)
    changes = tuple((max(0.0, at_s), place, value) for at_s, place, value in _forward(events))
    return Holding(M.State(METHOD, OLD, MUNICIPALITY, changes), inside)


def _taken(nation: Nation, wave: CutOverWave, number: int) -> Iterator[tuple[int, float]]:
    yield from taken(nation, wave, MUNICIPALITY, f"operators.cut_over.waves.{number}", _DRAWN_AS)


def _failing(nation: Nation, spec: CutOver) -> frozenset[int]:
    """Return the municipalities whose cut-over fails, drawn by the seed of the run."""
    if spec.fails is None:
        return frozenset()
    drawn = uniforms(nation.run.seed, "operators' cut-overs that fail", len(nation.codes(MUNICIPALITY)))
    return frozenset(np.flatnonzero(drawn < spec.fails.value).tolist())


def _forward(events: list[tuple[float, int, int]]) -> Iterator[tuple[float, int, int]]:
    """Yield when which municipality changes to what: forward only, but for those that have to go back."""
    now: dict[int, int] = defaultdict(lambda: OLD)
    for at_s, place, value in sorted(events, key=lambda one: one[0]):
        after = OLD if value == BACK else max(now[place], value)
        if after != now[place]:
            now[place] = after
            yield at_s, place, after


def enrolments(machines: Machines, spec: Operators, seats: Seats) -> Iterator[M.Flow]:
    """Yield the operators of each wave who are enrolled, each once, in business hours before the new method holds.

    Their number is that of the wave's operators; of which municipality each is, is drawn.
    """
    cut_over, nation = spec.cut_over, machines.nation
    if cut_over is None or cut_over.enrolment is None:
        return
    waves = [(number, wave) for number, wave in enumerate(cut_over.waves) if wave.enrols_on is not None]
    pool = next(iter(seats.by_pool))
    for number, wave in waves:
        name = ENROLMENT if len(waves) == 1 else f"{ENROLMENT}.{number + 1}"
        operators = np.zeros(len(seats.operators))
        for place, _ in _taken(nation, wave, number):
            operators[place] = seats.operators[place]
        route = (
            M.Acquire(pool, label="terminal"),
            M.Delay(demand(cut_over.enrolment.value, _CV), "enrols"),
            *machines.handling("cs", "origin", "keeps", ""),
            M.Release(pool, label="leaves"),
        )
        arrivals = _enrolled(nation, spec, wave, float(operators.sum()))
        yield M.Flow(name, route, arrivals, origin=MUNICIPALITY, share=M.frozen_floats(operators) if operators.any() else None)


def _enrolled(nation: Nation, spec: Operators, wave: CutOverWave, operators: float) -> M.Arrivals:
    """Return when a wave's operators are enrolled, as far as that is in the run."""
    assert wave.enrols_on is not None  # only such waves enrol
    run = nation.period
    whole = Period(wave.enrols_on, wave.first - dt.timedelta(days=1))
    first, last = max(whole.first, run.first), min(whole.last, run.last)
    if last < first or nation.shape(spec.hours, whole).integral() == 0.0:
        return count_or_none(0, nation.shape(spec.hours))
    part = Period(first, last)
    count = round(operators * volume_ratio(nation.profile(spec.hours), part, whole))
    shape = nation.shape(spec.hours, part)
    offset_s = run.seconds_of(first)
    if count == 0:
        return count_or_none(0, shape)
    start_s, weight = shape.start_s + offset_s, shape.weight
    if offset_s > 0.0:
        start_s, weight = np.append(0.0, start_s), np.append(0.0, weight)
    return M.ExactCount(count, M.frozen_floats(start_s), M.frozen_floats(weight), offset_s + part.days * DAY_S)
