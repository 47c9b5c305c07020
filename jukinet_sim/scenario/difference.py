"""Two loaded scenarios to what differs between them, key by key, once everything is resolved.

The checked models are compared, so a key that is written in one scenario and equals the default in the other is no
difference; the node trees only tell where each side stands and how it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Literal

from pydantic.fields import FieldInfo

from jukinet_sim.base.errors import Position
from jukinet_sim.language.base import Base, Figure
from jukinet_sim.language.merge import find
from jukinet_sim.language.yaml_source import Node
from jukinet_sim.scenario.loaded import Loaded, dump_resolved
from jukinet_sim.scenario.named_routes import route_names, with_routes

Change = Literal["changed", "added", "removed", "moved"]
Pair = tuple[int | None, int | None]

_NAMES = ("scenario", "title", "description", "extends", "overrides")
"""Keys that say what a scenario is called and made from, not what it simulates."""
_FEW = 3
"""A list of numbers in which more entries differ is one difference."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one scenario has: the dotted key there, the value in SI, and the node it was read from.

    `node` and `position` are None where the key has its default; `digest` is the SHA-256 of the file a value names,
    where only the contents of the files differ.
    """

    key: str
    value: Any
    node: Node | None
    position: Position | None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One key that differs; a side that has nothing there is None.

    `field` is the field of the schema, None at a name or an entry; `within` tells the entry of a list the key lies in.
    """

    key: str
    a: Side | None
    b: Side | None
    field: FieldInfo | None
    within: str

    @property
    def change(self) -> Change:
        """What B did to A: an entry that only stands elsewhere in its list was moved."""
        if self.a is None:
            return "added"
        if self.b is None:
            return "removed"
        is_entry = isinstance(self.a.value, Base) and type(self.a.value) is type(self.b.value)
        is_value = isinstance(self.a.value, Figure) or getattr(self.a.value, "written", None) is not None
        return "moved" if is_entry and not is_value else "changed"

    @property
    def in_name_only(self) -> bool:
        """Whether only a name, a description or the origin of the scenario differs."""
        return self.key.split(".")[0] in _NAMES


def differences(a: Loaded, b: Loaded) -> tuple[Difference, ...]:
    """Return every difference between two scenarios in the order of the schema, those in name only last."""
    found = [
        Difference(".".join(at.b if x is None else at.a), _side(a, at.a, x), _side(b, at.b, y), at.field, at.within)
        for at, x, y in _walk(_Place((), ()), a.scenario, b.scenario)
    ]
    found += _contents(a, b, {one.key for one in found})
    told = _told_elsewhere(a, b)
    return tuple(sorted((one for one in found if not one.key.startswith(told)), key=lambda one: one.in_name_only))


def _told_elsewhere(a: Loaded, b: Loaded) -> tuple[str, ...]:
    """Return where both scenarios name the same route: what differs in its steps is told of the route."""
    names_a, names_b = route_names(a.tree), route_names(b.tree)
    return tuple(f"{key}." for key, name in names_a.items() if names_b.get(key) == name)


def _side(loaded: Loaded, path: tuple[str, ...], value: Any, digest: str | None = None) -> Side | None:
    """Return one side of a difference, None where there is no value."""
    if value is None:
        return None
    key = ".".join(path)
    position, node = find(with_routes(loaded.tree), key) or (None, None)
    return Side(key, value, node, position, digest)


def _contents(a: Loaded, b: Loaded, known: set[str]) -> Iterator[Difference]:
    """Yield the files that both scenarios name alike, from different folders, and that do not hold the same."""
    files_a, files_b = (dump_resolved(loaded).get("files", {}) for loaded in (a, b))
    for key in files_a:
        if key not in known and files_a[key] != files_b.get(key, files_a[key]):
            name = getattr((find(a.tree, key) or (None, None))[1], "text", "")
            sides = (_side(one, (key,), name, files[key]) for one, files in ((a, files_a), (b, files_b)))
            yield Difference(key, next(sides), next(sides), None, "")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a comparison stands: the paths in both scenarios, which may count list entries differently."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    field: FieldInfo | None = None
    within: str = ""

    def below(self, name: str, field: FieldInfo | None = None) -> _Place:
        """Return the place of a key."""
        return _Place((*self.a, name), (*self.b, name), field, self.within)

    def entry(self, i: int | None, j: int | None, within: str) -> _Place:
        """Return the place of an entry of a list, which may be missing on one side."""
        return _Place((*self.a, str(i)), (*self.b, str(j)), None, within)


Found = tuple[_Place, Any, Any]


def _walk(at: _Place, a: Any, b: Any) -> Iterator[Found]:
    """Yield the places below which two values differ, with what stands there; None where nothing does."""
    if isinstance(a, Figure) and isinstance(b, Figure):
        if _with_source(a) != _with_source(b):
            yield at, a, b
    elif isinstance(a, Base) and type(a) is type(b) and a.written is None:
        for name, info in type(a).model_fields.items():
            yield from _walk(at.below(info.alias or name, info), getattr(a, name), getattr(b, name))
    elif isinstance(a, dict) and isinstance(b, dict):
        for key in dict.fromkeys((*a, *b)):
            yield from _walk(at.below(str(key)), a.get(key), b.get(key))
    elif isinstance(a, tuple) and isinstance(b, tuple):
        entries = (*a, *b)
        yield from (_walk_entries if entries and isinstance(entries[0], Base) else _walk_numbers)(at, a, b)
    elif a != b:
        yield at, a, b


def _with_source(figure: Figure[Any]) -> tuple[Any, ...]:
    """Return everything a figure says."""
    return figure.value, figure.status, figure.note, figure.range


def _walk_numbers(at: _Place, a: tuple[Any, ...], b: tuple[Any, ...]) -> Iterator[Found]:
    """Yield the few entries that differ between lists of numbers, or else the lists themselves."""
    changed = [i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
    if len(a) == len(b) and len(changed) <= _FEW:
        for i in changed:
            yield from _walk(at.below(str(i)), a[i], b[i])
        return
    within = f"{len(changed):,} of {len(a):,} entries differ" if len(a) == len(b) else f"{len(a):,} and {len(b):,} entries"
    yield _Place(at.a, at.b, at.field, within), a, b


def _walk_entries(at: _Place, a: tuple[Base, ...], b: tuple[Base, ...]) -> Iterator[Found]:
    """Yield what differs between lists of models, entry by entry, whatever their positions."""
    for i, j, moved in _pairs(a, b):
        x, y = None if i is None else a[i], None if j is None else b[j]
        below = at.entry(i, j, _title(x or y))
        inner = [(below, x, y)] if x is None or y is None else list(_walk(below, x, y))
        yield from inner or ([(below, x, y)] if moved else [])


def _pairs(a: Sequence[Base], b: Sequence[Base]) -> Iterator[tuple[int | None, int | None, bool]]:
    """Yield which entry of one list is which of the other, and whether it has changed places with others.

    Where all are about the same things it is the position that tells; otherwise the lists are aligned in order, and what
    is then left on both sides and is about the same thing has moved.
    """
    if [_words(one) for one in a] == [_words(one) for one in b]:
        yield from ((i, i, False) for i in range(len(a)))
        return
    aligned = _aligned(range(len(a)), range(len(b)), a, b)
    new = [j for i, j in aligned if i is None and j is not None]
    moved: dict[int, int] = {}
    for i in [one for one, j in aligned if one is not None and j is None]:
        other = next((k for k in new if _words(b[k]) == _words(a[i])), None)
        if other is not None:
            new.remove(other)
            moved[i] = other
    for one, j in aligned:
        if one is not None and one in moved:
            yield one, moved[one], True
        elif one is not None or j in new:
            yield one, j, False


def _aligned(in_a: Sequence[int], in_b: Sequence[int], a: Sequence[Base], b: Sequence[Base], turn: int = 0) -> list[Pair]:
    """Align entries in order: those that are equal, between them those about the same things, then of the same name.

    What lies between them is paired where there is one for each and they have something in common.
    """
    if turn == len(_TURNS):
        alike = len(in_a) == len(in_b) and all(_akin(a[i], b[j]) for i, j in zip(in_a, in_b, strict=True))
        paired: list[Pair] = list(zip(in_a, in_b, strict=True)) if alike else []
        return paired or [(i, None) for i in in_a] + [(None, j) for j in in_b]
    key = _TURNS[turn]
    matcher = SequenceMatcher(None, [key(a[i]) for i in in_a], [key(b[j]) for j in in_b], autojunk=False)
    found: list[Pair] = []
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            found += zip(in_a[i1:i2], in_b[j1:j2], strict=True)
        else:
            found += _aligned(in_a[i1:i2], in_b[j1:j2], a, b, turn + 1)
    return found


def _akin(x: Base, y: Base) -> bool:
    """Whether two entries are of one kind and not all that was written in them differs, or only one thing does."""
    written = x.model_fields_set | y.model_fields_set
    same = [type(x) is type(y) and getattr(x, name) == getattr(y, name) for name in written]
    return type(x) is type(y) and (any(same) or len(same) == 1)


def _content(entry: Base) -> Hashable:
    """Return the whole of an entry."""
    return type(entry), repr(entry)


def _words(entry: Base) -> tuple[Hashable, ...]:
    """Return what an entry is about: its kind, names and dates; not its numbers, nor a bound that is written as text."""
    fields = type(entry).model_fields.items()
    values = ((name, getattr(entry, name)) for name, info in fields if (info.alias or name) not in entry.either)
    return type(entry), *((name, value) for name, value in values if isinstance(value, (str, date)))


def _name(entry: Base) -> Hashable:
    """Return the first of the words of an entry, such as the label of a step."""
    return _words(entry)[:2]


_TURNS: tuple[Callable[[Base], Hashable], ...] = (_content, _words, _name)


def _title(entry: Base | None) -> str:
    """Return the words of an entry that were written, as people read them: `flow query, metric sojourn.p99`."""
    if entry is None:
        return ""
    fields = type(entry).model_fields
    words = [word for word in _words(entry)[1:] if isinstance(word, tuple) and word[0] in entry.model_fields_set]
    return ", ".join(f"{fields[name].alias or name} {value}" for name, value in words)
