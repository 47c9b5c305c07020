"""Queues from which some turn away because of those whom they find: a birth-death chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_MOST = 5000
"""More jobs are not followed; the rest of a law that has not vanished by then is that of a queue without a stationary law."""


@dataclass(frozen=True)
class Balking:
    """M/M/c with balking in the stationary regime; `turned_away` is the share of all that come."""

    mean_number: float
    turned_away: float
    utilisation: float


def mmc_balking(rate_per_s: float, demand_s: float, servers: int, balk: Sequence[tuple[int, float]]) -> Balking:
    """Solve M/M/c of which a share turns away by the number found: the last entry (least number, share) that is reached holds.

    p_{n+1} / p_n = lam (1 - b_n) / (mu min(n + 1, c)). Raises ValueError where the queue grows without end.
    """
    found = np.arange(_MOST)
    away = np.zeros(_MOST)
    for least, share in balk:
        away[least:] = share
    ratios = rate_per_s * demand_s * (1.0 - away) / np.minimum(found + 1, servers)
    if ratios[-1] >= 1.0:
        raise ValueError("more jobs stay than are served")
    weights = np.concatenate(([1.0], np.cumprod(ratios[:-1])))
    law = weights / weights.sum()
    busy = float((law * np.minimum(found, servers)).sum())
    return Balking(float((law * found).sum()), float((law * away).sum()), busy / servers)
