"""A number to a broken scenario: which seed, what is done to it, all decided by that number alone."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.mutants import hostile
from tests.mutants.seeds import Seed, seeds, with_tables
from tests.mutants.yaml_text import Pairs, Tree, read, write

_FIGURE = re.compile(r"[0-9.]+(?:e[+-]?[0-9]+)?( ?)([a-zA-Z/%]*)")


@dataclass(frozen=True)
class Mutant:
    """Files to write into a folder, the one to load, and the settings to lay over it."""

    number: int
    recipe: str
    main: str
    files: dict[str, bytes]
    sets: tuple[str, ...] = ()


def mutant(number: int) -> Mutant:
    """Make a mutant: of a tree (half of them), of bytes, of a table, or of the settings laid over a scenario."""
    rng = random.Random(number)
    kind = rng.choices((_of_tree, _of_bytes, _of_table, _of_settings), (10, 3, 5, 2))[0]
    seed = rng.choice(with_tables() if kind is _of_table else seeds())
    return kind(number, rng, seed)


def _of_tree(number: int, rng: random.Random, seed: Seed) -> Mutant:
    tree = read(seed.files[seed.main])
    steps = []
    for _ in range(rng.choice((1, 1, 1, 1, 1, 1, 2, 3))):
        change = rng.choice(_TREE_CHANGES)
        change(rng, tree)
        steps.append(change.__name__.strip("_"))
    return _changed(number, f"tree: {', '.join(steps)}", seed, seed.main, write(tree))


def _of_bytes(number: int, rng: random.Random, seed: Seed) -> Mutant:
    name = rng.choice(sorted(seed.files))
    content = bytearray(seed.files[name])
    for _ in range(rng.choice((1, 1, 2, 4))):
        at, to = sorted(rng.randrange(len(content) + 1) for _ in range(2))
        to = min(to, at + rng.choice((0, 1, 5, 40)))
        content[at:to] = rng.choice((b"", rng.choice(hostile.BYTES), bytes(content[at:to]) * 2, bytes([rng.randrange(256)])))
    return _changed(number, "bytes", seed, name, bytes(content))


def _of_table(number: int, rng: random.Random, seed: Seed) -> Mutant:
    name = rng.choice(sorted(set(seed.files) - {seed.main}))
    rows = list(csv.reader(io.StringIO(seed.files[name].decode())))
    steps = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        change = rng.choice(_TABLE_CHANGES)
        change(rng, rows)
        steps.append(change.__name__.strip("_"))
    unusual = rng.random() < 0.4
    encoding = rng.choice(hostile.ENCODINGS) if unusual else "utf-8"
    ends = rng.choice(hostile.LINE_ENDS) if unusual and rng.random() < 0.5 else "\n"
    between = rng.choice(hostile.SEPARATORS) if unusual and rng.random() < 0.5 else ","
    text = ends.join(between.join(_cell(rng, cell) for cell in row) for row in rows) + rng.choice((ends, ""))
    content = text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    return _changed(number, f"table ({encoding}): {', '.join(steps)}", seed, name, content)


def _of_settings(number: int, rng: random.Random, seed: Seed) -> Mutant:
    sets = []
    for _ in range(rng.choice((1, 2))):
        keys, node = [], read(seed.files[seed.main])
        while isinstance(node, (Pairs, list)) and (not keys or rng.random() < 0.85):
            parts = node.items if isinstance(node, Pairs) else list(enumerate(node))
            if not parts:
                break
            key, node = rng.choice(parts)
            keys.append(str(key))
        keys += [rng.choice(hostile.TEXTS)] * (rng.random() < 0.1)
        value = _inline_value(rng, node)
        sets.append(f"{'.'.join(keys)}={value}")
    return Mutant(number, f"settings: {sets!r:.200}", seed.main, seed.files, (*sets, *seed.thinning))


def _changed(number: int, recipe: str, seed: Seed, name: str, content: bytes) -> Mutant:
    return Mutant(number, f"{seed.main}, {recipe}", seed.main, {**seed.files, name: content}, seed.thinning)


def _inline_value(rng: random.Random, node: Tree) -> str:
    """Give a value in the place of another as a setting writes it; it may be no YAML at all."""
    if rng.random() < 0.2:
        return rng.choice(hostile.TEXTS)
    return write([_hostile(rng, node if isinstance(node, str) else "1 s")]).decode()[1:-1]


# Changes of a tree.


def _places(tree: Tree) -> list[tuple[Pairs | list[Tree], int]]:
    """Give every place of a tree: a collection and an index in it."""
    found: list[tuple[Pairs | list[Tree], int]] = []
    todo = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            continue
        children = [value for _, value in node.items] if isinstance(node, Pairs) else node
        found += [(node, i) for i in range(len(children))]
        todo += children
    return found


def _at(place: tuple[Pairs | list[Tree], int]) -> Tree:
    owner, i = place
    return owner.items[i][1] if isinstance(owner, Pairs) else owner[i]


def _put(place: tuple[Pairs | list[Tree], int], value: Tree) -> None:
    owner, i = place
    if isinstance(owner, Pairs):
        owner.items[i] = (owner.items[i][0], value)
    else:
        owner[i] = value


def _some(rng: random.Random, tree: Tree) -> tuple[Pairs | list[Tree], int]:
    return rng.choice(_places(tree) or [([""], 0)])


def _hostile(rng: random.Random, old: str) -> str:
    """Give a hostile value, most often one that keeps the unit of what stood there."""
    figure = _FIGURE.fullmatch(old)
    draw = rng.random()
    if figure is not None and draw < 0.8:
        number = rng.choice(hostile.LEGAL) if draw < 0.5 else rng.choice(hostile.NUMBERS)
        return f"{number}{figure[1]}{figure[2]}"
    if draw < 0.9:
        return f"{rng.choice(hostile.NUMBERS)} {rng.choice(hostile.UNITS)}".strip()
    return rng.choice(hostile.TEXTS)


def _delete(rng: random.Random, tree: Tree) -> None:
    owner, i = _some(rng, tree)
    del (owner.items if isinstance(owner, Pairs) else owner)[i]


def _duplicate(rng: random.Random, tree: Tree) -> None:
    owner, i = _some(rng, tree)
    if isinstance(owner, Pairs):
        owner.items.insert(i, owner.items[i])
    else:
        owner[i:i] = [owner[i]] * rng.choice((1, 3, 40))


def _swap(rng: random.Random, tree: Tree) -> None:
    one, other = _some(rng, tree), _some(rng, tree)
    first, second = _copy(_at(one)), _copy(_at(other))
    _put(one, second)
    _put(other, first)


def _rename(rng: random.Random, tree: Tree) -> None:
    named = [place for place in _places(tree) if isinstance(place[0], Pairs)]
    owner, i = rng.choice(named or [(Pairs([("", "")]), 0)])
    assert isinstance(owner, Pairs)
    key, value = owner.items[i]
    other = rng.choice(named or [(owner, i)])
    assert isinstance(other[0], Pairs)
    swapped = key[1:2] + key[:1] + key[2:]
    owner.items[i] = (rng.choice((swapped, other[0].items[other[1]][0], rng.choice(hostile.TEXTS), key + "s")), value)


def _replace(rng: random.Random, tree: Tree) -> None:
    leaves = [place for place in _places(tree) if isinstance(_at(place), str)]
    place = rng.choice(leaves or [([""], 0)])
    _put(place, _hostile(rng, str(_at(place))))


def _retype(rng: random.Random, tree: Tree) -> None:
    place = _some(rng, tree)
    node = _at(place)
    wrapped: list[Tree] = [[node], Pairs([("value", node)]), "", "~", [], Pairs([]), "1", rng.choice(hostile.TEXTS)]
    _put(place, rng.choice(wrapped))


def _splice(rng: random.Random, tree: Tree) -> None:
    seed = rng.choice(seeds())
    _put(_some(rng, tree), _at(_some(rng, read(seed.files[seed.main]))))


def _graft(rng: random.Random, tree: Tree) -> None:
    """Put the value of a key of another scenario where this one has the same key."""
    seed = rng.choice(seeds())
    theirs = [place for place in _places(read(seed.files[seed.main])) if isinstance(place[0], Pairs)]
    ours = [place for place in _places(tree) if isinstance(place[0], Pairs)]
    names = {owner.items[i][0] for owner, i in theirs if isinstance(owner, Pairs)}
    common = [(owner, i) for owner, i in ours if isinstance(owner, Pairs) and owner.items[i][0] in names]
    if common:
        owner, i = rng.choice(common)
        same = [place for place in theirs if isinstance(place[0], Pairs) and place[0].items[place[1]][0] == owner.items[i][0]]
        _put((owner, i), _at(rng.choice(same)))


def _copy(node: Tree) -> Tree:
    if isinstance(node, Pairs):
        return Pairs([(key, _copy(value)) for key, value in node.items])
    return [_copy(item) for item in node] if isinstance(node, list) else node


_TREE_CHANGES: tuple[Callable[[random.Random, Tree], None], ...] = (
    _replace, _replace, _replace, _replace, _delete, _duplicate, _swap, _rename, _retype, _splice, _graft, _graft,
)  # fmt: skip


# Changes of a table.


def _cell(rng: random.Random, cell: str) -> str:
    """Write a cell, now and then with quotes that it does not need or lacks."""
    quoted = '"' + cell.replace('"', '""') + '"'
    if rng.random() < 0.01:
        return rng.choice((quoted, f'"{cell}', f'{cell}"', f'{cell}"x"'))
    return quoted if re.search(r'[",\n\r]', cell) else cell


def _spoil(rng: random.Random, rows: list[list[str]]) -> None:
    row = rng.choice(rows or [[""]])
    if row:
        at = rng.randrange(len(row))
        long = rng.random() < 0.03
        row[at] = "9" * 140_000 if long else _hostile(rng, row[at])


def _lose_cell(rng: random.Random, rows: list[list[str]]) -> None:
    row = rng.choice(rows or [[""]])
    del row[rng.randrange(len(row) + 1) :][:1]


def _lose_column(rng: random.Random, rows: list[list[str]]) -> None:
    at = rng.randrange(max(map(len, rows), default=1) or 1)
    for row in rows:
        del row[at : at + 1]


def _lose_row(rng: random.Random, rows: list[list[str]]) -> None:
    at = rng.randrange(len(rows) + 1)
    del rows[at : at + rng.choice((1, 1, 2, len(rows)))]


def _repeat_row(rng: random.Random, rows: list[list[str]]) -> None:
    at = rng.randrange(len(rows) or 1)
    rows[at:at] = [list(row) for row in rows[at : at + 1]] * rng.choice((1, 1, 50))


def _swap_rows(rng: random.Random, rows: list[list[str]]) -> None:
    if rows:
        i, j = rng.randrange(len(rows)), rng.randrange(len(rows))
        rows[i], rows[j] = rows[j], rows[i]


def _swap_columns(rng: random.Random, rows: list[list[str]]) -> None:
    width = min(map(len, rows), default=0)
    if width:
        i, j = rng.randrange(width), rng.randrange(width)
        for row in rows:
            row[i], row[j] = row[j], row[i]


_TABLE_CHANGES: tuple[Callable[[random.Random, list[list[str]]], None], ...] = (
    _spoil, _spoil, _spoil, _spoil, _lose_cell, _lose_column, _lose_row, _repeat_row, _swap_rows, _swap_columns,
)  # fmt: skip
