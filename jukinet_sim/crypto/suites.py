"""The suites there are, shipped or brought by other packages, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from jukinet_sim.base.plugins import SUITES, Registry, registry
from jukinet_sim.crypto.suite import Suite


@cache
def registered() -> Registry[Suite]:
    """Return every suite that is registered, and what was refused."""
    return registry(SUITES, "suite", _read)


def suites() -> tuple[Suite, ...]:
    """Return every suite that can be asked for by name, the shipped ones first."""
    return tuple(offer.item for offer in registered().offers)


def suite(name: str) -> Suite:
    """Return the suite with this name or alias. Raises UsageError for an unknown or disputed one."""
    return registered().ask(name)


def _read(loaded: object) -> Iterator[tuple[tuple[str, ...], Suite]]:
    """Yield the suites an entry points to: one, several, or a function that returns them."""
    made = loaded() if callable(loaded) else loaded
    several = (made,) if isinstance(made, Suite) else made
    if not isinstance(several, Iterable) or isinstance(several, (str, bytes)):
        raise TypeError("it is neither a Suite nor several of them, nor a function that returns them")
    for one in several:
        if not isinstance(one, Suite):
            raise TypeError(f"{type(one).__name__} is no Suite")
        yield (one.name, *one.aliases), one
