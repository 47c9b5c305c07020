"""YAML text to an immutable tree of nodes that know their position; every scalar stays text.

Only the events of the parser are used, with a stack of our own: the loaders of PyYAML turn `01100` into 576, keep the
last of two equal keys and overflow the C stack on deep nesting.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from collections.abc import Mapping as ReadOnly
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

import yaml

from jukinet_sim.base.errors import Fault, Position, ScenarioError
from jukinet_sim.language.source_text import Text, printable, unprintable_in

MAX_DEPTH = 64
_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels", "close a bracket or flatten the file"
# The C parser where PyYAML was built with it; both give the same events.
_LOADER = yaml.CLoader if yaml.__with_libyaml__ else yaml.Loader
_NULLS = ("~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf; `text` is what stands in the file, without quotes and escapes."""

    text: str
    position: Position
    quoted: bool = False

    @property
    def is_null(self) -> bool:
        """Tell whether this is an unquoted `~` or `null`."""
        return not self.quoted and self.text in _NULLS

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing at all was written."""
        return not self.quoted and not self.text


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    items: tuple[Node, ...]
    position: Position
    holds_null: bool = field(init=False, repr=False, compare=False)
    """Whether there is a null anywhere below, so that nobody has to look through all that is below for one."""
    holds_empty: bool = field(init=False, repr=False, compare=False)
    """The same for values that were not written."""

    def __post_init__(self) -> None:
        _look_below(self, self.items)


@dataclass(frozen=True, slots=True)
class Entry:
    """The value of a key and where the key stands."""

    key_position: Position
    node: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and their values in the order of the file, read-only."""

    entries: ReadOnly[str, Entry]
    position: Position
    holds_null: bool = field(init=False, repr=False, compare=False)
    """Whether there is a null anywhere below."""
    holds_empty: bool = field(init=False, repr=False, compare=False)
    """The same for values that were not written."""

    def __post_init__(self) -> None:
        _look_below(self, [entry.node for entry in self.entries.values()])

    def __reduce__(self) -> tuple[object, ...]:
        return read_only, (dict(self.entries), self.position)


Node: TypeAlias = Scalar | Sequence | Mapping


def _look_below(node: Sequence | Mapping, below: Collection[Node]) -> None:
    """Note what a collection being made holds; it is frozen afterwards."""
    null = any(one.is_null if isinstance(one, Scalar) else one.holds_null for one in below)
    empty = any(one.is_empty if isinstance(one, Scalar) else one.holds_empty for one in below)
    object.__setattr__(node, "holds_null", null)
    object.__setattr__(node, "holds_empty", empty)


def read_only(entries: dict[str, Entry], position: Position) -> Mapping:
    """Return a mapping that nobody can change afterwards."""
    return Mapping(MappingProxyType(entries), position)


def parse(text: Text) -> Node:
    """Return the one document of a text; raises ScenarioError with every fault that could be found."""
    builder = _Builder(text)
    try:
        _feed(builder, yaml.parse(text.content, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        if _too_deep(error) and error.problem_mark is not None:
            _feed_before(builder, error.problem_mark)
        else:
            builder.faults.append(_syntax_fault(text, error))
    except yaml.YAMLError:
        builder.faults.append(text.fault(1, 1, "the file cannot be read as YAML", "save it as plain UTF-8 text"))
    if not builder.faults and (builder.root is None or (isinstance(builder.root, Scalar) and builder.root.is_empty)):
        builder.faults.append(text.fault(1, 1, "the file is empty", 'write a scenario; "jukinet explain" lists its keys'))
    if builder.faults or builder.root is None:
        raise ScenarioError(builder.faults)
    return builder.root


def _too_deep(error: yaml.MarkedYAMLError) -> bool:
    """Tell whether the C parser itself gave up on deep nesting, which depends on its version."""
    return "nesting depth" in (error.problem or "")


def _feed_before(builder: _Builder, mark: yaml.Mark) -> None:
    """Feed a builder with what stands before the place where the parser gave up; the nesting there is refused.

    The parser looks ahead of the events it gives, so nothing of a line of brackets reaches the builder otherwise.
    """
    lines = builder.text.lines[: mark.line + 1]
    content = "\n".join((*lines[:-1], lines[-1][: mark.column]))
    with contextlib.suppress(yaml.YAMLError):
        _feed(builder, yaml.parse(content, Loader=_LOADER))
    if not builder.faults:
        builder.refuse(Position(builder.text.file, mark.line + 1, mark.column + 1), *_TOO_DEEP)


@dataclass(slots=True)
class _Frame:
    """A collection being built; in a mapping, `key` is the key whose value comes next."""

    position: Position
    items: list[Node] | None = None
    entries: dict[str, Entry] = field(default_factory=dict)
    key: Scalar | None = None
    expects_value: bool = False


class _Builder:
    """Builds the tree from what the parser reports; unusual constructs become faults and the building goes on."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self.root: Node | None = None
        self._open: list[_Frame] = []

    def refuse(self, position: Position, what: str, cure: str) -> None:
        """Note a fault."""
        self.faults.append(self.text.fault(position.line, position.column, what, cure))

    def begin(self, frame: _Frame) -> bool:
        """Open a collection; return False where the nesting is too deep to go on."""
        self._open.append(frame)
        if len(self._open) <= MAX_DEPTH:
            return True
        self.refuse(frame.position, *_TOO_DEEP)
        return False

    def end(self) -> None:
        """Close the innermost collection and hand it to the one around it."""
        frame = self._open.pop()
        if frame.items is not None:
            self.add(Sequence(tuple(frame.items), frame.position))
        else:
            self.add(read_only(frame.entries, frame.position))

    def add(self, node: Node) -> None:
        """Put a finished node where the innermost open collection expects it."""
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        if frame.items is not None:
            frame.items.append(node)
        elif not frame.expects_value:
            frame.key, frame.expects_value = self._checked_key(node, frame), True
        else:
            if frame.key is not None:
                frame.entries[frame.key.text] = Entry(frame.key.position, node)
            frame.expects_value = False

    def _checked_key(self, node: Node, frame: _Frame) -> Scalar | None:
        """Return a usable key; None drops the key together with its value."""
        if not isinstance(node, Scalar):
            self.refuse(node.position, "a key must be a word, not a list or mapping", 'write "name: value"')
        elif node.text == "<<" and not node.quoted:
            self.refuse(node.position, "merge keys (<<) are not read", "write the keys out or use extends")
        elif node.is_empty:
            self.refuse(node.position, "a key is missing before the colon", 'write "name: value"')
        elif "\n" in node.text or "\t" in node.text:
            self.refuse(node.position, "a key holds a line break or a tab", "write the key in one line, without tabs")
        elif node.text in frame.entries:
            first = frame.entries[node.text].key_position
            what = f'key "{node.text}" is written twice (first on line {first.line})'
            self.refuse(node.position, what, "keep one of the two")
        else:
            return node
        return None


def _feed(builder: _Builder, events: Iterator[yaml.Event]) -> None:
    """Run the parser's events through the builder until the end or until going on makes no sense."""
    documents = 0
    for event in events:
        position = _position(builder.text, event)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                builder.refuse(position, "a second document begins here", "keep one scenario per file")
                return
        elif isinstance(event, yaml.AliasEvent):
            builder.refuse(position, f"aliases (*{printable(str(event.anchor))}) are not read", "write the value out")
            builder.add(Scalar("", position, quoted=True))
        elif isinstance(event, yaml.CollectionEndEvent):
            builder.end()
        elif isinstance(event, yaml.NodeEvent):
            _refuse_extras(builder, event, position)
            if isinstance(event, yaml.ScalarEvent):
                builder.add(Scalar(_checked_value(builder, event.value, position), position, quoted=bool(event.style)))
            elif not builder.begin(_Frame(position, [] if isinstance(event, yaml.SequenceStartEvent) else None)):
                return


def _checked_value(builder: _Builder, value: str, position: Position) -> str:
    """Return a value that may be shown; one whose escapes stand for control characters is refused."""
    found = unprintable_in(value)
    if found is not None:
        what = f"an escape in this text stands for {found}, which controls how text is shown"
        builder.refuse(position, what, "write the text without control characters")
    return value if found is None else printable(value)


def _refuse_extras(builder: _Builder, event: yaml.NodeEvent, position: Position) -> None:
    """Refuse an anchor or a tag on a node; the node itself is still read."""
    if event.anchor is not None:
        builder.refuse(position, f"anchors (&{printable(event.anchor)}) are not read", "delete the anchor; write values out")
    tag = getattr(event, "tag", None)
    if tag is not None:
        shown = printable(tag).replace("tag:yaml.org,2002:", "!!")
        builder.refuse(position, f"tags ({shown}) are not read", "delete the tag; the key decides what a value means")


def _position(text: Text, event: yaml.Event) -> Position:
    """Return where an event begins, counted from 1."""
    mark = event.start_mark
    return Position(text.file, 1, 1) if mark is None else Position(text.file, mark.line + 1, mark.column + 1)


_SYNTAX = {
    "mapping values are not allowed": (
        "a colon where no key can stand",
        'quote text that contains ": ", or check the indentation',
    ),
    "did not find expected ',' or ']'": ("this list is not closed", 'add the missing "," or "]"'),
    "did not find expected ',' or '}'": ("this mapping is not closed", 'add the missing "," or "}"'),
    "did not find expected key": ("the indentation fits no line above", "indent it like its neighbours"),
    "did not find expected '-'": ("the indentation fits no list above", 'begin the line with "- " or indent it'),
    "could not find expected ':'": ("a key without a colon", 'write "key: value"'),
    "did not find expected node content": ("a value is missing here", "write a value or delete the bracket"),
    "found unexpected end of stream": ("a quoted text is not closed", "add the missing quote"),
    "found unknown escape character": ("an unknown escape in a quoted text", "write it in single quotes"),
    "did not find expected <document start>": ("text after the end of the scenario", "delete it or indent it"),
    "found undefined tag handle": ("tags are not read", "delete the tag; the key decides what a value means"),
}


def _syntax_fault(text: Text, error: yaml.MarkedYAMLError) -> Fault:
    """Say in plain words what the parser stumbled over."""
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return text.fault(1, 1, "the file cannot be read as YAML", "check its indentation, quotes and brackets")
    problem = error.problem or "unknown syntax"
    line, column = mark.line + 1, mark.column + 1
    if "cannot start any token" in problem:
        found = text.lines[line - 1][column - 1 : column]
        if found == "\t":
            return text.fault(line, column, "a tab in the indentation", "indent with spaces")
        return text.fault(line, column, f'a value cannot begin with "{found}"', "put it in quotes")
    for words, (what, cure) in _SYNTAX.items():
        if words in problem:
            opened = error.context_mark if "not closed" in what else None
            place = (line, column) if opened is None else (opened.line + 1, opened.column + 1)
            return text.fault(*place, what, cure)
    return text.fault(line, column, f"not readable as YAML ({problem})", "check indentation, quotes and brackets")
