"""The call centre as a station with impatient callers who call again, and all the calls that come to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from jukinet_sim.chance.distributions import exponential
from jukinet_sim.design.chance import uniforms
from jukinet_sim.juki_net.call_centre.agents import roster
from jukinet_sim.juki_net.call_centre.volumes import received
from jukinet_sim.juki_net.flows.compile import Volume
from jukinet_sim.juki_net.incidents.compile import concerned
from jukinet_sim.juki_net.machines.compile import Machines, demand
from jukinet_sim.juki_net.topics import Flows, Topic
from jukinet_sim.language.compile_steps import NO_ARRIVALS, count_or_none, open_at_last
from jukinet_sim.language.stations import MOST_SERVERS
from jukinet_sim.network import model as M

STATION, CALL = "call_centre", "call."
OUTAGE = "outage"
"""The kind of calls that outages and stopped updates cause."""


class CallCentre(Topic):
    """What answers the telephone; other topics make their calls through it, before its flows are asked for."""

    def __init__(self, machines: Machines) -> None:
        self.nation = machines.nation
        self.spec = self.nation.spec.call_centre
        self._spawned: dict[str, None] = {}
        self._events: dict[str, list[float]] = {}

    def hold_the_line(self, label: str) -> tuple[M.Step, ...]:
        """Return the steps by which a job itself telephones and waits as long as it takes; none without a centre."""
        return () if self.spec is None else self._call(self.spec.handling.value, label)

    def spawn(self, kind: str, label: str) -> tuple[M.Step, ...]:
        """Return the step that sets a call off and goes on; none without a centre."""
        if self.spec is None:
            return ()
        self._spawned[kind] = None
        return (M.Spawn(CALL + kind, label),)

    def on_dates(self, kind: str, at_s: Sequence[float]) -> None:
        """Take note of events at these instants of the run, each at one municipality; `extra` says how many call."""
        self._events.setdefault(kind, []).extend(at_s)

    def stations(self) -> tuple[M.Station, ...]:
        """Return the centre with its agents, hour by hour."""
        if self.spec is None:
            return ()
        if self.spec.agents.value > MOST_SERVERS:
            what = f"{float(self.spec.agents.value):.3g} agents are too many to simulate"
            self.nation.fault("call_centre.agents", what, f"write at most {MOST_SERVERS:,}")
            return ()
        schedule = roster(self.nation, self.spec)
        target = self.spec.target_wait
        most, target_s = max(1, *schedule.servers), None if target is None else target.value
        return (M.Station(STATION, most, schedule=schedule, target_wait_s=target_s),)

    def flows(self) -> Flows:
        """Return the calls of all kinds: those of the report, then those that the simulation itself causes."""
        if self.spec is None:
            return ()
        found = []
        for kind, (count, shape) in received(self.nation, self.spec).items():
            handling = self.spec.kinds[kind].handling.value
            found.append(self._flow(kind, handling, count_or_none(count, shape)))
        causes = dict.fromkeys([*self.spec.extra, *self._spawned])
        for kind in causes:
            if kind in self.spec.kinds:
                self.nation.fault(f"call_centre.kinds.{kind}", f'"{kind}" is a kind of calls already', "choose another name")
            arrivals = NO_ARRIVALS if kind in self.spec.extra else None
            times = sorted(self._times(kind))
            if times:
                arrivals = M.Scheduled(M.frozen_floats(times), (1,) * len(times))
            found.append(self._flow(kind, self.spec.handling.value, arrivals))
        return tuple(found)

    def volumes(self) -> Iterator[Volume]:
        """Yield the calls that must have been received by the end of a drained run."""
        if self.spec is None or self.spec.received is None or self.spec.redial_after is None:
            return
        figure = self.spec.received
        key = figure.note if figure.status == "reported" else None
        for kind, (count, _) in received(self.nation, self.spec).items():
            yield Volume(CALL + kind, count, False, key)

    def _flow(self, kind: str, handling_s: float, arrivals: M.Arrivals | None) -> M.Flow:
        """Return the calls of one kind: who hangs up calls again later, when the centre is open."""
        assert self.spec is not None
        again = None if self.spec.redial_after is None else M.Retry(None, exponential(self.spec.redial_after.value))
        patience = exponential(self.spec.patience.value)
        return M.Flow(CALL + kind, self._call(handling_s, "answered"), arrivals, patience=patience, retry=again)

    def _call(self, handling_s: float, label: str) -> tuple[M.Step, ...]:
        """Return the steps of a call: nobody dials while the centre is closed."""
        assert self.spec is not None
        shape = self.nation.shape(self.spec.hours)
        visit = M.Visit(STATION, demand(handling_s, self.spec.cv.value), label=label)
        return open_at_last(shape, self.nation.period.seconds, f"{label}.open"), visit

    def _times(self, kind: str) -> Iterator[float]:
        """Yield when municipalities call because of what has happened, each some time after it; drawn by the run's seed."""
        assert self.spec is not None
        spec = self.spec.extra.get(kind)
        if spec is None:
            return
        events = [*self._events.get(kind, ()), *(concerned(self.nation) if kind == OUTAGE else ())]
        extra = uniforms(self.nation.run.seed, f"{kind}: whether one more calls", len(events))
        for number, (at_s, u) in enumerate(zip(events, extra.tolist(), strict=True)):
            calls = int(np.floor(spec.per_place.value + u))
            waits = -spec.within.value * np.log(uniforms(self.nation.run.seed, f"{kind} {number}: until it calls", calls))
            yield from (at_s + float(wait) for wait in waits if at_s + float(wait) < self.nation.period.seconds)
