"""Steps of a scenario's route to steps of the model, and the pieces of arrivals and gates that both compilers share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from jukinet_sim.calendar import RateProfile, opening_times
from jukinet_sim.chance.distributions import Distribution, constant
from jukinet_sim.language import distributions as D
from jukinet_sim.language import route as R
from jukinet_sim.language.calendars import Calendars
from jukinet_sim.language.compile_calendar import shape_over
from jukinet_sim.language.compile_distribution import distribution
from jukinet_sim.language.flows import Retry
from jukinet_sim.language.parts import AnyPart, EachPart
from jukinet_sim.language.run import AUTO, Run
from jukinet_sim.network import model as M

NO_ARRIVALS = M.Scheduled(M.frozen_floats([]), ())
"""What a flow has that is there to be named, in which nobody comes."""


def compile_step(
    step: R.AnyStep, gate_of: Callable[[R.GateStep], M.Gate], route_of: Callable[[Any], tuple[M.Step, ...]]
) -> M.Step:
    """Turn one step into the model's; gates know their calendar and loops their inside only through the two functions."""
    match step:
        case R.VisitStep():
            demand = distribution(step.demand) if step.demand is not None else constant(0.0)
            parts = tuple(_part(part) for part in step.parts)
            turns = tuple((entry.from_, entry.probability) for entry in step.balking)
            return M.Visit(
                step.visit,
                demand,
                step.per_record,
                step.at,
                step.label,
                parts,
                step.on_refused,
                step.on_abandon,
                turns,
                step.hold,
            )
        case R.DelayStep():
            return M.Delay(distribution(step.delay), step.label)
        case R.GateStep():
            return gate_of(step)
        case R.AcquireStep():
            return M.Acquire(step.acquire, step.at, step.label, optional(step.patience), step.on_abandon, step.tokens)
        case R.ReleaseStep():
            return M.Release(step.release, step.at, step.label, step.tokens)
        case R.BranchStep():
            return M.Branch(tuple((_target(to), p) for to, p in step.branch.items()), step.label)
        case R.LoopStep():
            body = route_of(step.of)
            if isinstance(step.loop, R.PerRecords):
                return M.Loop(body, per_records=step.loop.per_records, label=step.label)
            return M.Loop(body, times=step.loop, label=step.label)
        case R.SpawnStep():
            return M.Spawn(step.spawn, step.label)
        case R.SwitchStep():
            ways = tuple((value, _target(to)) for value, to in step.to.items())
            return M.Switch(step.switch, ways, step.at, step.label)
        case R.ChooseStep():
            return M.Choose(tuple((name, _target(to)) for name, to in step.choose.items()), step.by, step.at, step.label)
        case R.SetStep():
            return M.Assign(step.set, step.to, step.at, step.label)
    raise TypeError(f"no such step: {step!r}")


def turning(route: tuple[M.Step, ...], on_refused: str | None, on_abandon: str | None) -> tuple[M.Step, ...]:
    """Return a route whose visits outside loops turn to a flow's own labels where they say nothing else."""
    return tuple(
        replace(step, on_refused=step.on_refused or on_refused, on_abandon=step.on_abandon or on_abandon)
        if isinstance(step, M.Visit)
        else step
        for step in route
    )


def _part(part: AnyPart) -> M.Part:
    if isinstance(part, EachPart):
        return M.Part(distribution(part.of), part.each, part.beyond)
    return M.Part(distribution(part))


def _target(to: str) -> str | None:
    return None if to == R.EXIT else to


def exact_count(count: int, shape: RateProfile) -> M.ExactCount:
    """Exactly `count` arrivals with the intensity of a profile."""
    return M.ExactCount(count, M.frozen_floats(shape.start_s), M.frozen_floats(shape.weight), shape.end_s)


def count_or_none(count: int, shape: RateProfile) -> M.ExactCount | M.Scheduled:
    """Return the same where there are any; for none the profile may be closed all the time."""
    return exact_count(count, shape) if count else NO_ARRIVALS


def gate(shape: RateProfile, spread_s: float, label: str | None = None) -> M.Gate:
    """Return a gate that is open while the profile is not zero."""
    times = opening_times(shape)
    return M.Gate(M.frozen_floats(times[:, 0]), M.frozen_floats(times[:, 1]), spread_s, label)


def open_at_last(shape: RateProfile, end_s: float, label: str | None = None) -> M.Gate:
    """Return a gate that is open in a profile's hours and, for whoever is left then, from the end of the run on.

    So a drained run ends with the work that is left, not with the next day on which there are such hours.
    """
    times = opening_times(shape)
    times = times[times[:, 0] < end_s]
    opens_s = np.append(times[:, 0], end_s)
    closes_s = np.append(np.minimum(times[:, 1], end_s), end_s + M.DRAIN_CALENDAR_S)
    return M.Gate(M.frozen_floats(opens_s), M.frozen_floats(closes_s), label=label)


def opening_hours(name: str, run: Run, own: Calendars) -> M.Hours:
    """Return the open hours of a profile over a run, a fortnight beyond its end included where it is drained."""
    times = opening_times(shape_over(name, own, run, beyond=run.drain))
    return M.Hours(name, M.frozen_floats(times[:, 0]), M.frozen_floats(times[:, 1]))


def retry(spec: Retry) -> M.Retry:
    """Turn what a job does after loss or abandonment into the model's."""
    attempts = None if spec.attempts == "unlimited" else spec.attempts
    return M.Retry(attempts, distribution(spec.backoff), spec.factor)


def optional(spec: D.AnyDistribution | None) -> Distribution | None:
    """Turn a distribution that may be left out into the model's."""
    return None if spec is None else distribution(spec)


def run_settings(run: Run) -> dict[str, object]:
    """Return the parts of `run:` that are part of the network an engine executes."""
    return {
        "horizon_s": run.horizon_s,
        "warm_up_s": 0.0 if run.warm_up == AUTO else run.warm_up,
        "warm_up_auto": run.warm_up == AUTO,
        "drain": run.drain,
        "series_bin_s": run.series,
        "event_budget": run.event_budget,
        "same_instant_budget": run.same_instant_budget,
        "job_budget": run.job_budget,
    }
