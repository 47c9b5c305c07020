"""Checks of routes: labels and where steps lead, tokens given back, and flows that never begin or never pause.

One function per fault kind; each yields complaints with the path of the culprit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jukinet_sim.base.suggest import did_you_mean
from jukinet_sim.language.arrivals import Closed
from jukinet_sim.language.base import wrong_sum
from jukinet_sim.language.complaint import Complaint, fault, routes, walk
from jukinet_sim.language.distributions import Constant, mean_of
from jukinet_sim.language.flows import Flow
from jukinet_sim.language.merge import NodePath
from jukinet_sim.language.network import Network
from jukinet_sim.language.route import (
    EXIT,
    AcquireStep,
    AnyStep,
    BranchStep,
    ChooseStep,
    DelayStep,
    GateStep,
    LoopStep,
    PerRecords,
    ReleaseStep,
    SpawnStep,
    StepBase,
    SwitchStep,
    VisitStep,
)


def _refills(network: Network, pool: str) -> bool:
    """Tell whether a pool is a token bucket."""
    return pool in network.pools and network.pools[pool].refill is not None


def _patience_at_buckets(network: Network) -> Iterator[Complaint]:
    """Refuse to wait for a token of a pool that refills by itself for as long as a patience lasts."""
    for _, _, path, step in routes(network):
        if not isinstance(step, AcquireStep) or step.patience is None or not _refills(network, step.acquire):
            continue
        if not (isinstance(step.patience, Constant) and step.patience.constant == 0.0):
            what = f'the pool "{step.acquire}" refills by itself: who waits for it waits for good, or does not wait at all'
            yield fault((*path, "patience"), what, 'write "{constant: 0 s}", or a timeout of the flow', "patience")


_MOST_TOKENS = 32_767
"""More tokens than that no job takes at once; see `MOST_AT_ONCE` of the engines' layout."""


def _several_tokens(network: Network) -> Iterator[Complaint]:
    """Refuse to take or give back more tokens at once than a pool has, or to take several of one that refills by itself."""
    for _, _, path, step in routes(network):
        if isinstance(step, ReleaseStep):
            pool = network.pools.get(step.release)
            if pool is not None and step.tokens > min(pool.tokens, _MOST_TOKENS) and not _refills(network, step.release):
                what = f'nobody ever holds {step.tokens} tokens of the pool "{step.release}"'
                yield fault((*path, "tokens"), what, "give back at most as many as were taken", "tokens")
        if not isinstance(step, AcquireStep) or step.acquire not in network.pools or step.tokens == 1:
            continue
        most = min(network.pools[step.acquire].tokens, _MOST_TOKENS)
        if _refills(network, step.acquire):
            what = f'the pool "{step.acquire}" refills by itself: its tokens are taken one by one'
            yield fault((*path, "tokens"), what, "delete it, or acquire several times", "tokens")
        elif step.tokens > most:
            what = f'nobody ever gets {step.tokens} tokens of the pool "{step.acquire}" at once'
            yield fault((*path, "tokens"), what, f"write at most {most}, or give the pool more tokens", "tokens")


def _refilled_releases(network: Network) -> Iterator[Complaint]:
    """Refuse a release of a pool that refills by itself."""
    for _, _, path, step in routes(network):
        if isinstance(step, ReleaseStep) and _refills(network, step.release):
            what = f'the pool "{step.release}" refills by itself, so its tokens are never given back'
            yield fault((*path, "release"), what, "delete this step", "refill")


def _unheld_releases(network: Network) -> Iterator[Complaint]:
    """Refuse a release of a pool from which the flow never acquires."""
    acquired: dict[str, set[str]] = {}
    for name, _, _, step in routes(network):
        if isinstance(step, AcquireStep):
            acquired.setdefault(name, set()).add(step.acquire)
    for name, _, path, step in routes(network):
        if not isinstance(step, ReleaseStep) or _refills(network, step.release):
            continue
        taken = acquired.get(name, set())
        # A mistyped name is objected to elsewhere, and may be the one that is missed here.
        if {*taken, step.release} <= network.pools.keys() and step.release not in taken:
            what = f'flow "{name}" releases a token of "{step.release}" that it never acquires'
            yield fault((*path, "release"), what, f'add "acquire: {step.release}" before, or delete this step')


def _lists_below(steps: tuple[StepBase, ...], path: NodePath) -> Iterator[tuple[NodePath, tuple[StepBase, ...]]]:
    """Yield a list of steps and the insides of its loops."""
    yield path, steps
    for inner, step in walk(steps, path):
        if isinstance(step, LoopStep):
            yield (*inner, "of"), step.of


def list_complaints(steps: tuple[StepBase, ...], path: NodePath) -> Iterator[Complaint]:
    """Yield what is wrong with labels, probabilities, targets and loops in one route, of whichever network."""
    yield from _nested_lots(steps, path)
    for inner, some in _lists_below(steps, path):
        yield from _labels(inner, some)
        yield from _branch_sums(inner, some)
        yield from _unknown_targets(inner, some)


def _nested_lots(steps: tuple[StepBase, ...], path: NodePath) -> Iterator[Complaint]:
    """Refuse a loop over lots of records inside another: a job has one lot in hand."""
    lots = [(at, step) for at, step in walk(steps, path) if isinstance(step, LoopStep) and isinstance(step.loop, PerRecords)]
    for number, (at, _) in enumerate(lots):
        if any(at[: len(outer)] == outer for outer, _ in lots[:number]):
            what = "a loop over records stands inside a loop over records"
            yield fault((*at, "loop"), what, "keep the outer one, or give this one a number of rounds")


def _lists(network: Network) -> Iterator[Complaint]:
    """Check every route of a generic network."""
    for name, flow in network.flows.items():
        yield from list_complaints(flow.route, ("network", "flows", name, "route"))


def _flow_turns(network: Network) -> Iterator[Complaint]:
    """Require that a flow turns to labels of its route, or to the exit."""
    for name, flow in network.flows.items():
        labels = {step.label for step in flow.route if step.label is not None} | {EXIT}
        for key in ("on_refused", "on_abandon"):
            target = getattr(flow, key)
            if target is not None and target not in labels:
                what = f'no step of the route has the label "{target}"'
                cure = did_you_mean(target, labels) or "add the label to one of them"
                yield fault(("network", "flows", name, key), what, cure, target)


def _labels(path: NodePath, steps: tuple[StepBase, ...]) -> Iterator[Complaint]:
    """Require that a label stands once in its list and is not the word that leaves the network."""
    seen: set[str] = set()
    for i, step in enumerate(steps):
        if step.label == EXIT:
            what = '"exit" is the way out of the network, not a label'
            yield fault((*path, i, "label"), what, "choose another label")
        elif step.label is not None and step.label in seen:
            what = f'label "{step.label}" stands twice in this list'
            yield fault((*path, i, "label"), what, "rename one of the two")
        seen.add(step.label or "")


def _branch_sums(path: NodePath, steps: tuple[StepBase, ...]) -> Iterator[Complaint]:
    """Require that the probabilities of a branch sum to 1."""
    for i, step in enumerate(steps):
        wrong = wrong_sum(step.branch.values()) if isinstance(step, BranchStep) else None
        if wrong is not None:
            what = f"the probabilities of this branch {wrong}"
            yield fault((*path, i, "branch"), what, "change them so that they sum to 1")


def _targets(step: StepBase) -> Iterable[tuple[str, str, str]]:
    """Return where a branch, switch or choice leads: the key that holds its targets, the key of each there, and the target."""
    if isinstance(step, BranchStep):
        return [("branch", target, target) for target in step.branch]
    if isinstance(step, ChooseStep):
        return [("choose", station, target) for station, target in step.choose.items()]
    if isinstance(step, SwitchStep):
        return [("to", str(value), target) for value, target in step.to.items()]
    return []


def _turns(step: StepBase) -> Iterable[tuple[str, str]]:
    """Return where a job goes on that is not served, or gets no token: the key, and the target there."""
    keys = ("on_refused", "on_abandon") if isinstance(step, VisitStep) else ("on_abandon",)
    if isinstance(step, (VisitStep, AcquireStep)):
        yield from ((key, target) for key in keys if (target := getattr(step, key)) is not None)


def _unknown_targets(path: NodePath, steps: tuple[StepBase, ...]) -> Iterator[Complaint]:
    """Require that branches, switches and turnings lead to labels of their own list or to the exit."""
    labels = {step.label for step in steps if step.label is not None} | {EXIT}
    for i, step in enumerate(steps):
        for place, key, target in _targets(step):
            if target not in labels:
                what = f'no step of this list has the label "{target}"'
                cure = did_you_mean(target, labels) or "add the label to one of them"
                yield fault((*path, i, place, key), what, cure, target, at_key=key == target)
        for key, target in _turns(step):
            if target not in labels:
                what = f'no step of this list has the label "{target}"'
                yield fault((*path, i, key), what, did_you_mean(target, labels) or "add the label to one of them", target)


def _idle_flows(network: Network) -> Iterator[Complaint]:
    """Require that every flow gets its jobs from somewhere."""
    spawned = {step.spawn for _, _, _, step in routes(network) if isinstance(step, SpawnStep)}
    for name, flow in network.flows.items():
        if flow.arrivals is None and name not in spawned:
            what = f'flow "{name}" has no arrivals and no other flow spawns it'
            yield fault(("network", "flows", name), what, 'add "arrivals: {poisson: 0.8 /s}"', "arrivals", "spawn")


def _spawned_closed_flows(network: Network) -> Iterator[Complaint]:
    """Refuse a closed flow that is spawned as well, since its number of jobs is fixed."""
    for _, _, path, step in routes(network):
        target = network.flows.get(step.spawn) if isinstance(step, SpawnStep) else None
        if target is not None and isinstance(target.arrivals, Closed):
            what = "a closed flow always has the same number of jobs and cannot be spawned"
            yield fault((*path, "spawn"), what, "spawn a flow of its own without arrivals")


def _takes_time(network: Network, step: AnyStep) -> bool:
    """Tell whether time passes at a step, sooner or later: a token bucket is empty at last."""
    if isinstance(step, AcquireStep):
        return _refills(network, step.acquire)
    return isinstance(step, (VisitStep, GateStep)) or (isinstance(step, DelayStep) and mean_of(step.delay) > 0)


def _instant_cycles(network: Network) -> Iterator[Complaint]:
    """Refuse a closed flow whose jobs go round without time passing."""
    for name, flow in network.flows.items():
        route: NodePath = ("network", "flows", name, "route")
        if not isinstance(flow.arrivals, Closed) or mean_of(flow.arrivals.closed.think) > 0:
            continue
        if not any(_takes_time(network, step) for _, step in walk(flow.route, route)):
            what = f'jobs of flow "{name}" go round without end at one instant'
            cure = "write a think time above 0, or add a visit or a delay"
            yield fault(("network", "flows", name, "arrivals", "closed", "think"), what, cure)


def _instant_spawns(network: Network, flow: Flow, name: str) -> dict[str, NodePath]:
    """Return the flows that a job spawns before any time has passed, with the path of the step."""
    found: dict[str, NodePath] = {}
    for path, step in walk(flow.route, ("network", "flows", name, "route")):
        if _takes_time(network, step):
            break
        if isinstance(step, SpawnStep):
            found.setdefault(step.spawn, path)
    return found


def _spawn_cycles(network: Network) -> Iterator[Complaint]:
    """Refuse flows that spawn each other round in a circle without time passing."""
    spawns = {name: _instant_spawns(network, flow, name) for name, flow in network.flows.items()}
    reported: set[str] = set()
    for start in spawns:
        for target, path in spawns[start].items():
            reached, todo = {target}, [target]
            while todo:
                new = set(spawns.get(todo.pop(), {})) - reached
                reached |= new
                todo.extend(new)
            if start in reached and start not in reported:
                reported |= reached
                what = f'flow "{start}" spawns itself without end at one instant'
                yield fault((*path, "spawn"), what, "put a delay or a visit before the spawn")


def _shared_holds(network: Network) -> Iterator[Complaint]:
    """Refuse to keep a server after service where servers are shared."""
    for _, _, path, step in routes(network):
        station = network.stations.get(step.visit) if isinstance(step, VisitStep) and step.hold else None
        if station is not None and station.discipline == "ps":
            what = "servers are shared here (discipline ps), so that nobody has one to keep"
            yield fault((*path, "hold"), what, "delete it, or write another discipline", "hold")


ROUTE_CHECKS = (
    _shared_holds,
    _refilled_releases,
    _patience_at_buckets,
    _several_tokens,
    _flow_turns,
    _unheld_releases,
    _lists,
    _idle_flows,
    _spawned_closed_flows,
    _instant_cycles,
    _spawn_cycles,
)
