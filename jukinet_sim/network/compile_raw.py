"""The generic part of a scenario, word for word, as a network."""

from __future__ import annotations

import numpy as np

from jukinet_sim.calendar import Period, RateProfile, generic_profile, opening_times, profile
from jukinet_sim.distributions import (
    Distribution,
    constant,
    empirical,
    erlang,
    exponential,
    gamma,
    geometric,
    hyperexponential,
    lognormal,
    mixture,
    uniform,
    weibull,
)
from jukinet_sim.errors import Fault, ScenarioError
from jukinet_sim.network import model as M
from jukinet_sim.network.times import read_times
from jukinet_sim.scenario import arrivals as A
from jukinet_sim.scenario import distributions as D
from jukinet_sim.scenario import network as N
from jukinet_sim.scenario import route as R
from jukinet_sim.scenario.load import Loaded, file_named_at
from jukinet_sim.scenario.run import Run

DRAIN_CALENDAR_DAYS = 14
"""How far gates open beyond the horizon, so that a drained run can finish."""


def compile_raw(loaded: Loaded) -> M.Network:
    """Compile `network:`. Raises ScenarioError for words of the vocabulary that cannot be simulated yet."""
    return _Compiler(loaded).network()


def run_settings(run: Run) -> dict[str, object]:
    """The parts of `run:` that are part of the network an engine executes."""
    return {
        "horizon_s": run.horizon_s,
        "warm_up_s": 0.0 if run.warm_up == "auto" else run.warm_up,
        "drain": run.drain,
        "series_bin_s": run.series,
        "event_budget": run.event_budget,
        "same_instant_budget": run.same_instant_budget,
    }


def distribution(spec: D.AnyDistribution) -> Distribution:
    """A distribution as a scenario writes it, as one that can be drawn from."""
    match spec:
        case D.Constant(constant=value):
            return constant(value)
        case D.Exponential(exponential=mean):
            return exponential(mean)
        case D.Uniform(uniform=ends):
            return uniform(ends.low, ends.high)
        case D.Erlang(erlang=stages):
            return erlang(stages.k, stages.mean)
        case D.Gamma(gamma=body):
            return gamma(body.mean, body.cv)
        case D.Lognormal(lognormal=body):
            return lognormal(body.mean, body.cv)
        case D.Weibull(weibull=body):
            return weibull(body.mean, body.cv)
        case D.Hyperexponential(hyperexponential=D.Branches(p=p, mean=means)):
            return mixture(tuple(p), tuple(means))
        case D.Hyperexponential(hyperexponential=D.BalancedMeans() as balanced):
            return hyperexponential(balanced.mean, balanced.cv)
        case D.Geometric(geometric=body):
            return geometric(body.mean)
        case D.Empirical(empirical=sample):
            return empirical(tuple(sample.values), tuple(sample.weights or (1.0,) * len(sample.values)))
    raise TypeError(f"no such distribution: {spec!r}")


class _Compiler:
    def __init__(self, loaded: Loaded) -> None:
        scenario = loaded.scenario
        if scenario.network is None:
            raise TypeError("the scenario has no generic network")
        self.loaded, self.scenario, self.raw = loaded, scenario, scenario.network
        self.faults: list[Fault] = []
        self.horizon_s = scenario.run.horizon_s

    def network(self) -> M.Network:
        """Compile everything, or raise with every word that is not simulated yet."""
        if self.scenario.run.warm_up == "auto":
            self._later("run.warm_up", "an automatic warm-up")
        stations = tuple(self._station(name, s) for name, s in self.raw.stations.items())
        flows = tuple(self._flow(name, f) for name, f in self.raw.flows.items())
        if self.faults:
            raise ScenarioError(self.faults)
        return M.Network(
            name=self.scenario.scenario,
            stations=stations,
            flows=flows,
            pools=tuple(M.Pool(name, p.tokens, p.per) for name, p in self.raw.pools.items()),
            levels=tuple(self._level(name, p) for name, p in self.raw.places.items()),
            **run_settings(self.scenario.run),  # type: ignore[arg-type]
        )

    def _later(self, path: str, what: str) -> None:
        self.faults.append(self.loaded.fault(path, f"{what} cannot be simulated yet", "leave it out in this version"))

    def _level(self, name: str, place: N.Place) -> M.PlaceLevel:
        weights = M.frozen_floats(place.weights if place.weights is not None else np.ones(place.count))
        return M.PlaceLevel(name, place.count, weights, place.within, tuple(place.of or ()))

    def _station(self, name: str, station: N.Station) -> M.Station:
        path = f"network.stations.{name}"
        if station.discipline != "fifo":
            self._later(f"{path}.discipline", f"the discipline {station.discipline}")
        if station.capacity is not None:
            self._later(f"{path}.capacity", "a finite capacity")
        if station.breakdowns is not None:
            self._later(f"{path}.breakdowns", "a station with breakdowns")
        if not isinstance(station.servers, int):
            self._later(f"{path}.servers", "a schedule of servers")
            return M.Station(name, 1, station.per)
        return M.Station(name, station.servers, station.per, tuple(self._outages(station.outages)))

    def _outages(self, outages: tuple[N.Outage, ...]) -> list[M.Outage]:
        found = []
        for outage in outages:
            times = 1 if outage.every is None else int(max(0.0, self.horizon_s - outage.at) // outage.every) + 1
            found += [
                M.Outage(outage.at + i * (outage.every or 0.0), outage.for_s, outage.place) for i in range(times)
            ]
        return found

    def _flow(self, name: str, flow: N.Flow) -> M.Flow:
        path = f"network.flows.{name}"
        if flow.patience is not None:
            self._later(f"{path}.patience", "patience")
        if flow.retry is not None:
            self._later(f"{path}.retry", "a retry")
        return M.Flow(
            name=name,
            route=tuple(self._step(step) for step in flow.route),
            arrivals=None if flow.arrivals is None else self._arrivals(f"{path}.arrivals", flow.arrivals, flow.records),
            records=flow.records,
            origin=flow.origin,
            destination=flow.destination,
        )

    def _arrivals(self, path: str, spec: A.AnyArrivals, records: int) -> M.Arrivals | None:
        match spec:
            case A.Poisson(poisson=rate, batch=None):
                return M.Poisson(rate) if rate > 0.0 else M.Piecewise(M.frozen_floats([0.0]), M.frozen_floats([0.0]))
            case A.Poisson(poisson=rate, batch=size) if size is not None:
                return M.BatchPoisson(rate, distribution(size)) if rate > 0.0 else M.Scheduled(M.frozen_floats([]), ())
            case A.Renewal(renewal=between):
                return M.Renewal(distribution(between))
            case A.Times():
                at_s = self._times(f"{path}.times")
                return M.Scheduled(M.frozen_floats(at_s), (records,) * len(at_s))
            case A.Piecewise(piecewise=pieces, repeat=repeat):
                starts, rates = [p.at for p in pieces], [p.rate for p in pieces]
                return M.Piecewise(M.frozen_floats(starts), M.frozen_floats(rates), repeat)
            case A.Exact(exact=exact):
                shape = self._profile(exact.profile)
                if shape.integral() == 0.0 and exact.count > 0:
                    what = f"the profile {exact.profile} is never open in this run, so its {exact.count} arrivals have no time"
                    cure = "choose another profile or a longer period"
                    self.faults.append(self.loaded.fault(f"{path}.exact.profile", what, cure))
                return exact_count(exact.count, shape)
            case A.Scheduled(scheduled=jobs):
                return M.Scheduled(M.frozen_floats([j.at for j in jobs]), tuple(j.records for j in jobs))
        kind = next(key for key in A.ARRIVAL_KINDS if key in type(spec).model_fields)
        self._later(f"{path}.{kind}", f"{kind} arrivals")
        return None

    def _times(self, path: str) -> list[float]:
        """Arrival times from a CSV file; every fault of the file is kept with its line."""
        file = file_named_at(self.loaded, path)
        if file is None:
            raise TypeError("the loader lets no arrival times pass without their file")
        at_s, faults = read_times(file)
        self.faults.extend(faults)
        return at_s

    def _profile(self, name: str) -> RateProfile:
        period = self.scenario.run.period
        if period is None:
            return generic_profile(name, self.horizon_s)
        return profile(name, Period(period.first_day, period.last_day))

    def _gate(self, step: R.GateStep) -> M.Gate:
        period = self.scenario.run.period
        beyond = DRAIN_CALENDAR_DAYS * 86_400.0 if self.scenario.run.drain else 0.0
        if period is None:
            shape = generic_profile(step.gate, self.horizon_s + beyond)
        else:
            shape = profile(step.gate, extended(Period(period.first_day, period.last_day), beyond > 0.0))
        return gate(shape, step.spread, step.label)

    def _step(self, step: R.AnyStep) -> M.Step:
        match step:
            case R.VisitStep():
                demand = distribution(step.demand) if step.demand is not None else constant(0.0)
                return M.Visit(step.visit, demand, step.per_record, step.at, step.label)
            case R.DelayStep():
                return M.Delay(distribution(step.delay), step.label)
            case R.GateStep():
                return self._gate(step)
            case R.AcquireStep():
                return M.Acquire(step.acquire, step.at, step.label)
            case R.ReleaseStep():
                return M.Release(step.release, step.at, step.label)
            case R.BranchStep():
                targets = tuple((None if to == R.EXIT else to, p) for to, p in step.branch.items())
                return M.Branch(targets, step.label)
            case R.LoopStep():
                body = tuple(self._step(inner) for inner in step.of)
                if isinstance(step.loop, R.PerRecords):
                    return M.Loop(body, per_records=step.loop.per_records, label=step.label)
                return M.Loop(body, times=step.loop, label=step.label)
            case R.SpawnStep():
                return M.Spawn(step.spawn, step.label)
        raise TypeError(f"no such step: {step!r}")


def exact_count(count: int, shape: RateProfile) -> M.ExactCount:
    """Exactly `count` arrivals with the intensity of a profile."""
    return M.ExactCount(count, M.frozen_floats(shape.start_s), M.frozen_floats(shape.weight), shape.end_s)


def gate(shape: RateProfile, spread_s: float, label: str | None = None) -> M.Gate:
    """A gate that is open while the profile is not zero."""
    times = opening_times(shape)
    return M.Gate(M.frozen_floats(times[:, 0]), M.frozen_floats(times[:, 1]), spread_s, label)


def extended(period: Period, beyond: bool) -> Period:
    """The period, with a fortnight added where a drained run may need the calendar beyond its end."""
    import datetime as dt

    return Period(period.first, period.last + dt.timedelta(days=DRAIN_CALENDAR_DAYS if beyond else 0))
