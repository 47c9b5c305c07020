"""Cases that come back to a terminal: where a route takes one again, or gives it back then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from enum import Enum

from jukinet_sim.network import model as M


class _Case(Enum):
    """What a case has had of the terminals on its way to a step."""

    NEW = 0
    BEGUN = 1
    """It holds its first one."""
    AWAY = 2
    """It has held one, and holds none."""
    BACK = 3
    """It holds another one."""


_TAKEN = {_Case.NEW: _Case.BEGUN, _Case.AWAY: _Case.BACK}
_GIVEN_BACK = {_Case.BEGUN: _Case.AWAY, _Case.BACK: _Case.AWAY}


def resumed(steps: Sequence[M.Step], pool: str, at: M.Which) -> frozenset[int]:
    """Return the numbers of the steps at which a case takes a terminal again, and gives that one back.

    None where a step is reached by new cases and begun ones, or where terminals are taken inside a loop.
    """
    if any(_uses(inner, pool, at) for step in steps if isinstance(step, M.Loop) for inner in M.all_steps(step.body)):
        return frozenset()
    cases = _cases(steps, pool, at)
    found = set()
    for number, step in enumerate(steps):
        if not _uses(step, pool, at):
            continue
        again = {case in (_Case.AWAY, _Case.BACK) for case in cases[number]}
        if again == {True, False}:
            return frozenset()
        if True in again:
            found.add(number)
    return frozenset(found)


def _cases(steps: Sequence[M.Step], pool: str, at: M.Which) -> dict[int, set[_Case]]:
    """Return what cases come to each step."""
    labels = {step.label: number for number, step in enumerate(steps) if step.label}
    found: dict[int, set[_Case]] = defaultdict(set)
    open_ = [(0, _Case.NEW)]
    while open_:
        number, case = open_.pop()
        if number >= len(steps) or case in found[number]:
            continue
        found[number].add(case)
        step = steps[number]
        if not isinstance(step, M.Branch):
            changes = _TAKEN if isinstance(step, M.Acquire) else _GIVEN_BACK
            open_.append((number + 1, changes.get(case, case) if _uses(step, pool, at) else case))
        open_ += [(labels[label], case) for label in M.jumps(step) if label in labels]
    return found


def _uses(step: M.Step, pool: str, at: M.Which) -> bool:
    return isinstance(step, M.Acquire | M.Release) and (step.pool, step.at) == (pool, at)
