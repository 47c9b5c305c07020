"""The plan of a batch: each record signed and sealed as a message, or the file sealed in chunks with one signature behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jukinet_sim.crypto.digests import DIGEST_BYTES, hash_operation
from jukinet_sim.crypto.plans.frames import chunks, signed_bytes
from jukinet_sim.crypto.plans.message import plain_bytes, sealed, signed_and_sealed
from jukinet_sim.crypto.steps import Flight, Step, merged

if TYPE_CHECKING:
    from jukinet_sim.crypto.exchanges import Batch
    from jukinet_sim.crypto.parts import Parts


def steps(suite: Parts, exchange: Batch) -> tuple[Step, ...]:
    """Return what both sides carry out."""
    if exchange.granularity == "record":
        return merged(signed_and_sealed(suite, exchange.record_bytes, exchange.records, signed=True))
    digest, total = suite.signature.digest, exchange.records * exchange.record_bytes
    found = [Step(hash_operation(digest), 1, total, side) for side in ("sender", "receiver")]
    for part in suite.signature.parts:
        found.append(Step(f"{part.name}.sign", 1, DIGEST_BYTES[digest], "sender"))
        found.append(Step(f"{part.name}.verify", 1, DIGEST_BYTES[digest], "receiver"))
    for count, size in (*chunks(total), (1, signed_bytes(suite.signature.signature_bytes))):
        found.extend(sealed(suite, size, count))
    return merged(found)


def wire(suite: Parts, exchange: Batch) -> tuple[Flight, ...]:
    """Return the one flight."""
    protection = suite.record_protection
    if exchange.granularity == "record":
        length = exchange.records * protection.sealed_bytes(plain_bytes(suite, exchange.record_bytes, signed=True))
    else:
        pieces = (*chunks(exchange.records * exchange.record_bytes), (1, signed_bytes(suite.signature.signature_bytes)))
        length = sum(count * protection.sealed_bytes(size) for count, size in pieces)
    return (Flight("sender", length, length),)
