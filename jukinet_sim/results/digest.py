"""What one replication says, as plain numbers by name: small enough to cross processes and to be kept for ever.

Metrics are keyed by their path in the result document, such as `sojourn_s.p99`; an undefined one is None.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from jukinet_sim.engine.stuck import Holder, Stuck

Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One flow, station group or pool group in one replication.

    `counts` add up over replications, `metrics` are averaged; `series` has a number per bin; `places` has a number per
    place, for a group with a station or pool in every place, and `place_names` what people call them; `traits` are words that
    are the same in every replication.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    metrics: Mapping[str, float | None] = field(default_factory=dict)
    series: Mapping[str, Numbers] = field(default_factory=dict)
    places: Mapping[str, tuple[float | None, ...]] = field(default_factory=dict)
    place_names: tuple[str, ...] = ()
    traits: Mapping[str, str] = field(default_factory=dict)

    def shape(self) -> tuple[frozenset[str], ...]:
        """Return the names of its figures, and of its places."""
        return tuple(map(frozenset, (self.counts, self.metrics, self.series, self.places, self.place_names, self.traits)))

    def as_json(self) -> dict[str, Any]:
        """Return its fields; the tuples of numbers are not copied, as `asdict` would do number by number."""
        mappings = ("counts", "metrics", "series", "places", "traits")
        return {"place_names": self.place_names} | {name: dict(getattr(self, name)) for name in mappings}


@dataclass(frozen=True, slots=True)
class Focused:
    """What was found where a metric was looked at in a window or at a place; SI, None where it is undefined.

    `from_s` is when the window began (None for the whole run), `place` what people call the place (None for all of a group).
    """

    value: float | None
    from_s: float | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class ReplicationDigest:
    """One replication over its window (start, end] in seconds; `complete` is False where a limit stopped it."""

    replication: int
    engine: str
    complete: bool
    limit: str | None
    window_s: tuple[float, float]
    events: int
    visits: int
    fingerprint: str
    identities: Mapping[str, float]
    series_bin_s: float | None
    flows: Mapping[str, Part]
    stations: Mapping[str, Part]
    pools: Mapping[str, Part]
    stuck: tuple[Stuck, ...] = ()
    """Who waits for ever at the end."""
    focused: Mapping[str, Focused] = field(default_factory=dict)
    """What was looked at in windows and at places, by canonical text: `station db utilisation, busiest 1 h, worst place`."""

    def kinds(self) -> dict[str, Mapping[str, Part]]:
        """Return the parts by kind: flow, station and pool."""
        return {"flow": self.flows, "station": self.stations, "pool": self.pools}

    def shape(self) -> dict[str, dict[str, tuple[frozenset[str], ...]]]:
        """Return the names of everything that is counted: the same in all replications of a network."""
        return {kind: {name: part.shape() for name, part in parts.items()} for kind, parts in self.kinds().items()}

    def as_json(self) -> dict[str, Any]:
        """Return plain dicts and lists that `digest_from_json` turns back into an equal digest."""
        data = {field.name: getattr(self, field.name) for field in fields(self)}
        data |= {f"{kind}s": _as_json(parts) for kind, parts in self.kinds().items()}
        data["focused"] = {key: asdict(one) for key, one in self.focused.items()}
        return {**data, "identities": dict(self.identities), "stuck": [asdict(one) for one in self.stuck]}


def digest_from_json(data: Mapping[str, Any]) -> ReplicationDigest:
    """Return the digest that `as_json` wrote; KeyError, TypeError or ValueError where it is not one."""
    parts = {kind: _parts(data[kind]) for kind in ("flows", "stations", "pools")}
    start, end = _numbers(data["window_s"])
    stuck = tuple(_stuck(one) for one in data.get("stuck", ()))
    focused = {key: _focused(one) for key, one in data.get("focused", {}).items()}
    found = ReplicationDigest(**{**data, "window_s": (start, end), **parts, "stuck": stuck, "focused": focused})
    for value, types in (
        (found.replication, (int,)), (found.engine, (str,)), (found.complete, (bool,)), (found.limit, (str, _NONE)),
        (found.events, (int,)), (found.visits, (int,)), (found.fingerprint, (str,)), (found.series_bin_s, (float, int, _NONE)),
    ):  # fmt: skip
        if type(value) not in types:
            raise TypeError(f"{value!r:.40} is of another type")
    _numbers((*found.identities.values(), found.events, found.visits))
    return found


def _stuck(data: Mapping[str, Any]) -> Stuck:
    holders = tuple(Holder(**holder) for holder in data["holders"])
    return Stuck(**{**data, "where": tuple(data["where"]), "holders": holders})


def _focused(data: Mapping[str, Any]) -> Focused:
    found = Focused(**data)
    _numbers((found.value, found.from_s), undefined=True)
    if type(found.place) not in (str, _NONE):
        raise TypeError("a place is not a text")
    return found


def _as_json(parts: Mapping[str, Part]) -> dict[str, Any]:
    """Return parts by name; one that is the same as an earlier one is the name of that."""
    written: dict[str, Any] = {}
    first_named: dict[int, str] = {}
    for name, part in parts.items():
        first = first_named.setdefault(id(part), name)
        written[name] = part.as_json() if first == name else first
    return written


def _parts(data: Mapping[str, Any]) -> dict[str, Part]:
    parts: dict[str, Part] = {}
    for name, part in data.items():
        parts[name] = parts[part] if isinstance(part, str) else _part(part)
    return parts


def _part(data: Mapping[str, Any]) -> Part:
    """Return a part whose counts are whole numbers, whose figures are finite and whose words are words."""
    series = {key: _numbers(numbers) for key, numbers in data["series"].items()}
    places = {key: _numbers(numbers, undefined=True) for key, numbers in data["places"].items()}
    names, traits = tuple(data["place_names"]), data["traits"]
    if any(type(count) is not int for count in data["counts"].values()):
        raise TypeError("a count is not a whole number")
    if any(type(word) is not str for word in (*names, *traits.values())):
        raise TypeError("a name is not a text")
    _numbers(data["counts"].values())
    _numbers(data["metrics"].values(), undefined=True)
    if any(len(numbers) != len(names) for numbers in places.values()):
        raise ValueError("there are not as many figures as places")
    return Part(data["counts"], data["metrics"], series, places, names, traits)


_NONE = type(None)
_LARGEST = 1e150


def _numbers(values: Iterable[Any], *, undefined: bool = False) -> tuple[Any, ...]:
    """Return numbers of which none is so large that squares of them overflow; None passes where it means undefined."""
    numbers = tuple(values)
    for number in numbers:
        if type(number) is float or type(number) is int:
            if not -_LARGEST <= number <= _LARGEST:
                raise ValueError(f"{number!r:.40} is no figure of a run")
        elif number is not None or not undefined:
            raise TypeError(f"{number!r:.40} is not a number")
    return numbers


def combined_fingerprint(fingerprints: Iterable[str]) -> str:
    """Return sixteen hexadecimal digits for those of all replications, in their order."""
    text = " ".join(fingerprints)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
