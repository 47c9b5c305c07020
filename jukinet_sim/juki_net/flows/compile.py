"""The flows that a scenario lists under `juki_net.flows`: volume, calendar and people to arrivals, and steps to a route."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.suggest import one_of
from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.juki_net.cadences import CADENCE_NAMES
from jukinet_sim.juki_net.crypto.pay import numbered
from jukinet_sim.juki_net.flows import steps as national_steps
from jukinet_sim.juki_net.flows.coming import Coming
from jukinet_sim.juki_net.flows.schema import NationalFlow
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.machines.links import LINKS, Sending
from jukinet_sim.juki_net.nation import MUNICIPALITY
from jukinet_sim.juki_net.places.groups import Cohort, cohorts
from jukinet_sim.juki_net.updates.forwarding import Forwarding
from jukinet_sim.language import route as R
from jukinet_sim.language.compile_calendar import extended
from jukinet_sim.language.compile_steps import compile_step, gate, optional, retry
from jukinet_sim.network import model as M


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
        coming = Coming(self.nation, self.name, self.spec, parts[0])
        for number, cohort in enumerate(parts):
            if cohort.first_day is not None and cohort.first_day > self.nation.period.last:
                continue
            name = self.name if number == 0 else f"{self.name}.from-{cohort.first_day}"
            count, arrivals = coming.arrivals(cohort)
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
        figure = None if self.spec.amount is None else getattr(self.spec, self.spec.amount)
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
        return gate(self.nation.shape(step.gate, drained), step.spread, step.label)
