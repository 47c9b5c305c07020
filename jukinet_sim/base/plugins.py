"""What is registered by entry points, ours and others': whatever breaks is kept with its reason and breaks nothing else.

What this package ships comes in by the same door. Its own entries are read from a table, which `pyproject.toml` repeats, so
that they are found where the package runs without being installed or with metadata of an earlier version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.metadata import EntryPoint
from typing import Generic, TypeVar

from jukinet_sim.base.errors import UsageError, shortened
from jukinet_sim.base.harmless import one_line
from jukinet_sim.base.suggest import one_of

T = TypeVar("T")
OURS = "jukinet-sim"
SUITES, CARDS, POLICIES = "jukinet_sim.crypto_suites", "jukinet_sim.cost_cards", "jukinet_sim.crypto_policies"
METHODS = "jukinet_sim.log_on_methods"
BUILT_IN = {
    SUITES: ("built-in", "jukinet_sim.crypto.builtin:SUITES"),
    CARDS: ("built-in", "jukinet_sim.crypto.costs.shipped:shipped"),
    POLICIES: ("built-in", "jukinet_sim.crypto.policy.shipped:shipped"),
    METHODS: ("built-in", "jukinet_sim.authentication.builtin:METHODS"),
}
"""The entry of this package in each group: its name and what it points to."""
LISTED_BY = {METHODS: "jukinet log-on list"}
"""The command that lists what is registered in a group, where it is not that of the suites."""


@dataclass(frozen=True, slots=True)
class Offer(Generic[T]):
    """Something registered: the names it is asked for by, the first being its own, and the package it comes from."""

    names: tuple[str, ...]
    item: T
    owner: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry, or one thing it offers, that cannot be used, and why."""

    group: str
    entry: str
    owner: str
    reason: str


@dataclass(frozen=True, slots=True)
class Registry(Generic[T]):
    """What can be asked for by name, who disputes a name, and what was refused."""

    noun: str
    offers: tuple[Offer[T], ...]
    disputed: tuple[tuple[str, tuple[str, ...]], ...]
    refused: tuple[Refused, ...]
    listed_by: str = "jukinet crypto list"

    def ask(self, name: str) -> T:
        """Return what has this name. Raises UsageError for an unknown name and for one that several packages claim."""
        for offer in self.offers:
            if name in offer.names:
                return offer.item
        for disputed, owners in self.disputed:
            if name == disputed:
                raise UsageError(
                    f'the {self.noun} "{name}" is offered by {" and by ".join(owners)}; uninstall all but one of them'
                )
        known = [own for offer in self.offers for own in offer.names]
        broken = f" ({len(self.refused)} refused; see {self.listed_by})" if self.refused else ""
        raise UsageError(f'there is no {self.noun} "{name}"; {one_of(name, known, "install one")}{broken}')


def registry(group: str, noun: str, read: Callable[[object], Iterable[tuple[tuple[str, ...], T]]]) -> Registry[T]:
    """Load every entry of a group; `read` turns what an entry points to into things with their names, or raises."""
    found: list[Offer[T]] = []
    refused: list[Refused] = []
    for entry, owner in _entries(group):
        try:
            found.extend(Offer(names, item, owner) for names, item in read(entry.load()))
        except (Exception, SystemExit) as error:  # code of others may fail in any way; it must not take a run with it
            refused.append(Refused(group, entry.name, owner, _reason(error)))
    kept, disputed, lost = _settled(found, noun, group)
    listed_by = LISTED_BY.get(group, "jukinet crypto list")
    return Registry(noun, tuple(kept), tuple(disputed), (*refused, *lost), listed_by)


def _entries(group: str) -> Iterator[tuple[EntryPoint, str]]:
    """Yield our own entry, then those of other packages in order of their names."""
    yield EntryPoint(*BUILT_IN[group], group), OURS
    others = [
        (entry, entry.dist.name if entry.dist is not None else "a package without a name")
        for entry in metadata.entry_points(group=group)
    ]
    for entry, owner in sorted(others, key=lambda pair: (pair[1].casefold(), pair[0].name)):
        if owner != OURS:
            yield entry, one_line(owner)


def _reason(error: BaseException) -> str:
    return shortened(one_line(f"{type(error).__name__}: {error}".rstrip(": ")), 300)


def _settled(
    found: Sequence[Offer[T]], noun: str, group: str
) -> tuple[list[Offer[T]], list[tuple[str, tuple[str, ...]]], list[Refused]]:
    """Give each name to one offer: what is shipped keeps its names, so that no run depends on what else is installed.

    A name that several other packages claim goes to none of them.
    """
    claims: dict[str, list[Offer[T]]] = {}
    for offer in found:
        for name in dict.fromkeys(offer.names):
            claims.setdefault(name, []).append(offer)
    kept, disputed, lost = [], [], []
    for offer in found:
        rivals = {name: claims[name] for name in offer.names if len(claims[name]) > 1}
        if not rivals or offer.owner == OURS:
            kept.append(offer)
            continue
        name, claimants = next(iter(rivals.items()))
        owners = " and by ".join(dict.fromkeys(claimant.owner for claimant in claimants))
        lost.append(Refused(group, offer.names[0], offer.owner, f'the {noun} "{name}" is offered by {owners}'))
    for name, claimants in claims.items():
        if len(claimants) > 1 and not any(claimant.owner == OURS for claimant in claimants):
            disputed.append((name, tuple(dict.fromkeys(claimant.owner for claimant in claimants))))
    return kept, disputed, lost
