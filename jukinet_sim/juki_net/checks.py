"""What no single key of `juki_net` can tell: sources that do not exist, calendars without names, windows longer than a day."""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.base.suggest import one_of
from jukinet_sim.calendar import DAY_S, PROFILE_NAMES
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.language.complaint import Complaint, Objection, fault, walk
from jukinet_sim.language.figures import figures, unknown_sources
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.route import GateStep, SpawnStep
from jukinet_sim.language.route_checks import list_complaints
from jukinet_sim.language.run import Run

_ROOT: NodePath = ("juki_net",)


def domain_complaints(net: JukiNet, run: Run) -> Iterator[Complaint]:
    """Yield everything that is wrong with a `juki_net` whose keys and values are right one by one."""
    yield from _calendar_needed(run)
    yield from unknown_sources(figures(net, _ROOT), facts.reported())
    yield from _unknown_profiles(net)
    yield from _routes(net)
    yield from _clock_times(net)
    yield from _batch_hours(net)


def _calendar_needed(run: Run) -> Iterator[Complaint]:
    """Require days of the calendar: offices, cadences and seasons have dates."""
    if run.horizon is not None and run.period is None:
        what = "a juki_net runs over days of the calendar, not over a horizon"
        cure = 'write "period: {from: 2012-04-01, to: 2012-12-31}" instead'
        yield fault(("run", "horizon"), what, cure, "horizon", at_key=True)


def domain_doubts(run: Run) -> Iterator[Objection]:
    """Say that volumes outside the reported months are extrapolated."""
    period, reported = run.period, REPORTED_NINE_MONTHS
    if period is not None and not (reported.first <= period.first_day and period.last_day <= reported.last):
        what = f"provisions are reported for {reported.first} to {reported.last}; other days carry the same volume per date"
        yield Objection(("run", "period"), what, "take results outside these months as a what-if")


def _unknown_profiles(net: JukiNet) -> Iterator[Complaint]:
    """Refuse names of calendar profiles that do not exist."""
    named: list[tuple[NodePath, str]] = [
        (("updates", "profile"), net.updates.profile),
        (("updates", "daily_send"), net.updates.daily_send),
        (("provisions", "online_profile"), net.provisions.online_profile),
    ]
    if net.monitoring is not None:
        named.append((("monitoring", "municipal_side", "hours"), net.monitoring.municipal_side.hours))
        if net.monitoring.equipment is not None:
            named.append((("monitoring", "equipment", "hours"), net.monitoring.equipment.hours))
    if net.call_centre is not None:
        named.append((("call_centre", "hours"), net.call_centre.hours))
    if net.operators is not None:
        named.append((("operators", "hours"), net.operators.hours))
    if net.prefecture.hours is not None:
        named.append((("prefecture", "hours"), net.prefecture.hours))
    for name, flow in net.flows.items():
        named.append((("flows", name, "profile"), flow.profile))
        steps = walk(flow.route, ("flows", name, "route"))
        named += [((*path, "gate"), step.gate) for path, step in steps if isinstance(step, GateStep)]
    for path, name in named:
        if name not in PROFILE_NAMES and name not in net.calendars:
            yield fault((*_ROOT, *path), f'unknown profile "{name}"', one_of(name, [*PROFILE_NAMES, *net.calendars], ""))
    for name in net.calendars.keys() & PROFILE_NAMES:
        what = f'there is a shipped profile "{name}" already'
        yield fault((*_ROOT, "calendars", name), what, "give the calendar another name", at_key=True)


def _routes(net: JukiNet) -> Iterator[Complaint]:
    """Refuse labels, probabilities and targets that cannot be, and flows of which no job ever comes."""
    spawned = set()
    for name, flow in net.flows.items():
        path = (*_ROOT, "flows", name, "route")
        yield from list_complaints(flow.route, path)
        spawned |= {step.spawn for _, step in walk(flow.route, path) if isinstance(step, SpawnStep)}
    for name, flow in net.flows.items():
        if flow.amount is None and not flow.days and name not in spawned:
            what = f'flow "{name}" has no volume and no other flow spawns it'
            yield fault((*_ROOT, "flows", name), what, 'add "per_year: {value: ..., assumed: ..., range: [..., ...]}"')


def _clock_times(net: JukiNet) -> Iterator[Complaint]:
    """Require a restart that begins and ends within its day."""
    restart = net.municipality.restart
    if restart is not None and restart.at.value + restart.takes.value > DAY_S:
        what, cure = "the daily restart goes on beyond midnight", "let it begin earlier or take less long"
        yield fault((*_ROOT, "municipality", "restart"), what, cure)


def _batch_hours(net: JukiNet) -> Iterator[Complaint]:
    """Require a batch that starts within its day and a window that ends before the next one opens."""
    for name, figure in (("batch_starts", net.provisions.batch_starts), ("batch_window", net.provisions.batch_window)):
        if figure.value > DAY_S or (name == "batch_starts" and figure.value == DAY_S):
            what = f"{name} is longer than a day" if name == "batch_window" else f"{name} is not a time of day"
            yield fault((*_ROOT, "provisions", name), what, 'write less than "24 h"')
