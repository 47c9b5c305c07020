"""The steps of a route, as a scenario writes them: one key names the kind of each step."""

from itertools import pairwise
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, model_validator

from jukinet_sim.base.units import UnitError, parse_count
from jukinet_sim.language.base import Base, Count, Flag, Fraction, Name, PositiveCount, Seconds, SpecError
from jukinet_sim.language.choice import single_choice, tag
from jukinet_sim.language.distributions import TimeDistribution, mean_of
from jukinet_sim.language.parts import Part, mean_of_part

STEP_KINDS = ("visit", "delay", "gate", "acquire", "release", "branch", "loop", "spawn", "switch", "choose", "set")
EXIT = "exit"
Side = Literal["origin", "destination"]


class StepBase(Base):
    """What every step may have."""

    label: Name | None = None
    """A name for this step, unique in its list, that a branch or switch of the same list can go to."""


class Balk(Base):
    """Jobs that turn away from a station because of those whom they find there."""

    from_: Count = Field(alias="from")
    """The fewest jobs, waiting and in service, from which some turn away."""
    probability: Fraction
    """Which part of those turns away that find so many."""


def _balk_kind(value: Any) -> str:
    """Tell one number from a table of numbers."""
    return "?table" if isinstance(value, (list, tuple)) else "?one"


class VisitStep(StepBase):
    """Wait for a server of a station and be served."""

    visit: Name
    """The station."""
    at: Side = "origin"
    """Which of the job's places decides the station, where the station has one copy per place."""
    demand: TimeDistribution | None = None
    """Service time; may be left out where `per_record` or `parts` is given."""
    per_record: Seconds = 0.0
    """Seconds of service added for each record the job carries."""
    parts: tuple[Part, ...] = ()
    """Further drawn parts of the service time, all added: times `{exponential: 5 ms}`, or a time for each of a drawn number
    `{each: 2 ms, of: {geometric: {mean: 3}}, beyond: 1}`."""

    on_refused: Name | None = None
    """Label of this list, or `exit`, where a job goes on that finds the station full, or turns away (`balk`); it is lost
    when left out."""
    balk: (
        Annotated[
            Annotated[Balk, tag("one")] | Annotated[tuple[Balk, ...], Field(min_length=1), tag("table")],
            Discriminator(_balk_kind),
        ]
        | None
    ) = None
    """Whether jobs turn away from a long queue: `{from: 10, probability: 0.3}`, or a table of such entries by growing numbers,
    of which the last that is reached holds. They count as refused. Nobody does when left out."""
    on_abandon: Name | None = None
    """Label of this list, or `exit`, where a job goes on that loses patience here; it is abandoned when left out."""
    hold: Flag = False
    """Whether the job keeps its server after service until it has come in at the next station of its route, or has left. If
    that station is full (`capacity`) the job is not lost but waits, and the server is blocked: whose service ended first comes
    in first. A blocked server is neither busy nor idle, and the job neither waits nor is served."""

    @model_validator(mode="after")
    def _check_demand(self) -> Self:
        """Require some service: a demand with a mean above 0, seconds per record, or parts."""
        if self.demand is None and self.per_record == 0 and not self.parts:
            raise SpecError("this visit has no demand", 'add "demand: {exponential: 20 ms}" or per_record')
        if self.demand is not None and mean_of(self.demand) == 0:
            raise SpecError("the mean demand is 0", "write a mean above 0, or a delay step instead", ("demand",))
        if self.demand is None and self.per_record == 0 and not sum(map(mean_of_part, self.parts)):
            raise SpecError("the mean of all parts is 0", "write a mean above 0, or a delay step instead", ("parts",))
        return self

    @property
    def balking(self) -> tuple[Balk, ...]:
        """The table of who turns away; empty where nobody does."""
        return () if self.balk is None else (self.balk,) if isinstance(self.balk, Balk) else self.balk

    @model_validator(mode="after")
    def _check_balk(self) -> Self:
        """Require a table by growing numbers."""
        numbers = [entry.from_ for entry in self.balking]
        for i, (before, after) in enumerate(pairwise(numbers), start=1):
            if after <= before:
                cure = "put the numbers in order, each once"
                raise SpecError(f"{after} does not come after {before}", cure, ("balk", i, "from"))
        return self


class DelayStep(StepBase):
    """Let time pass without a server."""

    delay: TimeDistribution
    """How long; a mean of 0 is allowed."""


class GateStep(StepBase):
    """Hold the job until a calendar profile is not zero, such as until the counters open."""

    gate: Name
    """The calendar profile."""
    spread: Seconds = 0.0
    """Jobs held by the gate leave it spread evenly over this time after it opens."""


class AcquireStep(StepBase):
    """Wait for a token of a pool and hold it."""

    acquire: Name
    """The pool."""
    at: Side = "origin"
    """Which of the job's places decides the pool, where the pool has one copy per place."""
    patience: TimeDistribution | None = None
    """Longest wait for the token, drawn afresh each time; the job then leaves as it does a station out of patience. With
    `{constant: 0 s}` who finds no token leaves at once, the only patience at a pool with `refill`. For ever when left out."""
    on_abandon: Name | None = None
    """Label of this list, or `exit`, where a job goes on whose patience is over; it is abandoned when left out."""
    tokens: PositiveCount = 1
    """How many tokens it takes at once; it waits until there are so many, and nobody behind it overtakes."""

    @model_validator(mode="after")
    def _check_patience(self) -> Self:
        """Refuse to turn away a job that waits for ever."""
        if self.on_abandon is not None and self.patience is None:
            what = "nobody gives up waiting here, so nobody turns away"
            raise SpecError(what, 'add "patience: {exponential: 5 min}"', ("on_abandon",), at_key=True)
        return self


class ReleaseStep(StepBase):
    """Give a token back to a pool that does not refill by itself."""

    release: Name
    """The pool."""
    at: Side = "origin"
    """Which of the job's places decides the pool, as in the step that acquired the token."""
    tokens: PositiveCount = 1
    """How many tokens it gives back, those taken first before others."""


class BranchStep(StepBase):
    """Go on at a label, drawn by probability."""

    branch: dict[Name, Fraction] = Field(min_length=1)
    """Probability of each label of this list, or of `exit`, which leaves the network; they sum to 1."""


class PerRecords(Base):
    """A number of rounds that follows from the records the job carries."""

    per_records: PositiveCount
    """Records handled in one round; the last round may have fewer."""


def rounds_kind(value: Any) -> str:
    """Tell the two ways of writing a number of rounds apart."""
    return "?per_records" if isinstance(value, (dict, PerRecords)) else "?count"


class LoopStep(StepBase):
    """Run some steps several times, leaving the servers in between."""

    loop: Annotated[Annotated[Count, tag("count")] | Annotated[PerRecords, tag("per_records")], Discriminator(rounds_kind)]
    """Number of rounds, or `{per_records: 100}` for one round for each 100 records."""
    of: "tuple[Step, ...]" = Field(min_length=1)
    """The steps of one round."""


class SpawnStep(StepBase):
    """Send off a job of another flow and go on without waiting for it."""

    spawn: Name
    """The flow of the new job; it carries the places of this job and the records of its own flow."""


def _read_values(value: Any) -> Any:
    """Refuse a value of a state that is written twice, such as 1 and 1.0."""
    seen: set[int] = set()
    for key in value if isinstance(value, dict) else ():
        try:
            number = parse_count(str(key))
        except UnitError:
            continue  # each key is read for itself, and objected to, below
        if number in seen:
            raise SpecError(f"the value {number} stands twice", "keep one of the two", (key,), at_key=True)
        seen.add(number)
    return value


class SwitchStep(StepBase):
    """Go on where the present value of a state says."""

    switch: Name
    """The state."""
    at: Side = "origin"
    """Which of the job's places decides, where the state has one value per place."""
    to: Annotated[dict[Count, Name], BeforeValidator(_read_values)] = Field(min_length=1)
    """For each value a label of this list, or `exit`, which leaves the network; any other value goes on at the next step."""


class ChooseStep(StepBase):
    """Go on where the present state of some stations says."""

    choose: dict[Name, Name] = Field(min_length=1)
    """For each station a label of this list, or `exit`, which leaves the network; of equals the first written is chosen."""
    by: Literal["shortest_queue", "least_utilised", "first_idle", "round_robin"]
    """`shortest_queue`: the fewest jobs, waiting and in service; `least_utilised`: the fewest of them for each server that
    works; `first_idle`: the first with an idle server, and if there is none the next step; `round_robin`: in turn."""
    at: Side = "origin"
    """Which of the job's places decides, where a station has one copy per place."""


class SetStep(StepBase):
    """Give a state a new value at this instant, such as when a migration of the place is done."""

    set: Name
    """The state."""
    at: Side = "origin"
    """Which of the job's places gets the value, where the state has one value per place."""
    to: Count
    """The new value."""


def hint_at_exit(value: Any) -> Any:
    """Refuse the bare word `exit` as a step."""
    if value == EXIT:
        raise SpecError('"exit" is a target of a branch, not a step', "write {branch: {exit: 1}}")
    return value


AnyStep: TypeAlias = (
    VisitStep
    | DelayStep
    | GateStep
    | AcquireStep
    | ReleaseStep
    | BranchStep
    | LoopStep
    | SpawnStep
    | SwitchStep
    | ChooseStep
    | SetStep
)

Step = Annotated[
    Annotated[VisitStep, tag("visit")]
    | Annotated[DelayStep, tag("delay")]
    | Annotated[GateStep, tag("gate")]
    | Annotated[AcquireStep, tag("acquire")]
    | Annotated[ReleaseStep, tag("release")]
    | Annotated[BranchStep, tag("branch")]
    | Annotated[LoopStep, tag("loop")]
    | Annotated[SpawnStep, tag("spawn")]
    | Annotated[SwitchStep, tag("switch")]
    | Annotated[ChooseStep, tag("choose")]
    | Annotated[SetStep, tag("set")],
    *single_choice("a step", STEP_KINDS, "{visit: web, demand: {exponential: 20 ms}}"),
    BeforeValidator(hint_at_exit),
]
"""One step of a route."""
