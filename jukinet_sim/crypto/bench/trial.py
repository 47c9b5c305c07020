"""A trial: what is timed, and what is made ready for it without being timed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

from jukinet_sim.crypto.entropy import fresh

_POOL, _LARGE_POOL_BYTES = 32, 2**20


@dataclass(frozen=True)
class Trial:
    """What is timed, `act`, on what `prepare` makes for each call beforehand, untimed."""

    prepare: Callable[[], Any]
    act: Callable[[Any], object]


def turns(pool: Sequence[Any], action: Callable[[Any], object]) -> Trial:
    """Return a trial that takes the items of a pool in turn."""
    return Trial(cycle(pool).__next__, action)


def nothing() -> None:
    """Prepare nothing."""


def pool_of(size: int) -> list[bytes]:
    """Return different messages of one size; fewer of large ones."""
    return [fresh(size) for _ in range(max(2, min(_POOL, _LARGE_POOL_BYTES // max(size, 1))))]
