"""Jobs that join the shorter of two queues, by a truncated chain."""

from __future__ import annotations

import numpy as np

_MOST = 60
"""So many jobs in the longer queue at most: at a load of .9 fewer than one in 10^5 would find more."""


def shortest_of_two_mean_number(rate_per_s: float, demand_s: float) -> float:
    """Give the mean number of jobs at two M/M/1 queues of which each job joins the shorter; the load must be below .9.

    The states are the lengths of the shorter and the longer queue, which is all that matters where both serve alike.
    """
    states = [(a, b) for b in range(_MOST + 1) for a in range(b + 1)]
    number = {state: i for i, state in enumerate(states)}
    moves = np.zeros((len(states), len(states)))
    for (a, b), i in number.items():
        to = (a + 1, b) if a < b else (a, b + 1)
        if to in number:
            moves[i, number[to]] += rate_per_s
        for left in ((a - 1, b), (min(a, b - 1), max(a, b - 1))):
            if left[0] >= 0:
                moves[i, number[left]] += 1.0 / demand_s
    balance = (moves - np.diag(moves.sum(axis=1))).T
    balance[-1] = 1.0
    law = np.linalg.solve(balance, np.eye(len(states))[-1])
    return float(sum(share * (a + b) for share, (a, b) in zip(law.tolist(), states, strict=True)))
