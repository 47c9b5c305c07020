"""What pools and token buckets are asked for against what they have, by the traffic equations.

A pool is asked for as many tokens at once as are taken a second times the seconds each is held (Little's law), a bucket for
so many tokens a second. Waits while a token is held are not known beforehand, so the load of a pool is the least it can be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.network.model import Network
from jukinet_sim.theory.spread import places_of
from jukinet_sim.theory.traffic import per_server, ratios
from jukinet_sim.theory.work import SourceWork, tokens_per_s, work_by_source

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class PoolLoad:
    """What a pool group is asked for over all its places, and at the place with the highest load.

    `asked` is tokens in use at once, of a bucket (`refilled`) tokens a second, and `able` what there is of them.
    `worst_place` is None for a pool not kept per place. `staying_load`, also at its worst place, leaves out jobs that time
    out or belong to a closed flow before a queue can grow without end.
    """

    pool: str
    refilled: bool
    taken_per_s: float
    held_s: float
    asked: float
    able: float
    worst_place: int | None
    worst_taken_per_s: float
    worst_asked: float
    worst_able: float
    staying_load: float

    @property
    def worst_load(self) -> float:
        """What is asked for at the worst place over what there is; above 1 it cannot serve everybody."""
        return per_server(self.worst_asked, self.worst_able)

    @property
    def stable(self) -> bool:
        """Whether no queue grows without end at any place, as far as can be known beforehand."""
        return self.staying_load < 1.0


def pools_asked(network: Network) -> tuple[PoolLoad, ...]:
    """Give the load of each pool group, in the network's order. Raises ScenarioError as `traffic.offered` does."""
    return pool_loads(network, work_by_source(network))


def pool_loads(network: Network, sources: tuple[SourceWork, ...]) -> tuple[PoolLoad, ...]:
    """Add up what all sources take and hold, as `pools_asked` does."""
    return tuple(_load(network, group, sources) for group in range(len(network.pools)))


def _load(network: Network, group: int, sources: tuple[SourceWork, ...]) -> PoolLoad:
    pool = network.pools[group]
    places = places_of(network, pool.per)
    taken, held, staying = np.zeros(places), np.zeros(places), np.zeros(places)
    for source in sources:
        if group in source.pools.shares:
            taken += source.rate_per_s * source.pools.times(group)
            held += source.rate_per_s * source.pools.work_s(group)
            staying += source.rate_per_s * source.pools.staying_s(group)
    able = tokens_per_s(network, pool)
    worst = int(np.argmax(ratios(held, able)))
    total, refilled = float(taken.sum()), pool.refill_per_s is not None
    return PoolLoad(
        pool=pool.name,
        refilled=refilled,
        taken_per_s=total,
        held_s=float(held.sum()) / total if total > 0.0 and not refilled else 0.0,
        asked=float(held.sum()),
        able=float(able.sum()),
        worst_place=None if pool.per is None else worst,
        worst_taken_per_s=float(taken[worst]),
        worst_asked=float(held[worst]),
        worst_able=float(able[worst]),
        staying_load=float(ratios(staying, able).max()),
    )
