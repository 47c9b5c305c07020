"""The generic part of a scenario, word for word, as a network."""

from __future__ import annotations

from dataclasses import replace

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.calendar import RateProfile
from jukinet_sim.language import arrivals as A
from jukinet_sim.language import network as N
from jukinet_sim.language import route as R
from jukinet_sim.language import stations as S
from jukinet_sim.language.compile_calendar import shape_over
from jukinet_sim.language.compile_distribution import distribution
from jukinet_sim.language.compile_places import compile_level
from jukinet_sim.language.compile_steps import (
    compile_step,
    exact_count,
    gate,
    optional,
    retry,
    run_settings,
    turning,
)
from jukinet_sim.language.flows import Flow
from jukinet_sim.language.part import Part
from jukinet_sim.language.place_checks import levels_of_flows
from jukinet_sim.language.times import doubts_about, read_times
from jukinet_sim.language.volume import multiplied
from jukinet_sim.network import model as M


def compile_raw(part: Part[N.Network]) -> M.Network:
    """Compile `network:`. Raises ScenarioError for files that cannot be read and profiles that never open in the run."""
    return _Compiler(part).network()


class _Compiler:
    def __init__(self, part: Part[N.Network]) -> None:
        self.part, self.raw, self.run = part, part.spec, part.run
        self.faults: list[Fault] = []
        self.notes: list[str] = []
        self.horizon_s = part.run.horizon_s
        self.levels = levels_of_flows(self.raw)

    def network(self) -> M.Network:
        """Compile everything, or raise with every fault found on the way."""
        flows = tuple(self._flow(name, f) for name, f in self.raw.flows.items())
        if self.faults:
            raise ScenarioError(self.faults)
        return M.Network(
            name=self.part.name,
            stations=tuple(self._station(name, s) for name, s in self.raw.stations.items()),
            flows=flows,
            pools=tuple(M.Pool(name, p.tokens, p.per, p.refill, p.discipline) for name, p in self.raw.pools.items()),
            levels=tuple(compile_level(name, p) for name, p in self.raw.places.items()),
            states=tuple(_state(name, s) for name, s in self.raw.states.items()),
            notes=tuple(self.notes),
            **run_settings(self.run),  # type: ignore[arg-type]
        )

    def _station(self, name: str, station: S.Station) -> M.Station:
        schedule = None if isinstance(station.servers, int) else _schedule(station.servers, station.repeat)
        if schedule is not None and station.at_end == "interrupt":
            schedule = replace(schedule, interrupts=True)
        return M.Station(
            name,
            station.servers if isinstance(station.servers, int) else max(entry.servers for entry in station.servers),
            station.per,
            tuple(self._outages(station.outages)),
            discipline=station.discipline,
            capacity=station.capacity,
            schedule=schedule,
            breakdowns=None if station.breakdowns is None else _breakdowns(station.breakdowns),
            speed=tuple(M.SpeedFrom(change.at, change.factor, change.place) for change in station.speed),
            preemptive=station.preemptive,
            target_wait_s=station.target_wait,
        )

    def _outages(self, outages: tuple[S.Outage, ...]) -> list[M.Outage]:
        found = []
        for outage in outages:
            times = 1 if outage.every is None else int(max(0.0, self.horizon_s - outage.at) // outage.every) + 1
            found += [M.Outage(outage.at + i * (outage.every or 0.0), outage.for_s, outage.place) for i in range(times)]
        return found

    def _flow(self, name: str, flow: Flow) -> M.Flow:
        path = f"network.flows.{name}.arrivals"
        return M.Flow(
            name=name,
            route=turning(self._route(flow.route), flow.on_refused, flow.on_abandon),
            arrivals=None if flow.arrivals is None else self._arrivals(path, flow.arrivals, flow.records),
            records=flow.records,
            origin=self.levels["origin"][name],
            destination=self.levels["destination"][name],
            priority=flow.priority,
            patience=optional(flow.patience),
            timeout=optional(flow.timeout),
            zombie=flow.zombie,
            retry=None if flow.retry is None else retry(flow.retry),
            due_s=flow.due,
        )

    def _arrivals(self, path: str, spec: A.AnyArrivals, records: int) -> M.Arrivals:
        """Return how jobs arrive, `network.volume` times as many as the flow says."""
        factor = self.part.spec.volume
        given = self._given(path, spec, records)
        if factor == 1.0:
            return given
        return multiplied(given, factor, jobs=isinstance(spec, A.Times)) if factor > 0.0 else _never()

    def _given(self, path: str, spec: A.AnyArrivals, records: int) -> M.Arrivals:
        match spec:
            case A.Poisson(poisson=rate, batch=None):
                return M.Poisson(rate) if rate > 0.0 else _never()
            case A.Poisson(poisson=rate, batch=size) if size is not None:
                return M.BatchPoisson(rate, distribution(size)) if rate > 0.0 else _never()
            case A.Renewal(renewal=between):
                return M.Renewal(distribution(between))
            case A.Times():
                at_s = self._times(f"{path}.times")
                return M.Scheduled(M.frozen_floats(at_s), (records,) * len(at_s))
            case A.Piecewise(piecewise=pieces, repeat=repeat):
                starts, rates = [p.at for p in pieces], [p.rate for p in pieces]
                return M.Piecewise(M.frozen_floats(starts), M.frozen_floats(rates), repeat)
            case A.Sinusoid(sinusoid=wave):
                return M.Sinusoid(wave.mean, wave.amplitude, wave.period) if wave.mean > 0.0 else _never()
            case A.Mmpp(mmpp=chain):
                return M.Modulated(chain.rates, chain.switch) if max(chain.rates) > 0.0 else _never()
            case A.Closed(closed=loop):
                return M.Closed(loop.jobs, distribution(loop.think))
            case A.Exact(exact=exact):
                shape = self._profile(exact.profile)
                if shape.integral() == 0.0 and exact.count > 0:
                    what = f"the profile {exact.profile} is never open in this run, so its {exact.count} arrivals have no time"
                    cure = "choose another profile or a longer period"
                    self.faults.append(self.part.source.fault(f"{path}.exact.profile", what, cure))
                return exact_count(exact.count, shape)
            case A.Scheduled(scheduled=jobs):
                at_s, places = [j.at for j in jobs], tuple(-1 if j.place is None else j.place for j in jobs)
                given = places if max(places) >= 0 else ()
                return M.Scheduled(M.frozen_floats(at_s), tuple(j.records for j in jobs), given)
        raise TypeError(f"no such arrivals: {spec!r}")

    def _times(self, path: str) -> list[float]:
        """Arrival times from a CSV file; every fault of the file is kept with its line."""
        file = self.part.source.file_at(path)
        if file is None:
            raise TypeError("the loader lets no arrival times pass without their file")
        at_s, faults = read_times(file)
        self.faults.extend(faults)
        if not faults:
            self.notes += doubts_about(at_s, self.horizon_s, file.name)
        return at_s

    def _profile(self, name: str) -> RateProfile:
        return shape_over(name, self.raw.calendars, self.run, beyond=False)

    def _gate(self, step: R.GateStep) -> M.Gate:
        return gate(shape_over(step.gate, self.raw.calendars, self.run, beyond=self.run.drain), step.spread, step.label)

    def _route(self, steps: tuple[R.AnyStep, ...]) -> tuple[M.Step, ...]:
        return tuple(compile_step(step, self._gate, self._route) for step in steps)


def _state(name: str, state: N.State) -> M.State:
    return M.State(name, state.start, state.per, tuple((c.at, c.place, c.to) for c in state.changes))


def _schedule(entries: tuple[S.ServersFrom, ...], repeat_s: float | None) -> M.Schedule:
    return M.Schedule(tuple(e.at for e in entries), tuple(e.servers for e in entries), repeat_s)


def _breakdowns(failures: S.Breakdowns) -> M.Breakdowns:
    return M.Breakdowns(distribution(failures.up), distribution(failures.down), failures.per)


def _never() -> M.Arrivals:
    """Return an arrival process of no jobs, as rates of 0 describe."""
    return M.Piecewise(M.frozen_floats([0.0]), M.frozen_floats([0.0]))
