"""Monitoring as stations, flows and steps: taps raise alerts, analysts work on them, logs are read, equipment is asked.

Marks of intrusion detection are no visits: they take no time, and whoever raises an alert goes on at once.
"""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property

import numpy as np

from jukinet_sim.base.suggest import one_of
from jukinet_sim.calendar import DAY_S
from jukinet_sim.chance.distributions import constant
from jukinet_sim.design.chance import uniforms
from jukinet_sim.juki_net.attacks.schema import Attack
from jukinet_sim.juki_net.call_centre.compile import CallCentre
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.monitoring.alerts import Alerts
from jukinet_sim.juki_net.monitoring.equipment import Outages, alarm_times, concerned_s, dated_outages, fail, random_outages
from jukinet_sim.juki_net.monitoring.names import (
    ALERT,
    ANALYSTS,
    ATTACK,
    BY_MUNICIPALITY,
    ENTRUSTED,
    EQUIPMENT,
    FALSE,
    FROM_LOG,
    RATE_LIMIT,
)
from jukinet_sim.juki_net.monitoring.schema import NETWORK_SIDE, Shift
from jukinet_sim.juki_net.monitoring.taps import tap, woven
from jukinet_sim.juki_net.nation import MUNICIPALITY, PREFECTURE
from jukinet_sim.juki_net.topics import Flows, Topic
from jukinet_sim.network import model as M


class Monitoring(Topic):
    """Firewalls' logs, intrusion detection, analysts, and what is noticed of equipment."""

    def __init__(self, machines: Machines, calls: CallCentre) -> None:
        self.machines, self.nation, self.calls = machines, machines.nation, calls
        self.spec = self.nation.spec.monitoring

    # The network side

    @cached_property
    def taps(self) -> dict[str, str]:
        """Stations that are tapped, each with its firewall: that before a line is one with it unless lines differ."""
        if self.spec is None or self.spec.ids is None:
            return {}
        return {self._entrance if name == "network_firewall" else name: name for name in self.spec.ids.taps}

    @property
    def _entrance(self) -> str:
        return "network_firewall" if self.machines.own_lines else "cs_line"

    @cached_property
    def entrusted(self) -> tuple[int, ...]:
        """The prefectures whose networks the centre watches: a share of them, in an order that the run's seed draws."""
        places = len(self.nation.codes(PREFECTURE))
        share = 1.0 if self.spec is None else self.spec.entrusted.value
        order = np.argsort(uniforms(self.nation.run.seed, "entrusted prefectures", places)).tolist()
        return tuple(sorted(order[: round(share * places)]))

    @property
    def _shared(self) -> bool:
        """Whether some prefectures, each with a firewall of its own, watch it themselves."""
        own = self.nation.spec.prefecture.firewall.per == PREFECTURE
        return own and len(self.entrusted) < len(self.nation.codes(PREFECTURE))

    # What comes with it

    def stations(self) -> tuple[M.Station, ...]:
        """Return the analysts."""
        if self.spec is None:
            return ()
        schedule = _roster(self.spec.analysts.shifts)
        return (M.Station(ANALYSTS, max(schedule.servers), discipline="priority", schedule=schedule),)

    def pools(self) -> tuple[M.Pool, ...]:
        """Return the token bucket of each municipality, where what it sends is limited."""
        if self.spec is None or self.spec.rate_limit is None:
            return ()
        limit = self.spec.rate_limit
        return (M.Pool(RATE_LIMIT, limit.burst.value, MUNICIPALITY, limit.per_municipality.value),)

    def states(self) -> tuple[M.State, ...]:
        """Return which prefectures are watched by the centre, where that matters."""
        if not (self._shared and "prefecture_firewall" in self.taps):
            return ()
        return (M.State(ENTRUSTED, 0, PREFECTURE, tuple((0.0, place, 1) for place in self.entrusted)),)

    def flows(self) -> Flows:
        """Return the reading of logs and the alarms of equipment."""
        if self.spec is None:
            return ()
        found = list(Alerts(self.nation, self.spec).log_analysis(len(self.entrusted)))
        if self.spec.equipment is not None:
            horizon_s = self.nation.period.seconds
            outages = (*self._failures, *dated_outages(self.nation))
            noticed = M.frozen_floats(alarm_times(outages, horizon_s))
            visit = M.Visit(ANALYSTS, constant(self.spec.equipment.handling.value), label="handled")
            found.append(M.Flow(EQUIPMENT, (visit,), M.Scheduled(noticed, (1,) * len(noticed))))
            # Calls because of incidents on a date are the call centre's own business.
            self.calls.on_dates("outage", concerned_s(self.nation, self._failures))
        return tuple(found)

    @cached_property
    def _failures(self) -> Outages:
        return () if self.spec is None else random_outages(self.nation, self.spec)

    def equipped(self, stations: tuple[M.Station, ...]) -> tuple[M.Station, ...]:
        """Return stations with the outages that are drawn for them."""
        return fail(stations, self._failures)

    # What logs tell

    def logged(self, attack: str, where: str, label: str) -> tuple[M.Step, ...]:
        """Return the steps by which a line in the log of `where` is understood, perhaps, by whoever reads that log."""
        if self.spec is None or self.nation.spec.attacks[attack].level == "none":
            return ()
        if where in NETWORK_SIDE:
            found, kind = (0.0 if self.spec.log_analysis is None else self.spec.log_analysis.finds.value), FROM_LOG
        else:
            found, kind = self.spec.municipal_side.looked_at.value, BY_MUNICIPALITY
        if found == 0.0:
            return ()
        read, unread = f"{label}.read", f"{label}.unread"
        cases = tuple((to, p) for to, p in ((unread, 1.0 - found), (read, found)) if p > 0.0)
        return (
            M.Branch(cases, f"{label}.looked_at"),
            M.Spawn(ALERT + attack + kind, read),
            M.Delay(constant(0.0), unread),
        )

    # What everybody's messages pass

    def through(self, flows: Flows) -> Flows:
        """Return flows that raise alerts at taps and keep to limits, and the alerts that somebody has to look at."""
        if self.spec is None:
            return flows
        self._check_classes(flows)
        marked = tuple(self._watched(flow) for flow in flows)
        raised = {step.flow for flow in marked for step in M.all_steps(flow.route) if isinstance(step, M.Spawn)}
        if self.taps:
            raised.add(FALSE)
        names = sorted(name for name in raised if name.startswith(ALERT))
        return (*marked, *Alerts(self.nation, self.spec).flows(names))

    def _watched(self, flow: M.Flow) -> M.Flow:
        """Return a flow whose tapped visits raise alerts, and which is limited where it enters the network."""
        attack = self.nation.spec.attacks.get(flow.name.removeprefix(ATTACK)) if flow.name.startswith(ATTACK) else None
        probability, alert = self._suspicion(flow.name, attack)
        limited = self.spec is not None and self.spec.rate_limit is not None and (attack is None or attack.rate_limited)

        def around(visit: M.Visit, path: str, behind: str) -> tuple[tuple[M.Step, ...], tuple[M.Step, ...]]:
            before: tuple[M.Step, ...] = ()
            after: tuple[M.Step, ...] = ()
            if limited and visit.station == self._entrance:
                # What should not be there is dropped; everybody else's machine sends again until it is let through.
                before = (M.Acquire(RATE_LIMIT, visit.at, patience=None if attack is None else constant(0.0)),)
            if visit.station in self.taps and probability > 0.0:
                shared = self._shared and self.taps[visit.station] == "prefecture_firewall"
                after = tap(visit, path, behind, probability, alert, shared=shared)
            return before, after

        if not limited and (probability == 0.0 or not self._is_tapped(flow)):
            return flow
        return replace(flow, route=woven(flow.route, around))

    def _is_tapped(self, flow: M.Flow) -> bool:
        return any(isinstance(step, M.Visit) and step.station in self.taps for step in M.all_steps(flow.route))

    def _suspicion(self, name: str, attack: Attack | None) -> tuple[float, str]:
        """Return the probability of an alarm for a message of a flow, and the flow of that alarm."""
        ids = None if self.spec is None else self.spec.ids
        if ids is None:
            return 0.0, FALSE
        if attack is not None:
            detection = 0.0 if attack.detection is None else attack.detection.value
            return detection, FALSE if attack.level == "none" else ALERT + name.removeprefix(ATTACK)
        for traffic in ids.classes.values():
            if any(fnmatchcase(name, pattern) for pattern in traffic.flows):
                return traffic.false_alarm.value, FALSE
        return ids.false_alarm.value, FALSE

    def _check_classes(self, flows: Flows) -> None:
        """Refuse names of flows that do not exist; a pattern may match nothing, as flows can be left out."""
        names = [flow.name for flow in flows]
        ids = None if self.spec is None else self.spec.ids
        for name, traffic in ({} if ids is None else ids.classes).items():
            for i, pattern in enumerate(traffic.flows):
                if not set(pattern) & set("*?[") and pattern not in names:
                    cure = one_of(pattern, names, 'write a pattern such as "query*"')
                    self.nation.fault(f"monitoring.ids.classes.{name}.flows.{i}", f'no flow is called "{pattern}"', cure)


def _roster(shifts: tuple[Shift, ...]) -> M.Schedule:
    """Return the analysts of each hour of the day; before the first shift the last one of the day before is there."""
    start_s = tuple(shift.at for shift in shifts)
    servers = tuple(shift.analysts.value for shift in shifts)
    if start_s[0] > 0.0:
        start_s, servers = (0.0, *start_s), (servers[-1], *servers)
    return M.Schedule(start_s, servers, DAY_S)


