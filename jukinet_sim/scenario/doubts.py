"""What is legal in a scenario and probably not meant, as warnings: changes after the end, times that the clock cannot tell.

One function per kind of doubt; each yields objections with the path of the culprit.
"""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.base.units import format_duration
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.language.complaint import Objection, routes, walk
from jukinet_sim.language.distributions import mean_of
from jukinet_sim.language.flows import Flow
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.network import Network
from jukinet_sim.language.parts import mean_of_part
from jukinet_sim.language.route import AcquireStep, AnyStep, DelayStep, GateStep, VisitStep
from jukinet_sim.language.stations import Station
from jukinet_sim.scenario.schema import Scenario

_CLOCK_STEP = 2.0**-52
"""The clock is a double: at time t it tells no two times apart that differ by less than t times this, or half of it."""
_TOLD = 8.0
"""A time of so many steps of the clock is off by a sixteenth of itself at most."""


def warnings(scenario: Scenario) -> Iterator[Objection]:
    """Yield what is legal and probably not meant: changes after the end of the run, volumes outside the months reported."""
    yield from _unused_names(scenario)
    if scenario.juki_net is not None:
        yield from DOMAIN.doubts(scenario.run)
    if scenario.network is None:
        return
    if scenario.run.horizon is not None or scenario.run.period is not None:
        yield from _after_the_end(scenario.network, scenario.run.horizon_s)
        yield from _lost_in_the_clock(scenario.network, scenario.run.horizon_s)
    for name, flow in scenario.network.flows.items():
        stations = _visited(scenario.network, flow)
        for doubt in _FLOW_DOUBTS:
            yield from doubt(("network", "flows", name), flow, stations)


def _after_the_end(network: Network, horizon_s: float) -> Iterator[Objection]:
    """Doubt outages and changes on a date that the run does not reach."""
    ends = {end for flow in network.flows.values() for end in (flow.origin, flow.destination)}
    for name, level in network.places.items():
        if level.changes and name not in ends:
            what = f'no flow begins or ends at "{name}", so that its changes move nobody'
            yield Objection(("network", "places", name, "changes"), what, "change the places at which jobs begin or end")
        for i, moved in enumerate(level.changes):
            if moved.at >= horizon_s:
                yield _late(("network", "places", name, "changes", i))
    for name, station in network.stations.items():
        for i, outage in enumerate(station.outages):
            if outage.at >= horizon_s:
                path: NodePath = ("network", "stations", name, "outages", i)
                yield Objection(path, "this outage begins after the end of the run", "begin it earlier or delete it")
        for i, speed in enumerate(station.speed):
            if speed.at >= horizon_s:
                yield _late(("network", "stations", name, "speed", i))
    for name, state in network.states.items():
        for i, change in enumerate(state.changes):
            if change.at >= horizon_s:
                yield _late(("network", "states", name, "changes", i))


def _late(path: NodePath) -> Objection:
    """Return the doubt about one change."""
    return Objection(path, "this change comes after the end of the run", "date it earlier or delete it")


def _lost_in_the_clock(network: Network, horizon_s: float) -> Iterator[Objection]:
    """Doubt service times and delays so short that a clock that has run for so long cannot tell them."""
    step_s = horizon_s * _CLOCK_STEP
    for _, _, path, step in routes(network):
        for key, mean_s in _mean_times(step):
            if 0.0 < mean_s < _TOLD * step_s:
                taken, told = format_duration(mean_s), format_duration(float(f"{step_s:.1g}"))
                what = f"a mean of {taken} is lost in the clock, which tells time in steps of {told} at the end of this run"
                yield Objection((*path, key), what, "shorten the run, or simulate a part of it in a run of its own")


def _mean_times(step: AnyStep) -> Iterator[tuple[str, float]]:
    """Yield the keys of a step that hold the time it takes, each with its mean in seconds; all of a visit's as one."""
    if isinstance(step, DelayStep):
        yield "delay", mean_of(step.delay)
    elif isinstance(step, VisitStep):
        parts = sum(map(mean_of_part, step.parts))
        key = "demand" if step.demand is not None else "parts" if step.parts else "per_record"
        yield key, (0.0 if step.demand is None else mean_of(step.demand)) + parts + step.per_record


def _visited(network: Network, flow: Flow) -> list[Station]:
    """Return the stations that a flow visits, those inside loops included."""
    names = dict.fromkeys(step.visit for _, step in walk(flow.route, ()) if isinstance(step, VisitStep))
    return [network.stations[name] for name in names]


def _some_balk(flow: Flow) -> bool:
    """Whether jobs of a flow turn away from some queue."""
    return any(isinstance(step, VisitStep) and step.balk is not None for _, step in walk(flow.route, ()))


def _needless_retry(path: NodePath, flow: Flow, stations: list[Station]) -> Iterator[Objection]:
    """Doubt a retry of jobs that are never lost and never give up."""
    full = any(station.capacity is not None for station in stations) or _some_balk(flow)
    hasty = any(isinstance(step, AcquireStep) and step.patience is not None for _, step in walk(flow.route, ()))
    if flow.retry is not None and flow.patience is None and flow.timeout is None and not full and not hasty:
        what = "no job of this flow is ever lost or gives up, so none ever retries"
        yield Objection((*path, "retry"), what, "add a patience, a timeout or a capacity, or delete it")


def _instant_retry(path: NodePath, flow: Flow, _: list[Station]) -> Iterator[Objection]:
    """Doubt retries without limit and without a pause."""
    if flow.retry is not None and flow.retry.attempts == "unlimited" and mean_of(flow.retry.backoff) == 0:
        what = "jobs retry at once and without limit, which may never end at one instant"
        yield Objection((*path, "retry", "backoff"), what, "write a backoff above 0 or a number of attempts")


def _vain_patience(path: NodePath, flow: Flow, stations: list[Station]) -> Iterator[Objection]:
    """Doubt a patience where nobody ever waits, and one that lets nobody wait."""
    if flow.patience is None:
        return
    if all(station.discipline == "ps" for station in stations):
        what = "nobody waits where servers are shared (discipline ps), so this patience changes nothing"
        cure = "write a timeout instead, or delete it"
        yield Objection((*path, "patience"), what if stations else "this flow visits no station to wait at", cure)
    elif mean_of(flow.patience) == 0:
        what = "with a patience of 0 nobody ever waits"
        yield Objection((*path, "patience"), what, "write a mean above 0, or a capacity as large as the servers")


def _vain_turns(path: NodePath, flow: Flow, stations: list[Station]) -> Iterator[Objection]:
    """Doubt where to go on that nobody is ever refused or loses patience."""
    full = any(station.capacity is not None for station in stations) or _some_balk(flow)
    visits = ((at, step) for at, step in walk(flow.route, (*path, "route")) if isinstance(step, VisitStep))
    asked: list[tuple[NodePath, Flow | VisitStep]] = [(path, flow), *visits]
    for at, one in asked:
        if one.on_refused is not None and not full:
            what = "no station of this flow is ever full"
            yield Objection((*at, "on_refused"), what, 'add a "capacity" to one, or delete it')
        if one.on_abandon is not None and flow.patience is None:
            yield Objection((*at, "on_abandon"), "jobs of this flow never lose patience", 'add "patience", or delete it')


_PAUSES = (DelayStep, GateStep, AcquireStep)
"""Steps at which a job may stand while it keeps a server."""


def _vain_hold(path: NodePath, flow: Flow, stations: list[Station]) -> Iterator[Objection]:
    """Doubt a server that is kept on a way on which nothing holds anybody up."""
    if any(station.capacity is not None for station in stations):
        return
    steps = list(walk(flow.route, (*path, "route")))
    if any(isinstance(step, _PAUSES) for _, step in steps):
        return
    for at, step in steps:
        if isinstance(step, VisitStep) and step.hold:
            what = "no station of this flow is ever full, so that nobody is held up and no server is blocked"
            yield Objection((*at, "hold"), what, 'add a "capacity" to the next one, or delete it')


def _unused_names(scenario: Scenario) -> Iterator[Objection]:
    """Doubt a route that nothing names."""
    # By now a name has become the steps themselves.
    for key, part in scenario.parts.items():
        for name, steps in part.routes.items():
            if all(flow.route != steps for flow in part.flows.values()):
                cure = f'write "route: {name}" in one, or delete it'
                yield Objection((key, "routes", name), "no flow goes this way", cure)


_FLOW_DOUBTS = (_needless_retry, _instant_retry, _vain_patience, _vain_turns, _vain_hold)
