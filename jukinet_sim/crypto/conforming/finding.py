"""A claim about a suite and whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jukinet_sim.crypto.failures import AuthenticationFailed


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim, whether it holds, and what was found where it does not; nothing of what was sent."""

    claim: str
    holds: bool
    found: str = ""


def refused(claim: str, attempts: Iterable[Callable[[], object]]) -> Finding:
    """Claim that each attempt ends in AuthenticationFailed and in nothing else."""
    count = 0
    for attempt in attempts:
        count += 1
        try:
            attempt()
        except AuthenticationFailed:
            continue
        except Exception as error:  # a refusal of another kind tells what a refusal should not
            return Finding(claim, False, f"attempt {count} ended in {type(error).__name__}")
        return Finding(claim, False, f"attempt {count} was let pass")
    return Finding(claim, count > 0, "" if count else "nothing was attempted")


def done(claim: str, actions: Iterable[Callable[[], object]]) -> Finding:
    """Claim that each action ends well."""
    for number, action in enumerate(actions, start=1):
        try:
            action()
        except Exception as error:  # whatever goes wrong is what is looked for
            return Finding(claim, False, f"{number}: {type(error).__name__}")
    return Finding(claim, True)
