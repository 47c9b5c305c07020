"""Without a session nothing is done at a counter: who takes a terminal takes a session with it, and gives both back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from jukinet_sim.chance.distributions import constant
from jukinet_sim.juki_net.operators.cases import resumed
from jukinet_sim.network import model as M


def with_sessions(steps: tuple[M.Step, ...], sessions: Mapping[str, str], prefix: str = "") -> tuple[M.Step, ...]:
    """Return steps that take a session right after each terminal, and give it back right after that; `sessions` is by pool.

    Given back after the terminal, at the same instant, it is given back too by who goes to that step from elsewhere. Who waits
    for a terminal only so long waits for its operator no longer. Whoever comes back to a terminal has a case that was begun
    there: its operator stays for it, after closing time too, and no session is asked for. All steps keep the names by which
    their random numbers are drawn.
    """
    return tuple(_added(steps, sessions, prefix)) if _uses(steps, sessions) else steps


def _uses(steps: Iterable[M.Step], sessions: Mapping[str, str]) -> bool:
    return any(isinstance(step, M.Acquire | M.Release) and step.pool in sessions for step in M.all_steps(steps))


def _added(steps: tuple[M.Step, ...], sessions: Mapping[str, str], prefix: str) -> Iterator[M.Step]:
    begun = _begun(steps, sessions)
    for number, step in enumerate(steps):
        label = M.step_path(prefix, number, step)
        named = replace(step, label=label)
        if isinstance(named, M.Loop):
            named = replace(named, body=with_sessions(named.body, sessions, f"{label}."))
        yield named
        if isinstance(step, M.Acquire | M.Release) and step.pool in sessions and number not in begun:
            another = replace(step, pool=sessions[step.pool], label=f"{label}.session")
            if isinstance(another, M.Acquire) and another.on_abandon is not None:
                yield from _or_goes_on(another, step.pool, another.on_abandon, label)
            else:
                yield another


def _begun(steps: tuple[M.Step, ...], sessions: Mapping[str, str]) -> frozenset[int]:
    """Return the numbers of the steps at which terminals are taken and given back for cases that were begun at one before."""
    used = {(step.pool, step.at) for step in steps if isinstance(step, M.Acquire) and step.pool in sessions}
    return frozenset(number for pool, at in used for number in resumed(steps, pool, at))


def _or_goes_on(takes: M.Acquire, terminal: str, to: str, label: str) -> Iterator[M.Step]:
    """Yield steps of who goes on elsewhere without a session: the terminal is given back before."""
    has, lacks = f"{label}.has", f"{label}.lacks"
    yield replace(takes, on_abandon=lacks)
    yield M.Branch(((has, 1.0),), f"{label}.goes")
    yield M.Release(terminal, takes.at, lacks)
    yield M.Branch(((to, 1.0),), f"{label}.left")
    yield M.Delay(constant(0.0), has)
