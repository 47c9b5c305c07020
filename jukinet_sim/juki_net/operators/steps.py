"""A plan as steps of a route: people's time as delays, the server's work as visits to the CS, outcomes as branches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from jukinet_sim.authentication.plan import IN, Plan, Stage, Work
from jukinet_sim.chance.distributions import constant
from jukinet_sim.juki_net.call_centre.compile import CallCentre
from jukinet_sim.juki_net.crypto.bill import Due, Owed
from jukinet_sim.juki_net.crypto.negotiate import End
from jukinet_sim.juki_net.crypto.pay import NOTHING, Doing, Secured, paying
from jukinet_sim.juki_net.machines.compile import Machines, demand
from jukinet_sim.juki_net.operators.names import BOTH, HELPED, LOG_ON, METHOD, NEW, OLD, PEOPLE, TERMINAL, counted_as
from jukinet_sim.network import model as M

CHALLENGE_BYTES = 32
"""What a card signs: a random number as long as a digest of 256 bits."""


_SOON_S = 1e-6
"""So much later than it sets a job off somebody asks whether that is done: the job has taken its token by then."""


def jump(to: str, label: str) -> M.Step:
    """Return a step that goes on at a label whatever holds."""
    return M.Switch(METHOD, tuple((value, to) for value in (OLD, BOTH, NEW)), label=label)


@dataclass(frozen=True)
class Writer:
    """Writes the steps of log-ons; `people` are the numbers of operators that municipalities have, each once."""

    machines: Machines
    calls: CallCentre
    people: tuple[int, ...]

    def log_on(self, method: str, plan: Plan, end: str) -> tuple[tuple[M.Step, ...], tuple[M.Flow, ...]]:
        """Return the steps of a log-on, which goes on at the label `end`, and the flows of what may go wrong on its way.

        Where it leaves the usual way it sets a job off and waits until that is done: what hardly ever happens then costs
        those log-ons nothing in which it does not, and is counted and timed apart.
        """
        usual = usual_way(plan)
        targets = dict.fromkeys(name for stage in usual for name, p in stage.outcomes if p > 0.0 and name != IN)
        aside = [name for name in targets if name not in {stage.name for stage in usual}]
        waits = (step for name in aside for step in _waits(method, name, end))
        flows = tuple(self._trouble(method, plan, name) for name in aside)
        return (*self._steps(method, usual, end), *waits), flows

    def _trouble(self, method: str, plan: Plan, name: str) -> M.Flow:
        """Return the flow of those who come to a stage that is not on the usual way, and what follows from there."""
        done = "done"
        steps = self._steps(method, tuple(following(plan, name)), done)
        route = (M.Acquire(HELPED, label="begins"), *steps, M.Release(HELPED, label=done))
        return M.Flow(trouble(method, name), route, origin=TERMINAL)

    def _steps(self, method: str, stages: tuple[Stage, ...], end: str) -> tuple[M.Step, ...]:
        """Return the steps of some stages, from which a job goes on at the label `end`."""
        found: list[M.Step] = []
        for stage, after in zip(stages, [*stages[1:], None], strict=True):
            label = label_of(method, stage.name)
            first, *rest = *self._within(method, stage, label), *_onward(method, stage, after, label, end)
            found += [replace(first, label=label), *rest]
        return tuple(found)

    def _within(self, method: str, stage: Stage, label: str) -> Iterator[M.Step]:
        """Yield what happens at a stage."""
        if stage.counts is not None:
            yield M.Visit(counted_as(method, stage.counts), NOTHING, label=f"{label}.counted")
        if stage.telephones:
            yield from self.calls.hold_the_line(f"{label}.call")
        if stage.time.mean_s > 0.0:
            yield M.Delay(demand(stage.time.mean_s, stage.time.cv), f"{label}.time")
        if stage.work is not None:
            yield from self._work(stage.work, label)

    def _work(self, work: Work, label: str) -> Iterator[M.Step]:
        """Yield the request to the CS: what any message takes there, and what the work takes in addition."""
        if work.operations and self.machines.bills:
            yield self._verified(work.operations, label)
        *before, visit = self.machines.handling("cs", "origin", f"{label}.cs", "")
        yield from before
        assert isinstance(visit, M.Visit)  # the CS is no line
        yield paying(visit, Due(work.seconds), single=True)
        if work.seconds_per_person > 0.0:
            yield from self._for_each(work.seconds_per_person, label)

    def _for_each(self, seconds: float, label: str) -> Iterator[M.Step]:
        """Yield a visit for each number of operators, of which the one of the job's municipality is made."""
        on = f"{label}.compared"
        yield M.Switch(PEOPLE, tuple((n, f"{label}.of.{n}") for n in self.people), label=f"{label}.people")
        for n in self.people:
            yield M.Visit("cs", constant(seconds * n), label=f"{label}.of.{n}")
            yield jump(on, f"{label}.of.{n}.on")
        yield M.Delay(NOTHING, on)

    def _verified(self, operations: tuple[str, ...], label: str) -> M.Step:
        """Return the mark of what the CS does under the suite; the card at the other end takes its own time."""

        def owed(side: Doing, module: bool, suite: int) -> Owed:
            return self.machines.bills[suite].signatures(operations, CHALLENGE_BYTES)

        return Secured(ends=((End("municipality"), "receiver"),), owed=owed, label=f"{label}.verified")


def usual_way(plan: Plan) -> tuple[Stage, ...]:
    """Return the stages that a log-on passes if at each it takes the most probable way on."""
    by_name = {stage.name: stage for stage in plan.stages}
    found = [plan.stages[0]]
    while (name := max(found[-1].outcomes, key=lambda one: one[1])[0]) != IN:
        found.append(by_name[name])
    return tuple(found)


def following(plan: Plan, name: str) -> Iterator[Stage]:
    """Yield a stage and all that may follow it."""
    reached = {name}
    for stage in plan.stages:
        if stage.name in reached:
            reached |= {target for target, probability in stage.outcomes if probability > 0.0}
            yield stage


def trouble(method: str, stage: str) -> str:
    """Return the flow of those who leave the usual way at a stage."""
    return f"{LOG_ON}{method}.{stage}"


def sets_off(flow: str, token: str, label: str) -> tuple[M.Step, ...]:
    """Return steps that set a job off, which takes this token of its terminal while it is there, and wait until it is done."""
    return (
        M.Spawn(flow, f"{label}.sets-off"),
        M.Delay(constant(_SOON_S), f"{label}.soon"),
        M.Acquire(token, label=f"{label}.waits"),
        M.Release(token, label=f"{label}.done"),
    )


def _waits(method: str, stage: str, end: str) -> Iterator[M.Step]:
    """Yield the steps of a log-on that leaves the usual way."""
    label = label_of(method, stage)
    first, *rest = sets_off(trouble(method, stage), HELPED, label)
    yield replace(first, label=label)
    yield from rest
    yield jump(end, f"{label}.on")


def label_of(method: str, stage: str) -> str:
    """Return the label at which a stage of a method begins."""
    return f"{method}.{stage}"


def _onward(method: str, stage: Stage, after: Stage | None, label: str, end: str) -> Iterator[M.Step]:
    """Yield the steps that lead on from a stage; at least one where nothing else happens there."""
    targets = [
        (end if name == IN else label_of(method, name), probability)
        for name, probability in stage.outcomes
        if probability > 0.0
    ]
    if len(targets) > 1:
        yield M.Branch(tuple(targets), f"{label}.goes")
    elif after is None or targets[0][0] != label_of(method, after.name):
        yield jump(targets[0][0], f"{label}.goes")
    elif stage.counts is None and not stage.telephones and stage.work is None and stage.time.mean_s == 0.0:
        yield M.Delay(NOTHING, f"{label}.goes")
