"""What draws are keyed by, and the constants of the generator: plain Python, for those who draw without compiled code too."""

from __future__ import annotations

import hashlib

WORD = 0xFFFFFFFF
"""The bits of one word of the generator."""
ROUNDS = 10
MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
WEYL = (0x9E3779B9, 0xBB67AE85)
"""What the two words of a key grow by from round to round."""


def name_hash(text: str) -> int:
    """Return a 32-bit hash of a name, the same in every process and release (BLAKE2b, first four bytes)."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little")


def replication_key(seed: int, replication: int) -> int:
    """Return the 64-bit Philox key of one replication, as a non-negative int64-compatible number."""
    digest = hashlib.blake2b(f"{seed}/{replication}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1
