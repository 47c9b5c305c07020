"""A suite and two cost cards to seconds and bytes: what each side of an exchange owes, at its server and at its module."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from jukinet_sim.chance.distributions import geometric
from jukinet_sim.crypto.costs.card import Card
from jukinet_sim.crypto.exchanges import Batch, Exchange, Granularity, Message, Session
from jukinet_sim.crypto.steps import Step
from jukinet_sim.crypto.suite import Suite
from jukinet_sim.network import model as M

_MANY = 1024
"""Records over which what one more of them takes is averaged: block ciphers pad, and signing may be random."""

_DRAWN = 4
"""Random times of one kind that are drawn for one visit; of more the mean is taken."""


@dataclass(frozen=True)
class Due:
    """What operations take at one machine: so long in all, so long for each record in hand, and parts that are drawn."""

    constant_s: float = 0.0
    per_record_s: float = 0.0
    drawn: tuple[M.Part, ...] = ()

    def __bool__(self) -> bool:
        return self.constant_s > 0.0 or self.per_record_s > 0.0 or bool(self.drawn)

    def __add__(self, other: Due) -> Due:
        return Due(self.constant_s + other.constant_s, self.per_record_s + other.per_record_s, (*self.drawn, *other.drawn))

    @property
    def mean_s(self) -> float:
        """The mean without what records in hand add."""
        return self.constant_s + sum((part.value.mean - part.less) * part.scale_s for part in self.drawn)


@dataclass(frozen=True)
class Owed:
    """What one side of an exchange owes: at its server, and at its security module where it has one."""

    server: Due = Due()
    module: Due = Due()

    def __add__(self, other: Owed) -> Owed:
        return Owed(self.server + other.server, self.module + other.module)


@dataclass(frozen=True)
class Bill:
    """Prices the exchanges of a suite; `server` and `hsm` are the cards of servers and modules.

    Sizes are those that a scenario states, with the bytes that `stated_with` adds in them.
    """

    suite: Suite
    stated_with: Suite
    server: Card
    hsm: Card
    _known: dict[tuple[Exchange, str, bool], Owed] = field(default_factory=dict, compare=False, repr=False)

    def steps(self, *, inside: bool) -> list[Step]:
        """Return the steps of everything that is priced: what modules do, or what servers do, having modules or not."""
        exchanges: tuple[Exchange, ...] = (
            Session(), Message(), Message(signed=False), Batch(granularity="record"), Batch(granularity="file")
        )  # fmt: skip
        steps = [step for exchange in exchanges for step in self.suite.steps(exchange)]
        return [step for step in steps if needs_private_key(step.operation) or not inside]

    def exchange(self, exchange: Exchange, side: str, *, module: bool) -> Owed:
        """Return what a side owes, with or without a security module. Raises UsageError for what a card does not have."""
        key = (exchange, side, module)
        if key not in self._known:
            steps = [step for step in self.suite.steps(exchange) if step.side == side]
            inside = [step for step in steps if module and needs_private_key(step.operation)]
            outside = [step for step in steps if not (module and needs_private_key(step.operation))]
            self._known[key] = Owed(_due(self.server, outside), _due(self.hsm, inside))
        return self._known[key]

    def message(self, stated_bytes: float, per_record: float, side: str, *, module: bool) -> Owed:
        """Return what a side owes for a message of so many stated bytes, and so many more for each record in hand."""
        content = self.content_bytes(stated_bytes)
        owed = self.exchange(Message(content), side, module=module)
        if per_record == 0.0:
            return owed
        more = self.exchange(Message(content + round(per_record * _MANY)), side, module=module)
        return Owed(_sloped(owed.server, more.server), _sloped(owed.module, more.module))

    def signatures(self, operations: Iterable[str], size_bytes: int) -> Owed:
        """Return what a server owes that does some of "sign" and "verify" with something of this size, and nothing else.

        Raises UsageError for what the card does not have.
        """
        acts = tuple(operations)
        steps = [one for one in self.suite.steps(Message(size_bytes)) if one.operation.rpartition(".")[2] in acts]
        return Owed(_due(self.server, steps))

    def batch(self, record_bytes: float, granularity: Granularity, side: str, *, module: bool) -> tuple[Owed, Owed]:
        """Return what a side owes for a file whatever it holds, and for each record of it (as `per_record_s`).

        Random signing times are drawn for a file, and averaged over the records of a lot.
        """
        sizes = (Batch(records, round(record_bytes), granularity) for records in (_MANY, 2 * _MANY))
        some, more = (self.exchange(one, side, module=module) for one in sizes)
        # A key that has protected as much as it may is replaced by one of a new session, in the midst of the file.
        again = self._rekeying(record_bytes, module=module)
        whole = Owed(*(_intercept(a, b) for a, b in ((some.server, more.server), (some.module, more.module))))
        each = Owed(
            Due(0.0, _slope_s(some.server, more.server) + again.server.mean_s),
            Due(0.0, _slope_s(some.module, more.module) + again.module.mean_s),
        )
        return whole, each

    def _rekeying(self, record_bytes: float, *, module: bool) -> Owed:
        """Return what a record adds to the sessions that its file takes, each of which protects so many bytes at most."""
        one = self.exchange(Session(), "server", module=module)
        share = record_bytes / self.suite.record_protection.bytes_per_key
        return Owed(Due(one.server.mean_s * share), Due(one.module.mean_s * share))

    def content_bytes(self, stated_bytes: float) -> int:
        """Return what a message of a stated size carries; where the size leaves nothing for it, nothing."""
        return max(0, round(stated_bytes - added_bytes(self.stated_with, round(stated_bytes))))

    def wire_bytes(self, stated_bytes: float) -> float:
        """Return how many bytes a message of a stated size has on a line."""
        content = self.content_bytes(stated_bytes)
        return content + added_bytes(self.suite, content)

    def record_bytes(self, stated_bytes: float, granularity: Granularity) -> float:
        """Return how many bytes a record of a stated size has in a file on a line."""
        size = round(stated_bytes)
        some, more = (_bytes(self.suite, Batch(records, size, granularity)) for records in (_MANY, 2 * _MANY))
        return stated_bytes - size + (more - some) / _MANY


def needs_private_key(operation: str) -> bool:
    """Tell whether an operation uses a key that never leaves a security module, where there is one: it signs, or opens RSA."""
    algorithm, _, act = operation.partition(".")
    return act == "sign" or (act == "decrypt" and algorithm.startswith("rsa"))


def added_bytes(suite: Suite, content_bytes: int) -> float:
    """Return by how many bytes a suite makes a signed and sealed message longer, on average."""
    return _bytes(suite, Message(content_bytes)) - content_bytes


def _bytes(suite: Suite, exchange: Exchange) -> float:
    """Return the bytes of all flights of an exchange, half-way between least and most."""
    return sum(flight.usual_bytes for flight in suite.wire(exchange))


def _due(card: Card, steps: Iterable[Step]) -> Due:
    """Return what steps take by a card. Raises UsageError for operations that it does not have."""
    constant_s, drawn = 0.0, []
    for step in steps:
        cost = card.cost(step.operation)
        constant_s += step.count * (cost.base_s + cost.per_byte_s * step.size)
        # A few random times are drawn one by one; those of the many records of a file are taken at their mean.
        if cost.geometric_s and step.count <= _DRAWN:
            drawn += [M.Part(geometric(cost.geometric_mean), cost.geometric_s, 1.0)] * step.count
        elif cost.geometric_s:
            constant_s += step.count * cost.geometric_s * (cost.geometric_mean - 1.0)
    return Due(constant_s, 0.0, tuple(drawn))


def _sloped(some: Due, more: Due) -> Due:
    """Return the first with what each record adds, `more` having `_MANY` of them."""
    return Due(some.constant_s, (more.constant_s - some.constant_s) / _MANY, some.drawn)


def _slope_s(some: Due, more: Due) -> float:
    """Return what each record adds between `_MANY` of them and twice as many."""
    return (more.constant_s - some.constant_s) / _MANY


def _intercept(some: Due, more: Due) -> Due:
    """Return what a file owes whatever it holds."""
    return Due(max(0.0, 2.0 * some.constant_s - more.constant_s), 0.0, some.drawn)
