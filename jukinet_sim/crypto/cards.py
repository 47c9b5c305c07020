"""The cards there are, shipped or brought by other packages, by name; and those that a user keeps in a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.plugins import CARDS, Registry, registry
from jukinet_sim.crypto.costs import this_host
from jukinet_sim.crypto.costs.card import Card
from jukinet_sim.crypto.costs.document import read_card


@cache
def registered() -> Registry[Card]:
    """Return every card that is registered, and what was refused."""
    return registry(CARDS, "cost card", _read)


def cards() -> tuple[Card, ...]:
    """Return every registered card; then that of this machine, where it was measured."""
    own = this_host.kept()
    return (*(offer.item for offer in registered().offers), *((own,) if own else ()))


def card(name: str) -> Card:
    """Return the card with this name, or of this file ending in .json. Raises UsageError, OSError, ScenarioError."""
    if name == this_host.NAME:
        own = this_host.kept()
        if own is None:
            raise UsageError("this machine was not measured yet; run jukinet crypto card this-host --measure")
        return own
    if not name.endswith(".json"):
        return registered().ask(name)
    try:
        return read_card(name)
    except FileNotFoundError:
        raise UsageError(f"there is no file {name}; write the path of a cost card, or a name that crypto card lists") from None


def _read(loaded: object) -> Iterator[tuple[tuple[str, ...], Card]]:
    """Yield the cards an entry points to: cards or JSON files, one or several, or a function that returns them."""
    made = loaded() if callable(loaded) else loaded
    several = (made,) if isinstance(made, (Card, Path, str)) else made
    if not isinstance(several, Iterable):
        raise TypeError("it is neither a Card nor a file of one, nor several of them, nor a function that returns them")
    for one in several:
        found = one if isinstance(one, Card) else read_card(one)
        if found.name == this_host.NAME:
            raise ValueError(f'"{this_host.NAME}" is the name of the machine at hand')
        yield (found.name,), found
