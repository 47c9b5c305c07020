"""Routes with marks where messages are secured to routes whose visits pay for it, at the machines that do the work.

What a sender owes falls to the nearest server and module of its tier that the job has passed, what a receiver owes to the
nearest that it comes to; where there is none on that side of the mark, to the nearest on the other. Where a list of steps
passes no such machine, as that of a message whose CS has done its work for another flow, or that of a loop, it visits the usual
one.

While suites are exchanged, what a visit takes depends on which one its link uses then: there is one visit for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from jukinet_sim.chance.distributions import Distribution, constant
from jukinet_sim.juki_net.crypto.bill import Due, Owed
from jukinet_sim.juki_net.crypto.counted import NO_SUITE, USED
from jukinet_sim.juki_net.crypto.negotiate import End, Link, Tier, decide, jump
from jukinet_sim.network import model as M

Doing = Literal["sender", "receiver"]
Side = Literal["sender", "receiver", "either"]
"""What an end does; `either` receives where its server is still to come on the route, and sends where it has been passed."""
NOTHING = constant(0.0)


@dataclass(frozen=True)
class Secured(M.Delay):
    """A mark, which takes no time, where something is secured: who is at its ends, and what a side owes there.

    `owed` is asked for a side, whether there is a security module to do what needs a private key, and which suite is used.
    """

    delay: Distribution = NOTHING
    ends: tuple[tuple[End, Side], ...] = ()
    owed: Callable[[Doing, bool, int], Owed] = field(default=lambda _doing, _module, _suite: Owed())

    @property
    def link(self) -> Link:
        """Who sends to whom; of one end it is not said what it does, so that the answer holds for both."""
        by = {side: end for end, side in self.ends}
        return Link(by.get("sender"), by.get("receiver") or by.get("either"))


@dataclass(frozen=True)
class Either(M.Delay):
    """A step for each suite, of which the one is taken that the link uses; None does nothing. No message pays there."""

    delay: Distribution = NOTHING
    steps: tuple[M.Step | None, ...] = ()
    link: Link = field(default=Link(None, None))


@dataclass(frozen=True)
class Common(M.Delay):
    """A mark before a session is opened: where the link has no common suite, the job ends here."""

    delay: Distribution = NOTHING
    link: Link = field(default=Link(None, None))


@dataclass(frozen=True)
class Tiers:
    """Which stations do the work: servers and security modules, each with its tier, and the usual server of each tier.

    `suites` is 1, or 2 while they are exchanged; then messages on the links `counted` are counted by suite, on all if None.
    """

    servers: Mapping[str, Tier]
    modules: Mapping[str, Tier]
    usual: Mapping[Tier, str]
    suites: int = 1
    counted: frozenset[str] | None = None


def numbered(steps: Sequence[M.Step], start: int = 0) -> Iterator[tuple[int, M.Step]]:
    """Yield steps with the number that each would have without marks, so that these move no label."""
    number = start
    for step in steps:
        yield number, step
        number += not isinstance(step, Secured)


def paid(steps: Sequence[M.Step], tiers: Tiers, *, single: bool = False, prefix: str = "") -> tuple[M.Step, ...]:
    """Return a route whose visits pay, without its marks; modules that have nothing to do are not visited.

    Steps without a label get the one by which the engines would name them if nothing was added or left out, so that their
    random numbers stay what they are; `prefix` begins those labels. `single` tells that jobs carry one record each.
    """
    bills = _Bills(steps, tiers, prefix, single)
    for place, step in enumerate(steps):
        if isinstance(step, Secured):
            for end, side in step.ends:
                bills.charge(place, step, end, side)
    return tuple(bills.route())


def paying(visit: M.Visit, due: Due, *, single: bool = False) -> M.Visit:
    """Return a visit that takes longer by what is due; of a job with one record what is constant can go by the record."""
    parts, per_record_s = (*visit.parts, *due.drawn), visit.per_record_s + due.per_record_s
    demand = visit.demand
    if due.constant_s and demand.kind == "constant":
        demand = constant(demand.parameters[0] + due.constant_s)
    elif due.constant_s and single:
        # The engines add it for next to nothing, a part takes them a step.
        per_record_s += due.constant_s
    elif due.constant_s:
        parts = (*parts, M.Part(constant(due.constant_s)))
    return replace(visit, demand=demand, per_record_s=per_record_s, parts=parts)


def is_idle(visit: M.Visit) -> bool:
    """Tell whether a visit takes no time at all."""
    return visit.demand == NOTHING and not visit.per_record_s and not visit.parts


@dataclass
class _Slot:
    """A visit and what is due there, by link and suite."""

    visit: M.Visit
    dues: dict[Link, tuple[Due, ...]] = field(default_factory=dict)

    def add(self, link: Link, dues: tuple[Due, ...]) -> None:
        before = self.dues.get(link)
        self.dues[link] = dues if before is None else tuple(a + b for a, b in zip(before, dues, strict=True))

    def taken(self, used: Mapping[Link, int], *, single: bool) -> M.Visit:
        """Return the visit when each link uses a suite; the first where it is not said."""
        whole = Due()
        for link, dues in self.dues.items():
            whole += dues[used.get(link, 0)]
        return paying(self.visit, whole, single=single)

    def links(self) -> list[Link]:
        """Return the links whose suite matters here."""
        return [link for link, dues in self.dues.items() if any(due != dues[0] for due in dues)]


@dataclass
class _Bills:
    """The steps of one list, what is due at each visit, and the visits that have to be added behind some marks."""

    steps: Sequence[M.Step]
    tiers: Tiers
    prefix: str
    single: bool
    slots: dict[int, _Slot] = field(default_factory=dict)
    added: dict[int, list[_Slot]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.slots = {place: _Slot(step) for place, step in enumerate(self.steps) if isinstance(step, M.Visit)}

    def charge(self, place: int, mark: Secured, end: End, side: Side) -> None:
        """Add what one end owes at a mark to what is due at the visits that do its work."""
        doing = self._doing(place, end, side)
        module = next((name for name, tier in self.tiers.modules.items() if tier == end.tier), None)
        owed = [mark.owed(doing, module is not None, suite) for suite in range(self.tiers.suites)]
        work = (
            (self.tiers.servers, self.tiers.usual[end.tier], tuple(one.server for one in owed)),
            (self.tiers.modules, module, tuple(one.module for one in owed)),
        )
        for stations, usual, dues in work:
            if any(dues) and usual is not None:
                at = self._nearest(place, end, doing, stations)
                slot = self.slots[at] if at is not None else self._another(place, usual, end, doing)
                slot.add(mark.link, dues)

    def _another(self, place: int, station: str, end: End, doing: Doing) -> _Slot:
        """Return a visit that is added behind a mark, as the list passes no machine that could do the work."""
        slot = _Slot(M.Visit(station, NOTHING, at=end.at, label=f"secured.{self.prefix}{place}.{doing}.{station}"))
        self.added.setdefault(place, []).append(slot)
        return slot

    def route(self) -> Iterator[M.Step]:
        """Yield the steps with everything paid."""
        for place, (number, step) in enumerate(numbered(self.steps)):
            label = step.label or f"{self.prefix}{number}"
            if isinstance(step, Secured):
                if self.tiers.suites > 1:
                    counts = self.tiers.counted is None or step.link.name in self.tiers.counted
                    yield from (_counted if counts else _unless_none)(step.link, f"secured.{self.prefix}{place}")
                for slot in self.added.get(place, ()):
                    yield from self._split(slot, slot.visit.label or "", slot.links(), {})
            elif isinstance(step, Common):
                yield from _unless_none(step.link, label)
            elif isinstance(step, Either):
                yield from _chosen(step, label)
            elif isinstance(step, M.Loop):
                yield replace(step, body=self._of_loop(step, label), label=label)
            elif place in self.slots:
                yield from self._split(self.slots[place], label, self.slots[place].links(), {})
            else:
                yield replace(step, label=label)

    def _of_loop(self, loop: M.Loop, label: str) -> tuple[M.Step, ...]:
        """Return the body of a loop, in which a job may have a lot of its records in hand."""
        return paid(loop.body, self.tiers, single=self.single and not loop.per_records, prefix=f"{label}.")

    def _split(
        self, slot: _Slot, label: str, links: Sequence[Link], used: Mapping[Link, int]
    ) -> Iterator[M.Step]:
        """Yield the visit of a slot, or one for each suite that a link may use, with the steps that choose."""
        if not links:
            visit = replace(slot.taken(used, single=self.single), label=label)
            if visit.station not in self.tiers.modules or not is_idle(visit):
                yield visit
            elif used:
                yield M.Delay(NOTHING, label)
            return
        link, *rest = links
        yield from decide(link, label, f"{label}~0", f"{label}~1", f"{label}~0")
        for suite in (0, 1):
            yield from self._split(slot, f"{label}~{suite}", rest, {**used, link: suite})
            yield jump(link, f"{label}~{suite}~on", f"{label}~end")
        yield M.Delay(NOTHING, f"{label}~end")

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


def _chosen(either: Either, label: str) -> Iterator[M.Step]:
    """Yield the step of the suite that a link uses, with the steps that choose where they differ."""
    first, *others = either.steps
    if all(other == first for other in others):
        if first is not None:
            yield replace(first, label=label)
        return
    link = either.link
    yield from decide(link, label, f"{label}~0", f"{label}~1", f"{label}~0")
    for suite, step in enumerate(either.steps):
        yield replace(step or M.Delay(NOTHING), label=f"{label}~{suite}")
        yield jump(link, f"{label}~{suite}~on", f"{label}~end")
    yield M.Delay(NOTHING, f"{label}~end")


def _unless_none(link: Link, label: str) -> Iterator[M.Step]:
    """Yield steps that end a job where its link has no common suite."""
    if link.sender is not None and link.receiver is not None:
        yield from decide(link, label, f"{label}~on", f"{label}~on", f"{label}~none")
        yield M.Visit(NO_SUITE + link.name, NOTHING, label=f"{label}~none")
        yield M.Delay(NOTHING, f"{label}~on")


def _counted(link: Link, label: str) -> Iterator[M.Step]:
    """Yield steps that count a message by the suite that its link uses, and end its job where there is none."""
    yield from decide(link, label, f"{label}~0", f"{label}~1", f"{label}~none")
    for suite, word in enumerate(("old", "new")):
        yield M.Visit(f"{USED}{link.name}.{word}", NOTHING, label=f"{label}~{suite}")
        yield jump(link, f"{label}~{suite}~on", f"{label}~end")
    if link.sender is not None and link.receiver is not None:
        yield M.Visit(NO_SUITE + link.name, NOTHING, label=f"{label}~none")
    yield M.Delay(NOTHING, f"{label}~end")
