"""Routes with marks where messages are secured to routes whose visits pay for it, at the machines that do the work.

What a sender owes falls to the nearest server and module of its tier that the job has passed, what a receiver owes to the
nearest that it comes to; where there is none on that side of the mark, to the nearest on the other. Where a route passes no
machine of a tier at all, such as that of a message whose CS has done its work for another flow, it visits the tier's usual one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from jukinet_sim.chance.distributions import Distribution, constant
from jukinet_sim.juki_net.crypto.bill import Due, Owed
from jukinet_sim.network import model as M

Tier = Literal["municipality", "prefecture", "nation"]
Doing = Literal["sender", "receiver"]
Side = Literal["sender", "receiver", "either"]
"""What an end does; `either` receives where its server is still to come on the route, and sends where it has been passed."""
NOTHING = constant(0.0)


@dataclass(frozen=True)
class End:
    """Who sends or receives: a machine of a tier, at one of the job's places."""

    tier: Tier
    at: M.Which = "origin"


@dataclass(frozen=True)
class Secured(M.Delay):
    """A mark, which takes no time, where something is secured: who is at its ends, and what a side owes there.

    `owed` is asked for a side, and whether there is a security module to do what needs a private key.
    """

    delay: Distribution = NOTHING
    ends: tuple[tuple[End, Side], ...] = ()
    owed: Callable[[Doing, bool], Owed] = field(default=lambda _doing, _module: Owed())


@dataclass(frozen=True)
class Handshake(M.Delay):
    """A visit that opens a session: it is made now and then only, so that no message pays there."""

    delay: Distribution = NOTHING
    visit: M.Visit = field(default=M.Visit("", NOTHING))


@dataclass(frozen=True)
class Tiers:
    """Which stations do the work: servers and security modules, each with its tier, and the usual server of each tier."""

    servers: Mapping[str, Tier]
    modules: Mapping[str, Tier]
    usual: Mapping[Tier, str]


def numbered(steps: Sequence[M.Step], start: int = 0) -> Iterator[tuple[int, M.Step]]:
    """Yield steps with the number that each would have without marks, so that these move no label."""
    number = start
    for step in steps:
        yield number, step
        number += not isinstance(step, Secured)


def paid(steps: Sequence[M.Step], tiers: Tiers) -> tuple[M.Step, ...]:
    """Return a route whose visits pay, without its marks; modules that have nothing to do are not visited."""
    bills = _Bills(steps, tiers)
    for place, step in enumerate(steps):
        if isinstance(step, Secured):
            for end, side in step.ends:
                bills.charge(place, step, end, side)
    return tuple(bills.route())


def paying(visit: M.Visit, due: Due) -> M.Visit:
    """Return a visit that takes longer by what is due."""
    parts = (*visit.parts, *due.drawn)
    demand = visit.demand
    if due.constant_s and demand.kind == "constant":
        demand = constant(demand.parameters[0] + due.constant_s)
    elif due.constant_s:
        parts = (*parts, M.Part(constant(due.constant_s)))
    return replace(visit, demand=demand, per_record_s=visit.per_record_s + due.per_record_s, parts=parts)


@dataclass
class _Bills:
    """The steps of one list, what is due at each, and the visits that have to be added at some."""

    steps: Sequence[M.Step]
    tiers: Tiers
    due: dict[int, Due] = field(default_factory=dict)
    added: dict[int, list[M.Visit]] = field(default_factory=dict)

    def charge(self, place: int, mark: Secured, end: End, side: Side) -> None:
        """Add what one end owes at a mark to what is due at the visits that do its work."""
        doing = self._doing(place, end, side)
        module = self._nearest(place, end, doing, self.tiers.modules)
        server = self._nearest(place, end, doing, self.tiers.servers)
        owed = mark.owed(doing, module is not None)
        for at, what in ((module if server is None else server, owed.server), (module, owed.module)):
            if at is not None:
                self.due[at] = self.due.get(at, Due()) + what
            elif what:
                label = f"secured.{place}.{doing}"
                visit = M.Visit(self.tiers.usual[end.tier], NOTHING, at=end.at, label=label)
                self.added.setdefault(place, []).append(paying(visit, what))

    def route(self) -> Iterator[M.Step]:
        """Yield the steps with everything paid."""
        for place, step in enumerate(self.steps):
            if isinstance(step, Secured):
                yield from self.added.get(place, ())
            elif isinstance(step, Handshake):
                yield step.visit
            elif isinstance(step, M.Loop):
                yield replace(step, body=paid(step.body, self.tiers))
            elif not isinstance(step, M.Visit):
                yield step
            else:
                visit = paying(step, self.due.get(place, Due()))
                if step.station not in self.tiers.modules or visit.demand != NOTHING or visit.per_record_s or visit.parts:
                    yield visit

    def _doing(self, place: int, end: End, side: Side) -> Doing:
        """Return what an end does at a mark."""
        if side != "either":
            return side
        passed = any(_works_for(step, end, self.tiers.servers) for step in self.steps[:place])
        return "sender" if passed else "receiver"

    def _nearest(self, place: int, end: End, doing: Doing, stations: Mapping[str, Tier]) -> int | None:
        """Return the visit that works for an end: of a sender looked for backwards first, of a receiver forwards."""
        before, after = range(place - 1, -1, -1), range(place + 1, len(self.steps))
        for where in (before, after) if doing == "sender" else (after, before):
            for at in where:
                if _works_for(self.steps[at], end, stations):
                    return at
        return None


def _works_for(step: M.Step, end: End, stations: Mapping[str, Tier]) -> bool:
    """Tell whether a step is a visit to one of these stations, of the end's tier and at its place."""
    if not isinstance(step, M.Visit) or stations.get(step.station) != end.tier:
        return False
    return step.at == end.at or end.tier == "nation"
