"""The resident register network as stations, pools and flows: here, and nowhere else, domain words become queueing words.

Three tiers of stations stand at two levels of places (municipality within prefecture) and at none (the nation). Agencies are
a level of their own, so that each has its line.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from jukinet_sim.base.errors import Fault
from jukinet_sim.juki_net.attacks.compile import Attacks
from jukinet_sim.juki_net.call_centre.compile import CallCentre
from jukinet_sim.juki_net.crypto.compile import tiers
from jukinet_sim.juki_net.crypto.migration import TIERS, counting_stations, downgrades, suite_states
from jukinet_sim.juki_net.crypto.negotiate import End
from jukinet_sim.juki_net.crypto.pay import paid
from jukinet_sim.juki_net.flows.compile import Volume, national_flows
from jukinet_sim.juki_net.incidents.compile import Troubles, troubles, watches, with_outages
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.machines.hosts import within_limits
from jukinet_sim.juki_net.monitoring.compile import Monitoring
from jukinet_sim.juki_net.nation import PREFECTURE, Nation
from jukinet_sim.juki_net.operators.compile import Operators
from jukinet_sim.juki_net.operators.names import METHOD
from jukinet_sim.juki_net.programme.checks import check
from jukinet_sim.juki_net.programme.coming import Arriving
from jukinet_sim.juki_net.programme.compile import Changes
from jukinet_sim.juki_net.programme.timeline import Dated, by_stages, timeline
from jukinet_sim.juki_net.provisions.compile import PROVISION, provision_flows, records_on_dates
from jukinet_sim.juki_net.read import read_nation
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.juki_net.states.compile import national_states
from jukinet_sim.juki_net.topics import Topic
from jukinet_sim.juki_net.updates.compile import update_flows
from jukinet_sim.juki_net.updates.forwarding import Forwarding, states
from jukinet_sim.language.compile_steps import run_settings
from jukinet_sim.language.part import Part
from jukinet_sim.language.references import unknown_uses, uses
from jukinet_sim.network import model as M

_DATED_STATES = {
    "operators": (METHOD, ("both ways", "the new one alone")),
    **{f"crypto.{tier}": (End(end).state, ("verifies", "generates", "legacy ends")) for tier, (end, _) in TIERS.items()},
}
"""What comes to places by waves of its own: by the name in an order of the programme, its state, and what its values mean."""
MOST_RECORDS = 10**15
"""Records of a file, or jobs of a flow, in one run; whole numbers below 2^53 are exact in every sum."""


@dataclass(frozen=True)
class Compiled:
    """The network, what of each flow must come out of a drained run exactly, and all that is wrong with the scenario.

    Volumes of the provisions are records, those of the other flows jobs or records. With faults nothing may be run.
    """

    network: M.Network
    volumes: tuple[Volume, ...]
    faults: tuple[Fault, ...]
    timeline: tuple[Dated, ...] = ()
    """What changes on a date, by the first day."""


def compile_jukinet(part: Part[JukiNet]) -> Compiled:
    """Compile `juki_net:`. Raises ScenarioError for lists that cannot be read."""
    nation = read_nation(part)
    machines, trouble = Machines(nation), troubles(nation)
    forwarding = Forwarding(machines, trouble)
    listed, volumes = national_flows(machines, forwarding)
    topics = _topics(machines, trouble)
    further = tuple(flow for topic in topics for flow in topic.flows())
    on_dates = records_on_dates(nation)
    provisions = provision_flows(machines, on_dates)
    flows = _with_payment(machines, (*update_flows(machines, forwarding), *provisions, *listed, *further))
    opening, horizon_s = machines.opening, nation.period.seconds
    flows = (*(flows if opening is None else opening.with_sessions(flows, horizon_s)), *downgrades(nation))
    for topic in topics:
        flows = topic.through(flows)
    flows = within_limits(flows, machines.hosts)
    stations = (*machines.stations(), *(one for topic in topics for one in topic.stations()))
    for topic in topics:
        stations = topic.equipped(stations)
    stations = (*with_outages(nation, stations), *counting_stations(flows))
    pools = (*machines.pools(), *(one for topic in topics for one in topic.pools()))
    suites = suite_states(nation)
    moved_s = {place: one.at_s for place, one in _moved(topics).dates.items()}
    kept = (*suites, *(() if opening is None else opening.states(horizon_s, moved_s, nation.places.prefecture.tolist())))
    kept = (*kept, *national_states(nation), *(one for topic in topics for one in topic.states()))
    known = _known_changes(topics, kept)
    check(nation, known)
    network = M.Network(
        name=part.name,
        stations=stations,
        flows=flows,
        pools=pools,
        levels=(*nation.levels(), *(one for topic in topics for one in topic.levels())),
        states=(*states(trouble), *kept),
        watches=watches(nation, stations, pools, flows),
        notes=(*_closed(nation), *(note for topic in topics for note in topic.notes())),
        **run_settings(part.run),  # type: ignore[arg-type]
    )
    _check_names(nation, network)
    _check_volumes(nation, network)
    totals = {name: sum(records for _, records in dates) for name, dates in on_dates.items()}
    provided = (Volume(name, records, True, None) for name, records in totals.items())
    answered = (volume for topic in topics for volume in topic.volumes())
    dated = timeline(nation, known)
    return Compiled(network, (*provided, *volumes, *answered), tuple(dict.fromkeys(nation.faults)), dated)


def _closed(nation: Nation) -> Iterator[str]:
    """Yield a note for each calendar of the scenario's own that is not open in the run."""
    for name in nation.spec.calendars:
        if nation.shape(name).integral() == 0.0:
            yield f"the calendar {name} is never open in this run: nothing comes in its hours, and who waits for them stays"


def _moved(topics: tuple[Topic, ...]) -> Arriving:
    """Return when prefectures move to a common centre."""
    arriving = next(topic.arriving for topic in topics if isinstance(topic, Changes))
    return arriving.get("prefecture_centre", Arriving("prefecture_centre", PREFECTURE, {}))


def _known_changes(topics: tuple[Topic, ...], states: tuple[M.State, ...]) -> dict[str, Arriving]:
    """Return by name when changes come to which places."""
    arriving = next(topic.arriving for topic in topics if isinstance(topic, Changes))
    kept = {state.name: state for state in states}
    staged = ((name, kept[state], stages) for name, (state, stages) in _DATED_STATES.items() if state in kept)
    return {**arriving, **{one.name: one for parts in staged for one in by_stages(*parts)}}


def _topics(machines: Machines, trouble: Troubles) -> tuple[Topic, ...]:
    """Return what the scenario's further keys add, in the order in which they get hold of everybody's routes."""
    calls = CallCentre(machines)
    operators = machines.nation.spec.operators
    people = () if operators is None else (Operators(machines, calls, operators),)
    monitoring = Monitoring(machines, calls)
    changes = Changes(machines, Forwarding(machines, trouble, always_open=True), calls)
    # Whoever telephones comes before the call centre, which has to know of all calls; whatever goes to a prefecture's machines
    # is known before some of it goes to the centre instead.
    return (*people, monitoring, Attacks(machines, monitoring), changes, calls)


def _with_payment(machines: Machines, flows: tuple[M.Flow, ...]) -> tuple[M.Flow, ...]:
    """Return flows whose visits pay what the suite of the scenario takes; as they are where it names none."""
    if not machines.bills:
        return flows
    works = tiers(machines.nation, len(machines.bills))
    return tuple(replace(flow, route=paid(flow.route, works, single=_is_single(flow))) for flow in flows)


def _is_single(flow: M.Flow) -> bool:
    """Tell whether each job of a flow carries one record."""
    return flow.records == 1 and not isinstance(flow.arrivals, M.Scheduled)


def _check_volumes(nation: Nation, network: M.Network) -> None:
    """Refuse volumes beyond all counting, each key by the flow that has most."""
    most: dict[str, tuple[int, str]] = {}
    for flow in network.flows:
        key = "provisions.volume" if flow.name.startswith(PROVISION) else f"flows.{flow.name}"
        number, noun = _largest(flow)
        if number > MOST_RECORDS:
            most[key] = max(most.get(key, (0, "")), (number, f"{noun} of {flow.name}"))
    for key, (number, what) in most.items():
        nation.fault(key, f"this makes {float(number):.3g} {what}", f"write a smaller volume; {MOST_RECORDS:.0e} is possible")


def _largest(flow: M.Flow) -> tuple[int, str]:
    """Return the largest number that has to be counted of a flow's arrivals, and what it counts."""
    match flow.arrivals:
        case M.Scheduled(records=records):
            return max(records, default=0), "records of a file"
        case M.ExactCount(count=count):
            return count, "jobs"
    return 0, ""


def _check_names(nation: Nation, network: M.Network) -> None:
    """Refuse names in routes that nothing of the network bears, two flows of one name, and steps at places jobs do not have."""
    known = {noun: {part.name: part for part in getattr(network, f"{noun}s")} for noun in ("station", "pool", "flow", "state")}
    for name, spec in nation.spec.flows.items():
        for complaint in unknown_uses(uses(spec.route, ("flows", name, "route")), known):
            one = complaint.objection
            nation.fault(".".join(map(str, one.path)), one.what, one.cure)
    for name, times in Counter(flow.name for flow in network.flows).items():
        if times > 1:
            nation.fault(f"flows.{name}", f'there is a flow "{name}" already', "choose another name")
    for flow in network.flows:
        for noun, name, side in _placed(flow):
            if name in known[noun]:
                _check_place(nation, network, flow, noun, known[noun][name], side)


def _check_place(nation: Nation, network: M.Network, flow: M.Flow, noun: str, part: object, side: M.Which) -> None:
    """Refuse a station, pool or state that is kept per place where the job has no such place."""
    level = getattr(part, "per", None)
    place = flow.origin if side == "origin" else flow.destination
    above = None if place is None else network.level(place).within
    if level is None or level in (place, above):
        return
    what = f'"{flow.name}" passes the {noun} "{part.name}" of a {level}, and has no {side} there'  # type: ignore[attr-defined]  # all have names
    cure = f'write "{side}: {level}"' if level == "municipality" else f'write "{side}: municipality" or "{side}: {level}"'
    nation.fault(f"flows.{flow.name}.route", what, cure)


def _placed(flow: M.Flow) -> Iterator[tuple[str, str, M.Which]]:
    """Yield what steps of a route use at a place of the job: a kind of thing, its name, and the side whose place decides."""
    for step in M.all_steps(flow.route):
        match step:
            case M.Visit(station=name):
                yield "station", name, step.at
            case M.Acquire(pool=name) | M.Release(pool=name):
                yield "pool", name, step.at
            case M.Switch(state=name) | M.Assign(state=name):
                yield "state", name, step.at
