"""The plan of a message: sign, seal; open, verify."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jukinet_sim.crypto.plans.frames import signed_bytes
from jukinet_sim.crypto.steps import Flight, Step, merged

if TYPE_CHECKING:
    from jukinet_sim.crypto.exchanges import Message
    from jukinet_sim.crypto.parts import Parts


def steps(suite: Parts, exchange: Message) -> tuple[Step, ...]:
    """Return what both sides carry out."""
    return merged(signed_and_sealed(suite, exchange.size_bytes, 1, signed=exchange.signed))


def wire(suite: Parts, exchange: Message) -> tuple[Flight, ...]:
    """Return the one flight."""
    length = suite.record_protection.sealed_bytes(plain_bytes(suite, exchange.size_bytes, signed=exchange.signed))
    return (Flight("sender", length, length),)


def plain_bytes(suite: Parts, size_bytes: int, *, signed: bool) -> int:
    """Return how long what is sealed is."""
    return size_bytes + (signed_bytes(suite.signature.signature_bytes) if signed else 0)


def signed_and_sealed(suite: Parts, size_bytes: int, count: int, *, signed: bool) -> Iterator[Step]:
    """Yield what `count` messages of one size take on both sides."""
    plain = plain_bytes(suite, size_bytes, signed=signed)
    for part in suite.signature.parts if signed else ():
        yield Step(f"{part.name}.sign", count, size_bytes, "sender")
    yield from sealed(suite, plain, count)
    for part in suite.signature.parts if signed else ():
        yield Step(f"{part.name}.verify", count, size_bytes, "receiver")


def sealed(suite: Parts, plain: int, count: int) -> Iterator[Step]:
    """Yield what sealing and opening `count` records of one size takes."""
    for operation, size in suite.record_protection.seal_operations(plain):
        yield Step(operation, count, size, "sender")
    for operation, size in suite.record_protection.open_operations(plain):
        yield Step(operation, count, size, "receiver")
