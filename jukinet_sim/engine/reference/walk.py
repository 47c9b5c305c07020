"""A job on its way along the route: what each step does, until the job blocks or leaves."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator

import numpy as np

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.chance.draws import PURPOSE_PATIENCE
from jukinet_sim.engine import journal as J
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.flow_table import A_CLASS
from jukinet_sim.engine.reference.draws import checked
from jukinet_sim.engine.reference.itinerary import Itinerary, Stop
from jukinet_sim.engine.reference.news import News
from jukinet_sim.engine.reference.parts import Impatient, Job, Refused
from jukinet_sim.engine.reference.pools import Bucket, Pool
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.engine.reference.sites import Sites
from jukinet_sim.engine.reference.stations import Station, Terms
from jukinet_sim.engine.reference.time import Limit, Steps, Turn
from jukinet_sim.network import model as M

_REMEMBERED = 1000
"""So many steps tell where a run that goes in circles does so."""
_NEXT_STEP = ""
"""In place of a label: no jump."""


class Walk:
    """Walks jobs along their routes; `spawn` starts a job that another one brings forth, `give_up` ends a job's attempt."""

    def __init__(
        self, run: Run, sites: Sites, spawn: Callable[[Job], None], give_up: Callable[[Job, str | None], None]
    ) -> None:
        self.run, self.env, self.draws, self.sites, self.spawn = run, run.env, run.draws, sites, spawn
        self._give_up = give_up
        self.lately: deque[int] = deque(maxlen=_REMEMBERED)
        """The numbers of the steps executed lately."""
        network, numbers = run.network, {name: i for i, name in enumerate(run.program.step_names)}
        self._ways = [Itinerary(flow.route, flow.name, numbers) for flow in network.flows]
        self._ranks: list[int] = run.program.flow_i[:, A_CLASS].tolist()
        self._flow = {flow.name: i for i, flow in enumerate(network.flows)}

    def walk(self, job: Job, way: Itinerary | None = None) -> Steps:
        """Go along the route of the job's flow, or the body of a loop in it; true when a branch left the network."""
        way = self._ways[job.flow] if way is None else way
        stops, at = way.stops, 0
        while at < len(stops):
            stop = stops[at]
            step = stop.step
            job.step = stop.number
            self.lately.append(stop.number)
            if isinstance(step, (M.Visit, M.Acquire)):
                target = yield from self._ask(job, step, stop)
                if target == M.EXIT:
                    return True
                at = at + 1 if target is None else way.labels[target]
                continue
            elif isinstance(step, (M.Branch, M.Switch, M.Choose)):
                target = self._jump(job, step, stops, at)
                if target is None:
                    return True
                to = at + 1 if target == _NEXT_STEP else way.labels[target]
                if to <= at:
                    self.env.tick()
                at = to
                continue
            elif stop.body is not None:
                if (yield from self._loop(job, step, stop.body)):
                    return True
            else:
                yield from self._step(job, step, stop)
            at += 1
        return False

    def _ask(self, job: Job, step: M.Visit | M.Acquire, stop: Stop) -> Generator[Turn, None, str | None]:
        """Be served, or get a token; return the label at which a job goes on that is not, None where it is."""
        try:
            if isinstance(step, M.Visit):
                yield self._visit(job, step, stop)
                job.visit = None
            else:
                yield from self._acquire(job, step, stop)
        except (Refused, Impatient) as why:
            target = step.on_refused if isinstance(step, M.Visit) and isinstance(why, Refused) else step.on_abandon
            if target is None:
                raise
            self.env.tick()
            return target
        target, job.turns_to = job.turns_to, None
        return target

    def _step(self, job: Job, step: M.Step, stop: Stop) -> Steps:
        if isinstance(step, M.Delay):
            delay = checked(self.draws.value(job, step.delay, stop.hash))
            if delay > 0.0:
                self.run.tell(News.DELAYED, job, None, delay)
                yield self._pause(job, self.env.now + delay)
        elif isinstance(step, M.Gate):
            opening = _opening(step, job.places[L.ORIGIN], self.env.now)
            if opening > self.env.now:
                self.run.tell(News.AT_A_GATE, job, None, opening - self.env.now)
                yield self._pause(job, opening)
        elif isinstance(step, M.Release):
            pool = self.sites.pool(job, step)
            if sum(n for held, n in zip(job.tokens, job.amounts, strict=True) if held is pool) < step.tokens:
                raise Limit(L.BAD_RELEASE)
            pool.give(job, step.tokens)
        elif isinstance(step, M.Assign):
            self.sites.states[self.sites.state(job, step)] = step.value
            self.run.tell(News.ASSIGNED, job, (step.state, step.value))
        elif isinstance(step, M.Spawn):
            self._spawn(job, step, stop)
        return False

    def _visit(self, job: Job, step: M.Visit, stop: Stop) -> Turn:
        """Ask for a demand and its parts; the event comes once the visit is over."""
        parts = 0.0
        for part, hash_ in stop.parts:
            parts += (self.draws.value(job, part.value, hash_) - part.less) * part.scale_s
        demand = self.draws.value(job, step.demand, stop.hash) + step.per_record_s * job.lot
        if stop.parts:
            demand += parts
        station = self.sites.station(job, step)
        terms = self._terms(job, step, stop, station.model)
        job.turn = self.env.turn()
        station.arrive(job, checked(demand), self._ranks[job.flow], terms, step.hold)
        return job.turn

    def _terms(self, job: Job, step: M.Visit, stop: Stop, station: M.Station) -> Terms | None:
        """Return the terms of a visit, for the same execution as its demand, which was counted where that is drawn at all."""
        flow = self.run.network.flows[job.flow]
        if not M.draws_again(station, flow, step):
            return None
        if step.demand.kind == "constant":
            self.draws.execution(job, stop.hash)
        return Terms(stop.hash, job.seen[stop.hash] - 1, flow.patience, step.on_abandon, step.balk)

    def _pause(self, job: Job, until: float) -> Turn:
        def over() -> None:
            job.pause = None
            self.env.to_agenda(job.turn)

        job.turn = self.env.turn()
        if until < np.inf:
            job.pause = self.env.after(until, over)
        return job.turn

    def _acquire(self, job: Job, step: M.Acquire, stop: Stop) -> Steps:
        pool = self.sites.pool(job, step)
        if not isinstance(pool, Bucket) and len(job.tokens) >= L.MAX_TOKENS:
            raise Limit(L.TOO_MANY_TOKENS)
        job.wants = step.tokens
        at_once = pool.has_some(job)
        lasts = np.inf if step.patience is None else self._patience_in_line(job, step.patience, stop, at_once)
        if lasts == 0.0 and not at_once:
            self.run.journal.note(J.MARK, self.env.now, job.key, job.step, L.E_RENEGE)
            raise Impatient
        job.turn = self.env.turn()
        if not pool.acquire(job):
            if lasts < np.inf:
                job.pause = self.env.after(self.env.now + lasts, lambda: self._lose_patience(job, step, pool))
            yield job.turn
        return False

    def _patience_in_line(self, job: Job, patience: Distribution, stop: Stop, at_once: bool) -> float:
        """Return for how long a job would wait for a token; each asking counts as an execution, though few need the draw."""
        execution = self.draws.execution(job, stop.hash)
        if at_once:
            return 0.0
        return self.draws.time(job.key, PURPOSE_PATIENCE, patience, step=stop.hash, execution=execution, attempt=job.attempt)

    def _lose_patience(self, job: Job, step: M.Acquire, pool: Pool) -> None:
        """Let a job leave the line of a pool because its patience is over."""
        job.pause = None
        self.run.tell(News.LOST_PATIENCE, job, pool)
        pool.leave(job)
        self.run.journal.note(J.MARK, self.env.now, job.key, job.step, L.E_RENEGE)
        self._give_up(job, step.on_abandon)

    def _jump(self, job: Job, step: M.Branch | M.Switch | M.Choose, stops: list[Stop], at: int) -> str | None:
        """Return where a job goes on that comes to a fork."""
        if isinstance(step, M.Branch):
            return self._branch(job, step, stops, at)
        return self._switch(job, step) if isinstance(step, M.Switch) else self._choose(job, step, stops[at].number)

    def _choose(self, job: Job, step: M.Choose, number: int) -> str | None:
        """Return the label of the station that is chosen; of equals the first written."""
        stations = [self.sites.chosen(job, name, step.at) for name, _ in step.targets]
        if step.by == "round_robin":
            turn = int(self.run.program.steps[number, L.K_BASE]) + stations[0].place
            best = self.sites.states[turn]
            self.sites.states[turn] = (best + 1) % len(stations)
        else:
            weights = [_weight(station, step.by) for station in stations]
            best = weights.index(min(weights))
            if step.by == "first_idle" and weights[best] == np.inf:
                return _NEXT_STEP
        self.run.tell(News.BRANCHED, job, step.targets[best][1])
        return step.targets[best][1]

    def _branch(self, job: Job, step: M.Branch, stops: list[Stop], at: int) -> str | None:
        """Draw where to go on. A branch right behind a step that has drawn takes that draw's second number."""
        before = stops[at - 1].step if at else None
        drawn = (isinstance(before, M.Visit) and before.demand.kind != "constant") or (
            isinstance(before, M.Delay) and before.delay.kind != "constant"
        )
        u = job.pair if drawn and step.label is None else self.draws.uniform(job, stops[at].hash)
        chosen, upper = step.targets[-1][0], 0.0
        for target, probability in step.targets:
            upper += probability
            if u <= upper:
                chosen = target
                break
        self.run.tell(News.BRANCHED, job, chosen)
        return chosen

    def _switch(self, job: Job, step: M.Switch) -> str | None:
        """Return the label of the state's present value; None leaves the network."""
        value = self.sites.states[self.sites.state(job, step)]
        target = dict(step.targets).get(value, _NEXT_STEP)
        self.run.tell(News.SWITCHED, job, (step.state, value, target))
        return target

    def _loop(self, job: Job, step: M.Step, body: Itinerary) -> Steps:
        """Repeat the body so many times, or once for each lot of records."""
        assert isinstance(step, M.Loop)
        size = step.per_records
        rounds = -(-job.records // size) if size else step.times or 0
        for number in range(rounds):
            if size:
                job.lot = min(size, job.records - number * size)
            self.run.tell(News.ROUND, job, (number + 1, job.lot))
            if (yield from self.walk(job, body)):
                return True
            self.env.tick()
        if size:
            job.lot = job.records
        return False

    def _spawn(self, job: Job, step: M.Spawn, stop: Stop) -> None:
        flow = self._flow[step.flow]
        key = self.draws.spawned_key(job, stop.hash)
        child = Job(flow, key, self.env.now, list(job.places), self.run.network.flows[flow].records)
        self.spawn(child)
        self.run.tell(News.SPAWNED, job, child)
        self.env.tick()


def _weight(station: Station, rule: M.Rule) -> float:
    """Return how little a station is to be chosen; infinity where it is not."""
    present, works = station.present, station.crew.working
    if rule == "shortest_queue":
        return float(present)
    if rule == "first_idle":
        return 0.0 if present < works else np.inf
    return present / works if works else np.inf


def _opening(gate: M.Gate, place: int, now: float) -> float:
    """When a job may pass the gate: now if open, else the next opening; each place opens its own while after."""
    after = gate.spread_s * ((place * 0x9E3779B9 & 0xFFFFFFFF) * 2.0**-32)
    ahead = np.searchsorted(gate.closes_s, now, side="right")
    return max(now, float(gate.opens_s[ahead]) + after) if ahead < len(gate.opens_s) else np.inf
