"""Fields to a flight and back: each with its length in front."""

from __future__ import annotations

from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.plans.frames import LENGTH_BYTES


def pack(*fields: bytes) -> bytes:
    """Return the fields as one flight."""
    return b"".join(part for field in fields for part in (len(field).to_bytes(LENGTH_BYTES, "big"), field))


def unpack(flight: bytes, count: int | None = None) -> list[bytes]:
    """Return the fields of a flight. Raises AuthenticationFailed where they do not fill it, or are not so many."""
    fields = []
    at = 0
    while at < len(flight):
        length = int.from_bytes(flight[at : at + LENGTH_BYTES], "big")
        at += LENGTH_BYTES
        fields.append(flight[at : at + length])
        at += length
    if at != len(flight) or count not in (None, len(fields)):
        raise AuthenticationFailed("a flight cannot be read")
    return fields
