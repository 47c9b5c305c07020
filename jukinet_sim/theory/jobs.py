"""The routes of average jobs: how often each comes to a step, and how many jobs of other flows one of them causes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.base.latest import of_the_latest
from jukinet_sim.network.model import Closed, Delay, Flow, Network, Spawn, Step, Switch, Visit, Which
from jukinet_sim.theory.arrivals import mean_rate, record_numbers
from jukinet_sim.theory.latches import Once, narrowed, switches_once
from jukinet_sim.theory.routes import Values, mean_demand_s, step_times
from jukinet_sim.theory.spread import PlaceWeights
from jukinet_sim.theory.states import value_shares

Floats = NDArray[np.float64]
_ENDLESS = 1e9


@dataclass(frozen=True)
class MeanStep:
    """How often an average job comes to a step, and the records in hand summed over those times."""

    step: Step
    times: float
    records: float

    @property
    def demand_s(self) -> float:
        """Seconds of service that a job asks for at the step in all."""
        if not isinstance(self.step, Visit):
            return 0.0
        return self.times * mean_demand_s(self.step) + self.records * self.step.per_record_s

    def least_s(self, speed: float) -> float:
        """Seconds that the job spends at the step in all when nobody is in the way of servers this fast."""
        delay_s = self.times * self.step.delay.mean if isinstance(self.step, Delay) else 0.0
        return self.demand_s / speed + delay_s


class Jobs:
    """Mean routes of each flow's arriving and spawned jobs, and who spawns whom.

    `caused[r, g]` is the number of jobs of flow g that are spawned, directly or not, for one arrival of flow r.
    """

    def __init__(self, network: Network) -> None:
        self._index = {flow.name: i for i, flow in enumerate(network.flows)}
        self.numbers = [record_numbers(flow, network.horizon_s) for flow in network.flows]
        found = _FoundAtSwitches(network)
        values = [found.by(flow) for flow in network.flows]
        self._solve(network, values)
        once = [switches_once(network, flow) for flow in network.flows]
        if any(once):
            self._solve(network, [self._narrowed(network, i, *each) for i, each in enumerate(zip(values, once, strict=True))])

    def _solve(self, network: Network, values: list[Values]) -> None:
        """Set the mean routes of jobs that find these values at switches, and who spawns whom."""
        flows = network.flows
        self.values = {flow.name: known for flow, known in zip(flows, values, strict=True)}
        self.arriving = [_mean_route(f, *n, v) for f, n, v in zip(flows, self.numbers, values, strict=True)]
        self.spawned = [self._spawned_route(i, f, v) for i, (f, v) in enumerate(zip(flows, values, strict=True))]
        identity = np.eye(len(flows))
        try:
            descent = np.linalg.solve(identity - self._children(self.spawned), identity)
        except np.linalg.LinAlgError:
            descent = np.full_like(identity, np.inf)
        if not np.all((descent > -1e-9) & (descent < _ENDLESS)):
            what = "flows spawn jobs of each other without end"
            raise ScenarioError((Fault(what, "remove one spawn step of the cycle, or make it rarer than once a job"),))
        self.caused: Floats = self._children(self.arriving) @ descent

    def _narrowed(self, network: Network, number: int, values: Values, once: Mapping[Switch, Once]) -> Values:
        """Return what a flow's jobs find at switches, where no more of them pass one that closes than it lets through."""
        own, spawned = self._numbers_of_jobs(network, number)
        came = dict.fromkeys(once, 0.0)
        for jobs, route in ((own, self.arriving[number]), (spawned, self.spawned[number])):
            for mean in route:
                if isinstance(mean.step, Switch) and mean.step in came:
                    came[mean.step] += jobs * mean.times
        known = {switch: narrowed(values(switch), one, came[switch]) for switch, one in once.items()}

        def found(switch: Switch) -> Mapping[int, float]:
            return known[switch] if switch in known else values(switch)

        return found

    def _numbers_of_jobs(self, network: Network, number: int) -> tuple[float, float]:
        """Return how many jobs of a flow arrive in a run and how many are spawned; 0 where closed flows decide it."""
        if any(isinstance(flow.arrivals, Closed) for flow in network.flows):
            return 0.0, 0.0
        arrive = np.array([mean_rate(flow, network.horizon_s) for flow in network.flows]) * network.horizon_s
        return float(arrive[number]), float(arrive @ self.caused[:, number])

    def _spawned_route(self, number: int, flow: Flow, values: Values) -> tuple[MeanStep, ...]:
        """Return the mean route of a flow's spawned jobs; mostly it is that of its arriving ones."""
        records, share = np.array([float(flow.records)]), np.ones(1)
        if all(map(np.array_equal, self.numbers[number], (records, share))):
            return self.arriving[number]
        return _mean_route(flow, records, share, values)

    def _children(self, routes: list[tuple[MeanStep, ...]]) -> Floats:
        children = np.zeros((len(routes), len(routes)))
        for parent, steps in enumerate(routes):
            for mean in steps:
                if isinstance(mean.step, Spawn):
                    children[parent, self._index[mean.step.flow]] += mean.times
        return children


@of_the_latest
def jobs_of(network: Network) -> Jobs:
    """Return the mean routes of a network. Raises ScenarioError where jobs never leave."""
    return Jobs(network)


class _FoundAtSwitches:
    """What jobs find at switches: the same for all flows whose jobs are drawn by the same weights."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._states = {state.name: state for state in network.states}
        self._weights = PlaceWeights(network)
        self._known: dict[tuple[str, int], Mapping[int, float]] = {}

    def by(self, flow: Flow) -> Values:
        """Return what a flow's jobs find; where a flow does not say its places, the level's weights do."""
        known: dict[tuple[str, Which], Mapping[int, float]] = {}

        def values(switch: Switch) -> Mapping[int, float]:
            key = (switch.state, switch.at)
            if key not in known:
                known[key] = self._shares(switch.state, self._where(flow, switch))
            return known[key]

        return values

    def _where(self, flow: Flow, switch: Switch) -> Floats:
        """Return how a flow's jobs spread over the places of a switch's state."""
        per = self._states[switch.state].per
        if per is not None and (flow.origin if switch.at == "origin" else flow.destination) is None:
            return self._weights.of_level(per)
        return self._weights.of(flow, switch.at, per)

    def _shares(self, name: str, where: Floats) -> Mapping[int, float]:
        # The weights keep what they have given, so that its identity is no other's.
        key = (name, id(where))
        if key not in self._known:
            self._known[key] = value_shares(self._network, self._states[name], where)
        return self._known[key]


def _mean_route(flow: Flow, records: Floats, share: Floats, values: Values) -> tuple[MeanStep, ...]:
    """Return a route's expected executions, averaged over the numbers of records that jobs carry."""
    means = step_times(flow.route, records, flow.name, values)
    return tuple(MeanStep(mean.step, _average(mean.times, share), _average(mean.records, share)) for mean in means)


def _average(values: Floats, share: Floats) -> float:
    if len(values) == len(share) == 1:
        return float(values[0]) * float(share[0])
    return float(np.dot(np.broadcast_to(values, share.shape), share))
