"""What differs between two scenarios as a table with one column for each, and as a JSON document.

Values stand as their authors wrote them, so that two that differ never look alike; defaults as `explain` shows them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python

from jukinet_sim.language.base import Figure
from jukinet_sim.language.yaml_source import Mapping, Node, Scalar
from jukinet_sim.language.yaml_source import Sequence as List
from jukinet_sim.report.kinds import show_value
from jukinet_sim.report.terminal import WIDTH

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from jukinet_sim.scenario.difference import Difference, Side

NOTHING = "—"
EQUAL = "no difference after resolving extends, overrides and defaults"
_LEAST = 18
_CHILD = 34
"""Characters up to which a mapping stands on one line."""
_ROOM = 60
_LINES = 8
_GAPS = 6
"""Characters between the three columns."""
_HASH = 12


def diff_table(a: str, b: str, found: Sequence[Difference], *, hidden: int = 0, key: str = "key") -> Iterator[str | Table]:
    """Yield the names of two scenarios, their differences key by key, and how many there are.

    `hidden` is the number of further ones that are not shown, in names and descriptions; `key` heads the first column.
    """
    yield f"A  {a}"
    yield f"B  {b}"
    if found:
        yield _table(found, key)
    yield ""
    count = f"{len(found):,} difference{'s' if len(found) > 1 else ''}" if found else EQUAL
    if hidden:
        more = f"{hidden} more in names and descriptions" if found else f"{hidden} in names and descriptions"
        count += f" ({more}: --all)"
    yield count
    if found:
        yield "jukinet explain KEY --in FILE tells what a key means and where its value comes from"


def diff_document(a: dict[str, Any], b: dict[str, Any], found: Sequence[Difference]) -> dict[str, Any]:
    """Return the differences as JSON data: values in SI and as written, where they stand, and the sources of figures.

    `a` and `b` say what the two scenarios were loaded from.
    """
    rows = [{"key": one.key, "change": one.change, "a": _side(one.a, one), "b": _side(one.b, one)} for one in found]
    return {"schema": 1, "a": a, "b": b, "differences": rows}


def _side(side: Side | None, one: Difference) -> dict[str, Any] | None:
    """Return one side of a difference as JSON data; None where that scenario has nothing there."""
    if side is None:
        return None
    figure = side.value if isinstance(side.value, Figure) else None
    shown: dict[str, Any] = {
        "key": side.key,
        "value": to_jsonable_python(side.value if figure is None else figure.value, by_alias=True),
        "text": _as_default(side, one) if side.node is None else as_written(_value(side.node, side)),
        "at": _where(side),
    }
    if figure is not None:
        shown["source"] = {"status": figure.status, "note": figure.note, "range": to_jsonable_python(figure.range)}
    if side.digest is not None:
        shown["sha256"] = side.digest
    return shown


def _where(side: Side) -> str | None:
    """Return where a value is set; a setting of the command line is its own place."""
    if side.position is None:
        return None
    return side.position.file if side.position.file.startswith("--set ") else str(side.position)


def _table(found: Sequence[Difference], key: str) -> Table:
    """Return the table of differences, its columns as wide as the terminal allows without breaking a key."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    rows = [(_key(one), _cell(one.a, one.b, one, "red"), _cell(one.b, one.a, one, "green")) for one in found]
    widest = [max(_width(row[i]) for row in rows) for i in range(3)]
    room = max(shutil.get_terminal_size((WIDTH, 24)).columns - widest[0] - _GAPS, 2 * _LEAST)
    left = min(widest[1], max(room - widest[2], room // 2))
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    made.add_column(Text(key), no_wrap=True)
    made.add_column(Text("A"), max_width=left, overflow="fold")
    made.add_column(Text("B"), max_width=room - left, overflow="fold")
    for row in rows:
        made.add_row(*row)
    return made


def _width(cell: Text) -> int:
    return max(line.cell_len for line in cell.split("\n", allow_blank=True))


def _key(one: Difference) -> Text:
    """Return the key, and below it which entry of a list it lies in, where the values do not show that."""
    from rich.text import Text

    cell = Text(one.key)
    if one.within and not _tells_itself(one):
        cell.append(f"\n  {one.within}", "dim")
    if one.a is not None and one.b is not None and one.a.key != one.b.key and one.change != "moved":
        cell.append(f"\n  in B {_elsewhere(one.a.key, one.b.key)}", "dim")
    return cell


def _elsewhere(key: str, other: str) -> str:
    """Return the part of another key that names the list and the entry in which it differs: `route.4`."""
    parts, others = key.split("."), other.split(".")
    differ = [i for i, (part, another) in enumerate(zip(parts, others, strict=True)) if part != another]
    return ".".join(others[differ[0] - 1 : differ[-1] + 1])


def _tells_itself(one: Difference) -> bool:
    """Whether the values show all that the words of an entry say: it is shown whole, or they are what has changed."""
    if one.change in ("added", "removed") and one.field is None:
        return True
    return one.a is not None and one.within == f"{one.a.key.rsplit('.', 1)[-1]} {one.a.value}"


def _cell(side: Side | None, other: Side | None, one: Difference, colour: str) -> Text:
    """Return what one scenario has, and below it what only its figure says about its source."""
    from rich.text import Text

    if side is None:
        return Text(NOTHING, "dim")
    if one.change == "moved":
        return Text(f"entry {int(side.key.rsplit('.', 1)[-1]) + 1}", colour)
    if side.node is None:
        return Text().append(_as_default(side, one), colour).append(" (default)", "dim")
    cell = Text().append("\n".join(in_short(_value(side.node, side))), colour)
    for line in _source(side, other):
        cell.append(f"\n{line}", "dim")
    if side.digest is not None:
        cell.append(f"\ncontents {side.digest[:_HASH]}", "dim")
    return cell


def _as_default(side: Side, one: Difference) -> str:
    """Return a value that was not written as `explain` would show it."""
    annotation, metadata = (None, ()) if one.field is None else (one.field.annotation, tuple(one.field.metadata))
    return show_value(side.value, annotation, metadata)


def _source(side: Side, other: Side | None) -> Iterator[str]:
    """Yield the status and note, and the range, of a figure where those of the other side are not the same."""
    if other is None or not isinstance(side.value, Figure) or not isinstance(other.value, Figure):
        return
    mine, others = side.value, other.value
    if (mine.status, mine.note) != (others.status, others.note):
        yield "set by the author" if mine.status == "set" else f"{mine.status}: {mine.note}"
    if mine.range is not None and mine.range != others.range:
        yield f"range {_range(side)}"


def _range(side: Side) -> str:
    """Return the range of a figure as it was written."""
    entry = side.node.entries.get("range") if isinstance(side.node, Mapping) else None
    ends = entry.node.items if entry is not None and isinstance(entry.node, List) else ()
    return " to ".join(as_written(end) for end in ends)


def _value(node: Node, side: Side) -> Node:
    """Return the number itself where a figure stands in a mapping with its source."""
    return node.entries["value"].node if isinstance(side.value, Figure) and isinstance(node, Mapping) else node


def as_written(node: Node) -> str:
    """Return a node on one line, as a file would hold it."""
    if isinstance(node, Scalar):
        return " ".join(node.text.split()) or '""'
    if isinstance(node, List):
        return "[" + ", ".join(as_written(item) for item in node.items) + "]"
    return "{" + ", ".join(f"{key}: {as_written(entry.node)}" for key, entry in node.entries.items()) + "}"


def in_short(node: Node) -> list[str]:
    """Return a node on one line where it fits; a longer mapping one key a line, what lies below cut to names and sizes."""
    text = as_written(node)
    if isinstance(node, Scalar) or len(text) <= _CHILD:
        return [text]
    if isinstance(node, List):
        return [text if len(text) <= _ROOM else _size(node)]
    lines = [f"{key}: {_child(entry.node)}" for key, entry in node.entries.items()]
    return lines if len(lines) <= _LINES else [*lines[: _LINES - 1], f"and {len(lines) - _LINES + 1} more keys"]


def _child(node: Node) -> str:
    """Return a value within a long mapping: as written, only its keys, or only its size."""
    text = as_written(node)
    if isinstance(node, Scalar) or len(text) <= _CHILD:
        return text
    keys = f"{{{', '.join(node.entries)}}}" if isinstance(node, Mapping) else ""
    return keys if 0 < len(keys) <= _ROOM else _size(node)


def _size(node: List | Mapping) -> str:
    return f"[{len(node.items):,} entries]" if isinstance(node, List) else f"{{{len(node.entries):,} keys}}"
