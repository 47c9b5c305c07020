"""Steps of the national routes: those of any network, and four that take their figures from the equipment of the scenario."""

from typing import Annotated, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field

from jukinet_sim.language.base import Count, Name
from jukinet_sim.language.choice import single_choice, tag
from jukinet_sim.language.route import (
    STEP_KINDS,
    AcquireStep,
    AnyStep,
    BranchStep,
    DelayStep,
    GateStep,
    LoopStep,
    PerRecords,
    ReleaseStep,
    SetStep,
    Side,
    SpawnStep,
    StepBase,
    SwitchStep,
    VisitStep,
    hint_at_exit,
    rounds_kind,
)


class PassStep(StepBase):
    """Be handled by a machine as its own figures say: a firewall per message, a server by its service time."""

    pass_: Name = Field(alias="pass")
    """The station, such as `cs` or one of `juki_net.stations`."""
    at: Side = "origin"
    """Which of the job's places decides the station, where there is one per place."""


class SendStep(StepBase):
    """Send a message over a link: firewalls, line, way and security module, in their order."""

    send: Name
    """The link; `jukinet explain links` lists them."""
    message: Name
    """What is sent, one of `juki_net.messages`."""
    per_record: Name | None = None
    """What is sent in addition for each record in hand, one of `juki_net.messages`."""
    at: Side = "origin"
    """Which of the job's places is the municipality's end of the link; between two CSs, the one that sends."""


class ForwardStep(StepBase):
    """Store and forward, from the CS to the prefecture and on to the nation; each hop waits for its acknowledgement."""

    forward: Name
    """What is forwarded, one of `juki_net.messages`."""


class TakeStep(StepBase):
    """Let a person, or something else that nobody queues for, take its time."""

    take: Name
    """How long: one of `juki_net.times`."""


class NationalLoop(LoopStep):
    """Run some steps several times, leaving the servers in between."""

    loop: Annotated[Annotated[Count, tag("count")] | Annotated[PerRecords, tag("per_records")], Discriminator(rounds_kind)]
    """Number of rounds, or `{per_records: 100}` for one round for each 100 records."""
    of: "tuple[NationalStep, ...]" = Field(min_length=1)  # type: ignore[assignment]  # a wider tuple of steps
    """The steps of one round."""


_GENERIC = tuple(kind for kind in STEP_KINDS if kind != "choose")
"""Kinds of steps that generic networks have as well; the nation has no stations that do the same to choose among."""

AnyNationalStep: TypeAlias = AnyStep | PassStep | SendStep | ForwardStep | TakeStep

NationalStep = Annotated[
    Annotated[PassStep, tag("pass")]
    | Annotated[SendStep, tag("send")]
    | Annotated[ForwardStep, tag("forward")]
    | Annotated[TakeStep, tag("take")]
    | Annotated[VisitStep, tag("visit")]
    | Annotated[DelayStep, tag("delay")]
    | Annotated[GateStep, tag("gate")]
    | Annotated[AcquireStep, tag("acquire")]
    | Annotated[ReleaseStep, tag("release")]
    | Annotated[BranchStep, tag("branch")]
    | Annotated[NationalLoop, tag("loop")]
    | Annotated[SpawnStep, tag("spawn")]
    | Annotated[SwitchStep, tag("switch")]
    | Annotated[SetStep, tag("set")],
    *single_choice("a step", ("pass", "send", "forward", "take", *_GENERIC), "{pass: cs}"),
    BeforeValidator(hint_at_exit),
]
"""One step of a national route."""

