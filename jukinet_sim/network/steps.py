"""The steps of a route: what a job does, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network.floats import Floats
from jukinet_sim.network.places import Which

Rule = Literal["shortest_queue", "least_utilised", "first_idle", "round_robin"]
EXIT = "exit"
"""In place of a label: out of the network, the route done. No step is labelled so."""


@dataclass(frozen=True)
class Part:
    """A part of a demand: `scale_s` times (a drawn number less `less`) seconds; a drawn time has scale 1 and less 0."""

    value: Distribution
    scale_s: float = 1.0
    less: float = 0.0


@dataclass(frozen=True)
class Visit:
    """Service at a station: a drawn demand in seconds plus `per_record_s` for each record in hand plus every part.

    A job that is refused, or loses patience in the queue, goes on at the label `on_refused` or `on_abandon` of its list, at
    this instant and with what it holds; `EXIT` leaves the network. Without a label its attempt is at an end.
    """

    station: str
    demand: Distribution
    per_record_s: float = 0.0
    at: Which = "origin"
    label: str | None = None
    parts: tuple[Part, ...] = ()
    on_refused: str | None = None
    on_abandon: str | None = None
    balk: tuple[tuple[int, float], ...] = ()
    """With which probability a job turns away that finds at least so many at the station, as if it were refused; the last entry
    that the number reaches holds."""
    hold: bool = False
    """Whether the job keeps its server after service until it has come in at the next station of its route, or leaves. Where
    that station is full such a job is not refused but waits for room: who waits longest comes in first."""


@dataclass(frozen=True)
class Delay:
    """A wait that nobody competes for (an infinite-server station)."""

    delay: Distribution
    label: str | None = None


@dataclass(frozen=True)
class Gate:
    """Hold the job until one of the opening intervals; `spread_s` staggers places evenly over that long after opening."""

    opens_s: Floats
    closes_s: Floats
    spread_s: float = 0.0
    label: str | None = None


@dataclass(frozen=True)
class Acquire:
    """Take so many tokens at once, waiting for one's turn.

    With `patience` a job that has no token by then gives up, as at a station: it is abandoned, or tries again. Whose patience
    is 0 s does not wait at all; at a pool that refills by itself no other patience is possible. `on_abandon` is the label at
    which it goes on instead, as at a station.
    """

    pool: str
    at: Which = "origin"
    label: str | None = None
    patience: Distribution | None = None
    on_abandon: str | None = None
    tokens: int = 1


@dataclass(frozen=True)
class Release:
    """Give so many tokens back, those taken first before others."""

    pool: str
    at: Which = "origin"
    label: str | None = None
    tokens: int = 1


@dataclass(frozen=True)
class Branch:
    """Continue at one of the labels (None leaves the network), drawn by probability."""

    targets: tuple[tuple[str | None, float], ...]
    label: str | None = None


@dataclass(frozen=True)
class Loop:
    """Repeat the body `times` times, or once per lot of `per_records` records with that lot in hand."""

    body: tuple[Step, ...]
    times: int | None = None
    per_records: int | None = None
    label: str | None = None


@dataclass(frozen=True)
class Spawn:
    """Start a job of another flow at this instant, with the same places, and go on."""

    flow: str
    label: str | None = None


@dataclass(frozen=True)
class Switch:
    """Continue at the label of the state's present value (None leaves the network), or at the next step if it has none."""

    state: str
    targets: tuple[tuple[int, str | None], ...]
    at: Which = "origin"
    label: str | None = None


@dataclass(frozen=True)
class Choose:
    """Continue at the label of one of some stations (None leaves the network), by the state in which the job finds them.

    Of equals the first written is chosen. The shortest queue is the one with the fewest jobs, waiting and in service; the
    least utilised station has the fewest for each server that works; if no station is idle, `first_idle` goes on at the next
    step; round robin takes one after the other, at each place of the job for itself.
    """

    targets: tuple[tuple[str, str | None], ...]
    by: Rule
    at: Which = "origin"
    label: str | None = None


@dataclass(frozen=True)
class Assign:
    """Give the state at the job's place a value."""

    state: str
    value: int
    at: Which = "origin"
    label: str | None = None


Step = Visit | Delay | Gate | Acquire | Release | Branch | Loop | Spawn | Switch | Choose | Assign


def all_steps(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield the steps of a route, bodies of loops included."""
    for step in steps:
        yield step
        if isinstance(step, Loop):
            yield from all_steps(step.body)


def jumps(step: Step) -> Iterator[str | None]:
    """Yield the labels at which a job may go on in place of the next step; None where it leaves the network or cannot."""
    match step:
        case Branch(targets=chances):
            yield from (label for label, _ in chances)
        case Switch(targets=values):
            yield from (label for _, label in values)
        case Choose(targets=stations):
            yield from (label for _, label in stations)
        case Visit():
            yield step.on_refused
            yield step.on_abandon
        case Acquire():
            yield step.on_abandon


def step_path(prefix: str, number: int, step: Step) -> str:
    """Return what names a step's random numbers: its label, or its position below the enclosing loop's path."""
    return step.label or f"{prefix}{number}"
