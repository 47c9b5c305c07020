"""Seeds of networks that count as independent of each other, made from one seed and a name for each.

Draws are keyed by flow names, so that two networks whose flows share names get the same arrivals under one seed. That is what
a comparison wants, and what a count of independent tests must not have.
"""

from __future__ import annotations

import hashlib


def independent_seed(seed: int, *names: str) -> int:
    """Return a seed below 2^48, so that any reader of JSON keeps it exactly: a hash of the seed and the names."""
    text = "/".join([str(seed), *(f"{len(name)}:{name}" for name in names)])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "little")
