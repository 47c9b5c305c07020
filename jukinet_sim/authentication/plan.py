"""What a log-on consists of: stages with their time, the server's work and where each leads, and who gets in who should not.

Stages are written out to the end, so that what a third attempt meets with may depend on the two before it; none leads back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

IN = "in"
"""Where a log-on ends: whoever was to get in is in."""
REJECTED, LOCKED, CALLED, FELL_BACK, REPLACED = "rejected", "locked", "called", "fell-back", "replaced"
EVENTS = (REJECTED, LOCKED, CALLED, FELL_BACK, REPLACED)
"""What is counted: an entry or a capture that is not accepted, a lock, a call for help, a way round, a new card."""


@dataclass(frozen=True)
class Time:
    """A random time by its mean and coefficient of variation: 0 always the same, 1 exponential, otherwise log-normal."""

    mean_s: float = 0.0
    cv: float = 0.0


@dataclass(frozen=True)
class Work:
    """One request to the server: seconds in addition to what it takes for any message, and for each person it knows.

    `operations` names what it does under the cipher suite in use: "verify" a signature, or "sign" one.
    """

    seconds: float = 0.0
    seconds_per_person: float = 0.0
    operations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stage:
    """A stage of a log-on: somebody's or a device's own time, then the server's work, then where it leads.

    `outcomes` are pairs (name of a later stage or `IN`, probability) that sum to 1. `counts` is one of `EVENTS`; a stage that
    `telephones` waits for the call centre before its time begins.
    """

    name: str
    time: Time = Time()
    work: Work | None = None
    outcomes: tuple[tuple[str, float], ...] = ((IN, 1.0),)
    counts: str | None = None
    telephones: bool = False


@dataclass(frozen=True)
class Way:
    """A way by which a wrong person tries to get in: the probability that it leads in, and what that rests on.

    With `each_person` it is the probability for one person that the server knows, any of whom will do.
    """

    name: str
    probability: float
    why: str
    each_person: bool = False

    def succeeds(self, people: int) -> float:
        """Return the probability where the server knows so many people."""
        return 1.0 - (1.0 - self.probability) ** people if self.each_person else self.probability


class PlanError(ValueError):
    """A plan that cannot be carried out, with what is wrong with it."""


@dataclass(frozen=True)
class Plan:
    """Stages from the first to the last, and ways in. Raises PlanError for stages that lead nowhere, or back."""

    stages: tuple[Stage, ...]
    ways: tuple[Way, ...] = ()

    def __post_init__(self) -> None:
        """Check that every log-on comes to its end."""
        names = [stage.name for stage in self.stages]
        if not names or len(set(names)) < len(names) or IN in names:
            raise PlanError(f'the stages {names} are none, or two of one name, or one is called "{IN}"')
        for number, stage in enumerate(self.stages):
            _check(stage, {*names[number + 1 :], IN})
        for way in self.ways:
            if not 0.0 <= way.probability <= 1.0:
                raise PlanError(f'the way "{way.name}" has the probability {way.probability}')

    @cached_property
    def reached(self) -> dict[str, float]:
        """Probability that a log-on passes each stage, by name."""
        found = dict.fromkeys((stage.name for stage in self.stages), 0.0)
        found[self.stages[0].name] = 1.0
        for stage in self.stages:
            for target, probability in stage.outcomes:
                if target != IN:
                    found[target] += found[stage.name] * probability
        return found

    def expected(self, event: str) -> float:
        """Return how often an event is counted in one log-on, on average."""
        return sum(self.reached[stage.name] for stage in self.stages if stage.counts == event)

    @property
    def own_time_s(self) -> float:
        """Mean time of people and devices in one log-on, without that of the server and of waiting for anybody."""
        return sum(self.reached[stage.name] * stage.time.mean_s for stage in self.stages)

    @property
    def requests(self) -> float:
        """Mean number of requests to the server in one log-on."""
        return sum(self.reached[stage.name] for stage in self.stages if stage.work is not None)


def _check(stage: Stage, later: Iterable[str]) -> None:
    """Refuse outcomes that are no probabilities, or lead to no later stage."""
    total = sum(probability for _, probability in stage.outcomes)
    if abs(total - 1.0) > 1e-9 or any(not 0.0 <= probability <= 1.0 for _, probability in stage.outcomes):
        raise PlanError(f'the outcomes of "{stage.name}" sum to {total:.10g}, not to 1')
    for target, _ in stage.outcomes:
        if target not in later:
            raise PlanError(f'"{stage.name}" leads to "{target}", which is no later stage')
    work = stage.work or Work()
    for seconds in (stage.time.mean_s, stage.time.cv, work.seconds, work.seconds_per_person):
        if not 0.0 <= seconds < float("inf"):
            raise PlanError(f'"{stage.name}" takes {seconds} seconds, or varies by as much')
    if stage.counts is not None and stage.counts not in EVENTS:
        raise PlanError(f'"{stage.name}" counts "{stage.counts}"; only {", ".join(EVENTS)} are counted')
