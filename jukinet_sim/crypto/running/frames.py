"""Fields to a flight and back: each with its length in front.

A flight written or read counts as an operation, whose size is given as 0: it takes as long for short flights as for long ones.
"""

from __future__ import annotations

from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.plans.frames import LENGTH_BYTES, READ, WRITE
from jukinet_sim.crypto.tally import Tell, silent


def pack(*fields: bytes) -> bytes:
    """Return the fields, each with its length in front."""
    return b"".join(part for field in fields for part in (len(field).to_bytes(LENGTH_BYTES, "big"), field))


def unpack(flight: bytes, count: int | None = None) -> list[bytes]:
    """Return the fields. Raises AuthenticationFailed where they do not fill what is given, or are not so many."""
    fields = []
    at, end = 0, len(flight)
    while at < end:
        start = at + LENGTH_BYTES
        at = start + int.from_bytes(flight[at:start], "big")
        fields.append(flight[start:at])
    if at != end or count not in (None, len(fields)):
        raise AuthenticationFailed("a flight cannot be read")
    return fields


def write(tell: Tell, *fields: bytes) -> bytes:
    """Return the fields as a flight."""
    tell(WRITE, 0)
    return pack(*fields)


def read(flight: bytes, count: int | None = None, tell: Tell = silent) -> list[bytes]:
    """Return the fields of a flight. Raises AuthenticationFailed where they do not fill it, or are not so many."""
    tell(READ, 0)
    return unpack(flight, count)
