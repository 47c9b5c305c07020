"""How what is sent is framed: each field with its length in front; the same figures for plans and for real flights."""

from __future__ import annotations

LENGTH_BYTES = 3
"""A field begins with its length."""
RANDOM_BYTES, SESSION_ID_BYTES, CONTEXT_BYTES = 32, 16, 16
"""A hello's random bytes, the name of a session that may be resumed, and what says which side signs what."""
WRITE, READ = "flight.write", "flight.read"
"""What is counted when a flight of a session is put together or taken apart."""
SIGNATURE_LENGTH_BYTES = 2
"""A signed message begins with the length of its signature; an unsigned one is sealed as it is."""
CHUNK_BYTES = 65_536
"""A file is sealed in chunks of so many bytes."""


def framed_bytes(*fields: int) -> int:
    """Return the length of fields of so many bytes, each with its own length in front."""
    return sum(fields) + LENGTH_BYTES * len(fields)


def signed_bytes(signature_bytes: int) -> int:
    """Return how much longer a signature makes a message."""
    return SIGNATURE_LENGTH_BYTES + signature_bytes


def chunks(total_bytes: int) -> tuple[tuple[int, int], ...]:
    """Return how many chunks a file has and of what size: full ones, then what is left."""
    full, rest = divmod(total_bytes, CHUNK_BYTES)
    return tuple((count, size) for count, size in ((full, CHUNK_BYTES), (int(rest > 0), rest)) if count)
