"""Predictions for a station that flows enter directly, by the family of queues it belongs to; none where it is in none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.model import BatchPoisson, Flow, Network, Renewal, Station, Visit
from jukinet_sim.theory import abandonment, batches, breakdowns, general, loss, priority, queues, retrial, sharing
from jukinet_sim.theory import prediction as P
from jukinet_sim.theory.conditions import (
    NOTHING,
    Streams,
    entries,
    flow_features,
    is_spawned,
    poisson_rate,
    station_features,
)
from jukinet_sim.theory.prediction import Prediction

_MOST_RENEWAL_SERVERS = 500
"""With more servers the sum for GI/M/c leaves the range of floating-point numbers."""


def entered(network: Network, station: Station) -> list[Prediction]:
    """Give the predictions for a station whose flows all begin there and come once."""
    found = entries(network, station)
    if not found:
        return []
    flows, visits = [flow for flow, _ in found], tuple(visit for _, visit in found)
    rates = [poisson_rate(network, flow) for flow in flows]
    known = [rate for rate in rates if rate is not None]
    if len(known) == len(rates) and sum(known) > 0.0:
        return _poisson(station, flows, Streams(tuple(known), visits))
    alone = len(flows) == 1 and not is_spawned(network, flows[0])
    if not alone or station_features(station, flows) | flow_features(flows):
        return []
    arrivals = flows[0].arrivals
    if isinstance(arrivals, Renewal):
        return _renewal(station, arrivals.interarrival, visits[0].demand)
    return _batches(station, arrivals, visits[0].demand) if isinstance(arrivals, BatchPoisson) else []


def _poisson(station: Station, flows: list[Flow], streams: Streams) -> list[Prediction]:
    """Choose the family of Poisson arrivals by what the station and the flows have beyond the plainest queue."""
    stable = streams.rate_per_s * streams.demand_s < station.servers_at(0)
    form = _FORMS.get((station_features(station, flows), flow_features(flows)))
    return form.predict(station, flows, streams) if form is not None and (stable or form.at_any_load) else []


def mmc(station: str, family: str, rate_per_s: float, demand_s: float, servers: int) -> list[Prediction]:
    """Give what M/M/c says about waits at a station, and its utilisation."""
    return [
        Prediction("station", station, family, P.MEAN_WAIT, queues.mmc_mean_wait(rate_per_s, demand_s, servers)),
        Prediction("station", station, family, P.P95_WAIT, queues.mmc_wait_quantile(rate_per_s, demand_s, servers, 0.95)),
        Prediction("station", station, family, P.UTILISATION, rate_per_s * demand_s / servers),
    ]


def _rows(station: Station, family: str, values: dict[str, float]) -> list[Prediction]:
    return [Prediction("station", station.name, family, metric, value) for metric, value in values.items()]


def _only_here(flows: Sequence[Flow]) -> list[Flow]:
    """Return the flows whose whole route is the visit, so that what holds of the visit holds of the job."""
    return [flow for flow in flows if len(flow.route) == 1]


def _plain(station: Station, flows: list[Flow], streams: Streams) -> list[Prediction]:
    """M/M/c, M/G/1 and M/D/c; else M/G/c approximately."""
    rate, demand_s, servers = streams.rate_per_s, streams.demand_s, station.servers_at(0)
    if streams.law == "exponential":
        return mmc(station.name, "M/M/1" if servers == 1 else "M/M/c", rate, demand_s, servers)
    rho = rate * demand_s / servers
    if servers == 1:
        wait = queues.mg1_mean_wait(rate, demand_s, streams.scv)
        return _rows(station, "M/G/1", {P.MEAN_WAIT: wait, P.UTILISATION: rho})
    if streams.law == "constant":
        wait = general.mdc_mean_wait(rate, demand_s, servers)
        return _rows(station, "M/D/c", {P.MEAN_WAIT: wait, P.UTILISATION: rho})
    return _approximate(station, "M/G/c", rate, demand_s, 1.0, streams.scv)


def _other_order(station: Station, flows: list[Flow], streams: Streams) -> list[Prediction]:
    """Last come first served, or random order: the mean wait of M/G/1 and M/M/c in order of arrival, not its quantiles."""
    rate, demand_s, servers = streams.rate_per_s, streams.demand_s, station.servers_at(0)
    order = {"lifo": "LIFO", "random": "random order"}[station.discipline]
    if servers == 1:
        family, wait = "M/G/1", queues.mg1_mean_wait(rate, demand_s, streams.scv)
    elif streams.law == "exponential":
        family, wait = "M/M/c", queues.mmc_mean_wait(rate, demand_s, servers)
    else:
        return []
    return _rows(station, f"{family} {order}", {P.MEAN_WAIT: wait, P.UTILISATION: rate * demand_s / servers})


def _approximate(
    station: Station, family: str, rate: float, demand_s: float, arrival_scv: float, demand_scv: float
) -> list[Prediction]:
    """Return a wait after Allen and Cunneen, marked as such; the utilisation is exact."""
    servers = station.servers_at(0)
    wait = general.allen_cunneen_wait(rate, demand_s, servers, arrival_scv, demand_scv)
    return [
        Prediction("station", station.name, f"{family} (Allen-Cunneen)", P.MEAN_WAIT, wait, approximate=True),
        *_rows(station, family, {P.UTILISATION: rate * demand_s / servers}),
    ]


def _limited(station: Station, flows: list[Flow], streams: Streams) -> list[Prediction]:
    """M/G/c/c where nobody can wait, M/M/c/K where so many can."""
    rate, demand_s, servers, capacity = streams.rate_per_s, streams.demand_s, station.servers_at(0), station.capacity
    if capacity == servers:
        lost = loss.mgcc_loss(rate, demand_s, servers)
        return _rows(station, "M/G/c/c", {P.LOSS: lost, P.UTILISATION: rate * demand_s * (1.0 - lost) / servers})
    if streams.law != "exponential" or capacity is None or capacity < servers:
        return []
    queue = loss.mmck(rate, demand_s, servers, capacity)
    values = {P.LOSS: queue.loss_fraction, P.UTILISATION: queue.utilisation, P.QUEUE: queue.queue_length}
    return _rows(station, "M/M/c/K", {**values, P.MEAN_WAIT: queue.mean_wait_s})


def _ranked(station: Station, flows: list[Flow], streams: Streams) -> list[Prediction]:
    """Non-preemptive priorities: M/G/1 with any demands, M/M/c with one exponential demand for all."""
    servers = station.servers_at(0)
    ranks = sorted({flow.priority for flow in flows})
    each = [
        (flow.priority, rate, visit) for flow, rate, visit in zip(flows, streams.rates_per_s, streams.visits, strict=True)
    ]
    classes = [_class(each, rank) for rank in ranks]
    rates = [c.rate_per_s for c in classes]
    if any(rate == 0.0 for rate in rates):
        return []
    if servers == 1:
        family = "M/G/1 priority"
        waits = priority.mg1_priority_waits(rates, [c.demand_s for c in classes], [c.scv for c in classes])
    elif streams.law == "exponential":
        family = "M/M/c priority"
        waits = priority.mmc_priority_waits(rates, streams.demand_s, servers)
    else:
        return []
    mean = sum(r * w for r, w in zip(rates, waits, strict=True)) / streams.rate_per_s
    rho = streams.rate_per_s * streams.demand_s / servers
    of_rank = dict(zip(ranks, waits, strict=True))
    own = [Prediction("flow", f.name, family, P.MEAN_WAIT, of_rank[f.priority]) for f in _only_here(flows)]
    return [*_rows(station, family, {P.MEAN_WAIT: mean, P.UTILISATION: rho}), *own]


def _interrupting(station: Station, flows: list[Flow], streams: Streams) -> list[Prediction]:
    """Pre-emptive resume priorities at one server, with any demands."""
    ranks = sorted({flow.priority for flow in flows})
    each = [
        (flow.priority, rate, visit) for flow, rate, visit in zip(flows, streams.rates_per_s, streams.visits, strict=True)
    ]
    classes = [_class(each, rank) for rank in ranks]
    if station.servers_at(0) != 1 or station.preemptive != "resume" or any(c.rate_per_s == 0.0 for c in classes):
        return []
    # Within a class whoever asks for more stays longer, so only classes of one demand have a time of their own.
    if any(c.law is None for c in classes):
        return []
    family = "M/G/1 pre-emptive resume"
    rates, demands_s = [c.rate_per_s for c in classes], [c.demand_s for c in classes]
    times = priority.mg1_resume_sojourns(rates, demands_s, [c.scv for c in classes])
    of_rank = dict(zip(ranks, times, strict=True))
    own = [Prediction("flow", f.name, family, P.SOJOURN, of_rank[f.priority]) for f in _only_here(flows)]
    number = sum(c.rate_per_s * time for c, time in zip(classes, times, strict=True))
    return [*_rows(station, family, {P.NUMBER: number, P.UTILISATION: streams.rate_per_s * streams.demand_s}), *own]


def _class(each: list[tuple[int, float, Visit]], rank: int) -> Streams:
    mine = [(rate, visit) for priority, rate, visit in each if priority == rank]
    return Streams(tuple(rate for rate, _ in mine), tuple(visit for _, visit in mine))


def _shared(station: Station, flows: list[Flow], streams: Streams) -> list[Prediction]:
    """Processor sharing, with any demands."""
    rate, demand_s, servers = streams.rate_per_s, streams.demand_s, station.servers_at(0)
    number = sharing.ps_mean_number(rate, demand_s, servers)
    own = [
        Prediction(
            "flow", flow.name, "M/G/c PS", P.SOJOURN, sharing.ps_mean_sojourn(rate, demand_s, servers, visit.demand.mean)
        )
        for flow, visit in zip(flows, streams.visits, strict=True)
        if _only_here([flow])
    ]
    return [*_rows(station, "M/G/c PS", {P.NUMBER: number, P.UTILISATION: rate * demand_s / servers}), *own]


def _failing(station: Station, flows: list[Flow], streams: Streams) -> list[Prediction]:
    """M/M/1 whose server fails and is repaired after exponential times."""
    found = station.breakdowns
    if found is None or station.servers_at(0) != 1 or streams.law != "exponential":
        return []
    if found.up.kind != "exponential" or found.down.kind != "exponential":
        return []
    works = breakdowns.availability(found.up.mean, found.down.mean)
    rho = streams.rate_per_s * streams.demand_s
    if rho >= works:
        return []
    number = breakdowns.mm1_breakdown_number(streams.rate_per_s, streams.demand_s, found.up.mean, found.down.mean)
    return _rows(station, "M/M/1 breakdowns", {P.NUMBER: number, P.UTILISATION: rho, P.AVAILABILITY: works})


def _impatient(station: Station, flows: list[Flow], streams: Streams) -> list[Prediction]:
    """Erlang A, stable at any load."""
    patience = flows[0].patience
    if patience is None or patience.kind != "exponential" or any(flow.patience != patience for flow in flows):
        return []
    if streams.law != "exponential":
        return []
    queue = abandonment.erlang_a(streams.rate_per_s, streams.demand_s, station.servers_at(0), patience.mean)
    values = {
        P.MEAN_WAIT_ALL: queue.mean_wait_s,
        P.P95_WAIT_ALL: queue.quantile(0.95),
        P.MEAN_WAIT: queue.mean_wait_served_s,
        P.QUEUE: queue.queue_length,
        P.UTILISATION: queue.utilisation,
    }
    own = [Prediction("flow", f.name, "Erlang A", P.ABANDON, queue.abandon_fraction) for f in _only_here(flows)]
    return [*_rows(station, "Erlang A", values), *own]


def _orbit(station: Station, flows: list[Flow], streams: Streams) -> list[Prediction]:
    """M/M/1/1 whose refused jobs try again for ever; the job between attempts is in its flow but at no station."""
    retry, rate, demand_s = flows[0].retry, streams.rate_per_s, streams.demand_s
    if retry is None or len(_only_here(flows)) != 1 or len(flows) != 1 or streams.law != "exponential":
        return []
    if (station.servers_at(0), station.capacity, retry.attempts, retry.factor) != (1, 1, None, 1.0):
        return []
    if retry.backoff.kind != "exponential":
        return []
    orbit = retrial.orbit_mean_number(rate, demand_s, retry.backoff.mean)
    refused = retrial.refused_fraction(rate, demand_s, retry.backoff.mean)
    return [
        *_rows(station, "M/M/1/1 retrial", {P.UTILISATION: rate * demand_s, P.LOSS: refused}),
        Prediction("flow", flows[0].name, "M/M/1/1 retrial", P.IN_SYSTEM, rate * demand_s + orbit),
    ]


@dataclass(frozen=True)
class _Form:
    """What to predict where station and flows have these features and no other; most hold only where the queue is stable."""

    predict: Callable[[Station, list[Flow], Streams], list[Prediction]]
    at_any_load: bool = False


_FORMS: dict[tuple[frozenset[str], frozenset[str]], _Form] = {
    (NOTHING, NOTHING): _Form(_plain),
    (frozenset({"priority"}), NOTHING): _Form(_ranked),
    (frozenset({"priority", "preemptive"}), NOTHING): _Form(_interrupting),
    (frozenset({"ps"}), NOTHING): _Form(_shared),
    (frozenset({"lifo"}), NOTHING): _Form(_other_order),
    (frozenset({"random"}), NOTHING): _Form(_other_order),
    (frozenset({"breakdowns"}), NOTHING): _Form(_failing),
    (frozenset({"capacity"}), NOTHING): _Form(_limited, at_any_load=True),
    (frozenset({"capacity"}), frozenset({"retry"})): _Form(_orbit),
    (NOTHING, frozenset({"patience"})): _Form(_impatient, at_any_load=True),
}
"""Forms of Poisson arrivals by the features of the station and those of its flows."""


def _renewal(station: Station, interarrival: Distribution, demand: Distribution) -> list[Prediction]:
    """GI/M/1 and GI/M/c; else GI/G/c approximately."""
    servers = station.servers_at(0)
    rate = 1.0 / interarrival.mean if interarrival.mean > 0.0 else 0.0
    rho = rate * demand.mean / servers
    if rho >= 1.0 or rate == 0.0:
        return []
    if demand.kind != "exponential" or servers > _MOST_RENEWAL_SERVERS:
        family = "GI/G/1" if servers == 1 else "GI/G/c"
        return _approximate(station, family, rate, demand.mean, interarrival.scv, demand.scv)
    queue = general.gim1(interarrival, demand.mean) if servers == 1 else general.gimc(interarrival, demand.mean, servers)
    values = {P.MEAN_WAIT: queue.mean_wait_s, P.P95_WAIT: queue.quantile(0.95), P.UTILISATION: rho}
    return _rows(station, "GI/M/1" if servers == 1 else "GI/M/c", values)


def _batches(station: Station, arrivals: BatchPoisson, demand: Distribution) -> list[Prediction]:
    """M^X/G/1 with sizes that are whole numbers as drawn."""
    first, second = arrivals.size.moments
    rate = arrivals.rate_per_s * first
    rho = rate * demand.mean
    if station.servers_at(0) != 1 or not _whole(arrivals.size) or not 0.0 < rho < 1.0:
        return []
    wait = batches.mxg1_mean_wait(arrivals.rate_per_s, first, second, demand.mean, demand.scv)
    family = "M^X/M/1" if demand.kind == "exponential" else "M^X/G/1"
    return _rows(station, family, {P.MEAN_WAIT: wait, P.NUMBER: rate * (wait + demand.mean), P.UTILISATION: rho})


def _whole(size: Distribution) -> bool:
    """Whether a batch size is always a whole number from 1 on, so that its moments are those of what arrives."""
    if size.kind == "geometric":
        return True
    values = size.parameters if size.kind == "constant" else size.values if size.kind == "empirical" else (0.0,)
    return all(value >= 1.0 and value == int(value) for value in values)
