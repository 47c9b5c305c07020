"""The flows that a scenario lists under `juki_net.flows`: volume, calendar and people to arrivals, and steps to a route."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.suggest import one_of
from jukinet_sim.calendar import DAY_S, Period, RateProfile, fraction_of_year, grown, profile, shares_between
from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.juki_net.cadences import CADENCE_NAMES, delivery_times, fraction_of_nine_months, split_exact
from jukinet_sim.juki_net.crypto.pay import numbered
from jukinet_sim.juki_net.flows import steps as national_steps
from jukinet_sim.juki_net.flows.schema import Batches, NationalFlow
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.machines.links import LINKS, Sending
from jukinet_sim.juki_net.nation import MUNICIPALITY
from jukinet_sim.juki_net.places.groups import Cohort, cohorts
from jukinet_sim.juki_net.programme.traffic import changed
from jukinet_sim.juki_net.updates.forwarding import Forwarding
from jukinet_sim.language import route as R
from jukinet_sim.language.compile_calendar import extended
from jukinet_sim.language.compile_steps import NO_ARRIVALS, compile_step, count_or_none, gate, optional, retry
from jukinet_sim.network import model as M

BEFORE = dt.timedelta(days=130)
"""How far back from the run the last file is looked for: longer than the longest pause of a cadence, December to April."""


@dataclass(frozen=True)
class Volume:
    """What must have arrived by the end of the run, in jobs or records of files, and the reported figure it is, if any."""

    flow: str
    count: int
    in_files: bool
    reported: str | None


def national_flows(machines: Machines, forwarding: Forwarding) -> tuple[tuple[M.Flow, ...], tuple[Volume, ...]]:
    """Every flow of the scenario's list with its volume; cohorts that join later are flows of their own."""
    flows: list[M.Flow] = []
    volumes: list[Volume] = []
    for name, spec in machines.nation.spec.flows.items():
        for flow, volume in _Flow(machines, forwarding, name, spec).flows():
            flows.append(flow)
            if flow.arrivals is not None:
                volumes.append(volume)
    return tuple(flows), tuple(volumes)


class _Flow:
    """One entry of the list."""

    def __init__(self, machines: Machines, forwarding: Forwarding, name: str, spec: NationalFlow) -> None:
        self.machines, self.forwarding, self.nation = machines, forwarding, machines.nation
        self.name, self.spec, self.path = name, spec, f"flows.{name}"

    def flows(self) -> Iterator[tuple[M.Flow, Volume]]:
        """Yield the flow, and one more for each later cohort of its group."""
        route = self._impatient(self._route(self.spec.route, f"{self.path}.route", ""))
        if not self._spelled_right():
            return
        per_municipality = self.spec.origin == MUNICIPALITY
        parts = cohorts(self.nation, self.spec) if per_municipality else (Cohort(None, np.ones(1), 1.0),)
        for number, cohort in enumerate(parts):
            if cohort.first_day is not None and cohort.first_day > self.nation.period.last:
                continue
            name = self.name if number == 0 else f"{self.name}.from-{cohort.first_day}"
            count, arrivals = self._arrivals(cohort)
            share = M.frozen_floats(cohort.weights) if per_municipality and cohort.weights.any() else None
            yield self._flow(name, route, arrivals, share), Volume(name, count, self.spec.batches is not None, self._reported)

    def _flow(
        self, name: str, route: tuple[M.Step, ...], arrivals: M.Arrivals | None, share: NDArray[np.float64] | None
    ) -> M.Flow:
        spec = self.spec
        return M.Flow(
            name,
            route,
            arrivals,
            origin=None if spec.origin == "nation" else spec.origin,
            destination=spec.destination,
            share=share,
            priority=spec.priority,
            patience=optional(spec.patience),
            timeout=optional(spec.timeout),
            zombie=spec.zombie,
            retry=None if spec.retry is None else retry(spec.retry),
            due_s=None if spec.due is None else spec.due.value,
        )

    @property
    def _reported(self) -> str | None:
        """The key of the reported figure that the volume is."""
        figure = self.spec.nine_months or self.spec.per_year
        return figure.note if figure is not None and figure.status == "reported" else None

    def _spelled_right(self) -> bool:
        """Whether group and cadence are known; faults where not."""
        before = len(self.nation.faults)
        group, batches = self.spec.group, self.spec.batches
        if group is not None and group not in self.nation.spec.groups:
            cure = one_of(group, self.nation.spec.groups, "define it under juki_net.groups")
            self.nation.fault(f"{self.path}.group", f'unknown group "{group}"', cure)
        if batches is not None and batches.cadence not in CADENCE_NAMES:
            cure = one_of(batches.cadence, CADENCE_NAMES, "")
            self.nation.fault(f"{self.path}.batches.cadence", f'unknown cadence "{batches.cadence}"', cure)
        return len(self.nation.faults) == before

    # How many, and when

    def _shape(self, cohort: Cohort, period: Period) -> RateProfile:
        """Return the profile over a period, with its growth and nothing before the cohort begins."""
        shape = profile(self.spec.profile, period)
        steps = [(period.seconds_of(step.first_day), step.factor.value) for step in self.spec.growth]
        shape = changed(self.nation.spec.programme, self.name, grown(shape, steps) if steps else shape, period)
        if cohort.first_day is None or cohort.first_day <= period.first:
            return shape
        return grown(shape, [(0.0, 0.0), (period.seconds_of(cohort.first_day), 1.0)])

    def _volume(self, shape: RateProfile, size: float, period: Period) -> float:
        """Jobs, or records of files, that come in a period."""
        plain = profile(self.spec.profile, period).integral()
        if plain == 0.0:
            return 0.0
        if self.spec.nine_months is not None:
            whole = self.spec.nine_months.value * fraction_of_nine_months(self.spec.profile, period)
            whole *= self.nation.network_share
        elif self.spec.per_year is not None:
            whole = self.spec.per_year.value * fraction_of_year(self.spec.profile, period) * self.nation.share
        else:
            return 0.0
        return whole * self.nation.spec.volume.value * (shape.integral() / plain * size)

    def _arrivals(self, cohort: Cohort) -> tuple[int, M.Arrivals | None]:
        """Jobs one by one, or files of what came since the last one; None for a flow that others spawn."""
        if self.spec.days:
            return self._on_days(cohort)
        if self.spec.per_year is None and self.spec.nine_months is None:
            return 0, None
        if self.spec.batches is not None:
            return self._files(cohort, self.spec.batches)
        shape = self._shape(cohort, self.nation.period)
        count = round(self._volume(shape, cohort.size, self.nation.period))
        return count, count_or_none(count, shape)

    def _on_days(self, cohort: Cohort) -> tuple[int, M.Arrivals]:
        """Jobs of single days, those of each in the shape that the profile has on it; a fault for a day that is closed."""
        period, shape = self.nation.period, self._shape(cohort, self.nation.period)
        factors, jobs = [(0.0, 0.0)], 0.0
        for number, day in enumerate(self.spec.days):
            begins = period.seconds_of(day.on)
            if not 0.0 <= begins < period.seconds:
                continue
            _, open_part = shares_between(shape, (begins, begins + DAY_S))
            if open_part == 0.0:
                what = f"the profile {self.spec.profile} is closed on {day.on}"
                self.nation.fault(f"{self.path}.days.{number}.on", what, "choose another profile or another day")
                continue
            factors += [(begins, day.jobs.value / open_part), (begins + DAY_S, 0.0)]
            jobs += day.jobs.value
        whole = jobs * self.nation.network_share * self.nation.spec.volume.value * cohort.size
        count = round(whole)
        return count, count_or_none(count, grown(shape, factors))

    def _files(self, cohort: Cohort, batches: Batches) -> tuple[int, M.Arrivals]:
        """Files on their dates: the first carries what came before the run, and what comes after the last is not sent."""
        run = self.nation.period
        longer = Period(run.first - BEFORE, run.last)
        shape = self._shape(cohort, longer)
        at_s = delivery_times(batches.cadence, longer, batches.at.value)
        offset = BEFORE.days * DAY_S
        files = [(at - offset, share) for at, share in zip(at_s, shares_between(shape, at_s), strict=True) if at >= offset]
        whole = shape.integral()
        sent = round(self._volume(shape, cohort.size, longer) * sum(share for _, share in files) / whole) if whole else 0
        if sent == 0:
            return 0, NO_ARRIVALS
        records = split_exact(sent, [share for _, share in files])
        kept = [(at, number) for (at, _), number in zip(files, records, strict=True) if number]
        return sent, M.Scheduled(M.frozen_floats([at for at, _ in kept]), tuple(number for _, number in kept))

    # Which way

    def _route(self, steps: tuple[national_steps.AnyNationalStep, ...], path: str, prefix: str) -> tuple[M.Step, ...]:
        """Every step as those of the model, labelled by its place in the file so that no other step's draws move."""
        route: list[M.Step] = []
        for i, step in enumerate(steps):
            label = step.label or f"{prefix}{i}"
            found = self._steps(step, f"{path}.{i}", label)
            route.append(replace(found[0], label=label))
            route += [part if part.label else replace(part, label=f"{label}.{k}") for k, part in numbered(found[1:], 1)]
        return tuple(route)

    def _steps(self, step: national_steps.AnyNationalStep, path: str, label: str) -> tuple[M.Step, ...]:
        match step:
            case national_steps.PassStep():
                return self.machines.handling(step.pass_, step.at, label, f"{path}.pass")
            case national_steps.SendStep():
                return self._send(step, path)
            case national_steps.ForwardStep():
                return self.forwarding.steps(self.nation.message_bytes(step.forward, f"{path}.forward"), label)
            case national_steps.TakeStep():
                return (M.Delay(constant(self.nation.time_s(step.take, f"{path}.take"))),)
        return (compile_step(step, self._gate, lambda inner: self._route(inner, f"{path}.of", f"{label}.")),)

    def _impatient(self, route: tuple[M.Step, ...]) -> tuple[M.Step, ...]:
        """Return the route of somebody who does not wait for a first terminal for ever."""
        if self.spec.gives_up is None:
            return route
        for number, step in enumerate(route):
            if isinstance(step, M.Acquire) and step.pool in self.nation.spec.terminals:
                lasts = step.patience or exponential(self.spec.gives_up.value)
                return (*route[:number], replace(step, patience=lasts), *route[number + 1 :])
        cure = 'write "gives_up: null", or "patience" where it waits for service'
        self.nation.fault(f"{self.path}.gives_up", "this flow waits for no terminal", cure)
        return route

    def _send(self, step: national_steps.SendStep, path: str) -> tuple[M.Step, ...]:
        bytes_ = self.nation.message_bytes(step.message, f"{path}.message")
        each = 0.0 if step.per_record is None else self.nation.message_bytes(step.per_record, f"{path}.per_record")
        if step.send not in LINKS:
            self.nation.fault(f"{path}.send", f'unknown link "{step.send}"', one_of(step.send, LINKS, "jukinet explain links"))
            return (M.Delay(constant(0.0)),)
        return LINKS[step.send].cross(Sending(self.machines, bytes_, each, step.at))

    def _gate(self, step: R.GateStep) -> M.Gate:
        drained = extended(self.nation.period, self.nation.run.drain)
        return gate(profile(step.gate, drained), step.spread, step.label)
