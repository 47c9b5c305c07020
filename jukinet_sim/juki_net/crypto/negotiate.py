"""Which of two suites two machines use on a date: states of their places, and the steps that look at them.

A machine begins with the old suite alone (0). It can then verify the new one and would rather not use it (1), generates it
where the other end can verify it (2), and at last takes nothing else (3). The sender's wish decides where both ends have both
suites; where they have none in common, nothing can be sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jukinet_sim.network import model as M

Tier = Literal["municipality", "prefecture", "nation"]
OLD_ONLY, CAN_VERIFY, GENERATES, NEW_ONLY = range(4)
_ALL = (OLD_ONLY, CAN_VERIFY, GENERATES, NEW_ONLY)


@dataclass(frozen=True)
class End:
    """Who sends or receives: a machine of a tier, at one of the job's places."""

    tier: Tier
    at: M.Which = "origin"

    @property
    def state(self) -> str:
        """The state that says which suites it has."""
        return f"suites.{self.tier}"


@dataclass(frozen=True)
class Link:
    """Who sends to whom; None is somebody outside, who has both suites and prefers the new one."""

    sender: End | None
    receiver: End | None

    @property
    def name(self) -> str:
        """Both tiers, in the order of the message."""
        return "-".join("outside" if end is None else end.tier for end in (self.sender, self.receiver))


LINK_NAMES = tuple(
    f"{sender}-{receiver}"
    for sender in ("municipality", "prefecture", "nation", "outside")
    for receiver in ("municipality", "prefecture", "nation", "outside")
    if (sender, receiver) != ("outside", "outside")
)
"""What links may be called."""


def generation(sender: int, receiver: int) -> int | None:
    """Return which suite is used between machines in such states, 0 the old and 1 the new one; None where none is common."""
    old, new = sender <= GENERATES and receiver <= GENERATES, sender >= CAN_VERIFY and receiver >= CAN_VERIFY
    if old and new:
        return int(sender >= GENERATES)
    return 1 if new else 0 if old else None


def decide(link: Link, label: str, old: str, new: str, none: str) -> tuple[M.Step, ...]:
    """Return steps that go on at one of three labels; the first of them bears `label`."""
    sender, receiver = link.sender, link.receiver
    to = {0: old, 1: new, None: none}
    if sender is None or receiver is None:
        end = sender or receiver
        assert end is not None  # of two ends outside nothing is secured
        cases = tuple(
            (mine, to[generation(mine, GENERATES) if sender is end else generation(GENERATES, mine)]) for mine in _ALL
        )
        return (M.Switch(end.state, cases, end.at, label),)
    first = M.Switch(sender.state, tuple((mine, f"{label}~of{mine}") for mine in _ALL), sender.at, label)
    others = (
        M.Switch(receiver.state, tuple((its, to[generation(mine, its)]) for its in _ALL), receiver.at, f"{label}~of{mine}")
        for mine in _ALL
    )
    return (first, *others)


def jump(link: Link, label: str, to: str) -> M.Step:
    """Return a step that goes on at another label whatever the state."""
    end = link.sender or link.receiver
    assert end is not None  # of two ends outside nothing is secured
    return M.Switch(end.state, tuple((state, to) for state in _ALL), end.at, label)
