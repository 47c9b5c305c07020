"""Waits where those who wait are served in another order than that of their arrival, and no service is broken off.

Which of them is next without regard to what it asks for changes no queue length and so no mean wait, but how waits spread.
"""

from __future__ import annotations

from typing import Literal

Order = Literal["fifo", "lifo", "random"]


def mg1_wait_second_moment(
    rate_per_s: float, moments: tuple[float, float, float], order: Order
) -> float:
    """Give E[W^2] of M/G/1 from the first three moments of the demand; infinite loads are the caller's to refuse.

    First come first served: 2 E[W]^2 + lam E[S^3] / (3 (1 - rho)) (Takacs 1962); last come 1 / (1 - rho) times as much, random
    order 1 / (1 - rho / 2) times (Takacs 1963).
    """
    first, second, third = moments
    rho = rate_per_s * first
    wait = rate_per_s * second / (2.0 * (1.0 - rho))
    in_order = 2.0 * wait**2 + rate_per_s * third / (3.0 * (1.0 - rho))
    return in_order / {"fifo": 1.0, "lifo": 1.0 - rho, "random": 1.0 - rho / 2.0}[order]
