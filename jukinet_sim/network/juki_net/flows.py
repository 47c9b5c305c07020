"""The flows that a scenario lists under `juki_net.flows`: volume, calendar and people to arrivals, and steps to a route."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.calendar import (
    CADENCE_NAMES,
    RateProfile,
    delivery_times,
    fraction_of_nine_months,
    fraction_of_year,
    grown,
    profile,
    shares_between,
    split_exact,
)
from jukinet_sim.distributions import constant
from jukinet_sim.network import model as M
from jukinet_sim.network.compile_steps import compile_step, exact_count, extended, gate, optional, retry
from jukinet_sim.network.juki_net.forwarding import Forwarding
from jukinet_sim.network.juki_net.groups import Cohort, cohorts
from jukinet_sim.network.juki_net.links import LINKS, Sending
from jukinet_sim.network.juki_net.machines import Machines
from jukinet_sim.network.juki_net.nation import MUNICIPALITY
from jukinet_sim.network.juki_net.updates import NO_ARRIVALS
from jukinet_sim.scenario import national_steps as T
from jukinet_sim.scenario import route as R
from jukinet_sim.scenario.national_flows import NationalFlow
from jukinet_sim.scenario.suggest import one_of


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
            volumes.append(volume)
    return tuple(flows), tuple(volumes)


class _Flow:
    """One entry of the list."""

    def __init__(self, machines: Machines, forwarding: Forwarding, name: str, spec: NationalFlow) -> None:
        self.machines, self.forwarding, self.nation = machines, forwarding, machines.nation
        self.name, self.spec, self.path = name, spec, f"flows.{name}"

    def flows(self) -> Iterator[tuple[M.Flow, Volume]]:
        """The flow, and one more for each later cohort of its group."""
        route = self._route(self.spec.route, f"{self.path}.route", "")
        if not self._spelled_right():
            return
        per_municipality = self.spec.origin == MUNICIPALITY
        parts = cohorts(self.nation, self.spec) if per_municipality else (Cohort(None, np.ones(1)),)
        for number, cohort in enumerate(parts):
            if cohort.first_day is not None and cohort.first_day > self.nation.period.last:
                continue
            name = self.name if number == 0 else f"{self.name}.from-{cohort.first_day}"
            size = 1.0 if number == 0 else float(cohort.weights.sum() / max(parts[0].weights.sum(), 1e-300))
            shape = self._shape(cohort)
            count, arrivals = self._arrivals(shape, size)
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

    def _shape(self, cohort: Cohort) -> RateProfile:
        """The profile over the run, with its growth and nothing before the cohort begins."""
        shape = profile(self.spec.profile, self.nation.period)
        steps = [(self.nation.period.seconds_of(step.first_day), step.factor.value) for step in self.spec.growth]
        shape = grown(shape, steps) if steps else shape
        if cohort.first_day is None or cohort.first_day <= self.nation.period.first:
            return shape
        return grown(shape, [(0.0, 0.0), (self.nation.period.seconds_of(cohort.first_day), 1.0)])

    def _count(self, shape: RateProfile, size: float) -> int:
        """Jobs, or records of files, in the run."""
        plain = profile(self.spec.profile, self.nation.period).integral()
        if plain == 0.0:
            return 0
        larger = shape.integral() / plain * size
        if self.spec.nine_months is not None:
            people = self.nation.network_share
            whole = self.spec.nine_months.value * fraction_of_nine_months(self.spec.profile, self.nation.period)
        elif self.spec.per_year is not None:
            people = self.nation.share
            whole = self.spec.per_year.value * fraction_of_year(self.spec.profile, self.nation.period)
        else:
            return 0
        return round(whole * larger * people)

    def _arrivals(self, shape: RateProfile, size: float) -> tuple[int, M.Arrivals | None]:
        """Jobs one by one, or files of what came since the last one; None for a flow that others spawn."""
        if self.spec.per_year is None and self.spec.nine_months is None:
            return 0, None
        count = self._count(shape, size)
        if count == 0:
            return 0, NO_ARRIVALS
        batches = self.spec.batches
        if batches is None:
            return count, exact_count(count, shape)
        at_s = delivery_times(batches.cadence, self.nation.period, batches.at.value)
        shares = shares_between(shape, at_s)
        # What comes after the last file travels with one beyond the run.
        sent = round(count * sum(shares) / shape.integral()) if shares else 0
        if sent == 0:
            return 0, NO_ARRIVALS
        files = [(at, records) for at, records in zip(at_s, split_exact(sent, shares), strict=True) if records]
        return sent, M.Scheduled(M.frozen_floats([at for at, _ in files]), tuple(records for _, records in files))

    # Which way

    def _route(self, steps: tuple[T.AnyNationalStep, ...], path: str, prefix: str) -> tuple[M.Step, ...]:
        """Every step as those of the model, labelled by its place in the file so that no other step's draws move."""
        route: list[M.Step] = []
        for i, step in enumerate(steps):
            label = step.label or f"{prefix}{i}"
            found = self._steps(step, f"{path}.{i}", label)
            route.append(replace(found[0], label=label))
            route += [part if part.label else replace(part, label=f"{label}.{k}") for k, part in enumerate(found[1:], 1)]
        return tuple(route)

    def _steps(self, step: T.AnyNationalStep, path: str, label: str) -> tuple[M.Step, ...]:
        match step:
            case T.PassStep():
                return self.machines.handling(step.pass_, step.at, label, f"{path}.pass")
            case T.SendStep():
                return self._send(step, path)
            case T.ForwardStep():
                return self.forwarding.steps(self.nation.message_bytes(step.forward, f"{path}.forward"), label)
            case T.TakeStep():
                return (M.Delay(constant(self.nation.time_s(step.take, f"{path}.take"))),)
        return (compile_step(step, self._gate, lambda inner: self._route(inner, f"{path}.of", f"{label}.")),)

    def _send(self, step: T.SendStep, path: str) -> tuple[M.Step, ...]:
        bytes_ = self.nation.message_bytes(step.message, f"{path}.message")
        each = 0.0 if step.per_record is None else self.nation.message_bytes(step.per_record, f"{path}.per_record")
        if step.send not in LINKS:
            self.nation.fault(f"{path}.send", f'unknown link "{step.send}"', one_of(step.send, LINKS, "jukinet explain links"))
            return (M.Delay(constant(0.0)),)
        return LINKS[step.send].cross(Sending(self.machines, bytes_, each, step.at))

    def _gate(self, step: R.GateStep) -> M.Gate:
        drained = extended(self.nation.period, self.nation.loaded.scenario.run.drain)
        return gate(profile(step.gate, drained), step.spread, step.label)
