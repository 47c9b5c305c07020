"""The methods there are, shipped or brought by other packages, by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from jukinet_sim.authentication.method import Method
from jukinet_sim.base.plugins import METHODS, Registry, registry


@cache
def registered() -> Registry[Method]:
    """Return every method that is registered, and what was refused."""
    return registry(METHODS, "method of logging on", _read)


def methods() -> tuple[Method, ...]:
    """Return every method that can be asked for by name, the shipped ones first."""
    return tuple(offer.item for offer in registered().offers)


def method(name: str) -> Method:
    """Return the method with this name. Raises UsageError for an unknown or disputed one."""
    return registered().ask(name)


def _read(loaded: object) -> Iterator[tuple[tuple[str, ...], Method]]:
    """Yield the methods an entry points to: one, several, or a function that returns them; each has to make a plan."""
    made = loaded() if callable(loaded) and not isinstance(loaded, Method) else loaded
    several = (made,) if isinstance(made, Method) else made
    if not isinstance(several, Iterable) or isinstance(several, (str, bytes)):
        raise TypeError("it is neither a Method nor several of them, nor a function that returns them")
    for one in several:
        if not isinstance(one, Method):
            raise TypeError(f"{type(one).__name__} is no Method")
        one.plan()
        yield (one.name,), one
