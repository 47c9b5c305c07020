"""YAML text to a node tree with positions."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jukinet_sim.base.errors import Fault, Position, ScenarioError
from jukinet_sim.language import yaml_source
from jukinet_sim.language.merge import to_data
from jukinet_sim.language.source_text import MAX_BYTES, decode, read_text
from jukinet_sim.language.yaml_source import Mapping, Node, Scalar, Sequence, parse


def read(text: str | bytes) -> Node:
    """Parse a text under the name f.yaml."""
    return parse(decode(text.encode() if isinstance(text, str) else text, "f.yaml"))


def faults(text: str | bytes) -> list[str]:
    """Return the messages of a text that must be refused."""
    with pytest.raises(ScenarioError) as caught:
        read(text)
    return [fault.headline for fault in caught.value.faults]


@pytest.mark.parametrize("text", ["01100", "10:30", "no", "1e3", "null", "2012-04-01", "0x1F", "1_000", "=", "~"])
def test_every_scalar_stays_text(text: str) -> None:
    """Nothing is guessed: Sapporo's code 01100 does not become 576, nor 10:30 a number, nor no a flag."""
    assert to_data(read(f"key: {text}")) == {"key": text}


def test_nodes_know_where_they_stand() -> None:
    """Keys, values and lists carry the line and column, from 1, of their first character."""
    tree = read("a: 1\nb:\n  - x\n  - {c: y}\n")
    assert isinstance(tree, Mapping)
    listed = tree.entries["b"].node
    assert isinstance(listed, Sequence)
    inner = listed.items[1]
    assert isinstance(inner, Mapping)
    places = [
        tree.entries["b"].key_position,
        listed.position,
        listed.items[0].position,
        inner.entries["c"].node.position,
    ]
    assert [(p.line, p.column) for p in places] == [(2, 1), (3, 3), (3, 5), (4, 9)]
    assert all(p.file == "f.yaml" for p in places)


def test_columns_count_characters_not_bytes() -> None:
    """A Japanese word before a value moves it by its characters."""
    tree = read("{題: 値, b: 1}")
    assert isinstance(tree, Mapping)
    assert tree.entries["b"].key_position == Position("f.yaml", 1, 8)


@pytest.mark.parametrize(("text", "quoted"), [("null", False), ("'null'", True), ('"null"', True), ("|\n  null", True)])
def test_only_a_plain_null_is_null(text: str, quoted: bool) -> None:
    """Quoting makes null a word."""
    tree = read(f"a: {text}\n")
    assert isinstance(tree, Mapping)
    node = tree.entries["a"].node
    assert isinstance(node, Scalar)
    assert (node.quoted, node.is_null) == (quoted, not quoted)


def test_the_tree_is_read_only() -> None:
    """A mapping of the tree refuses assignment."""
    tree = read("a: 1")
    assert isinstance(tree, Mapping)
    with pytest.raises(TypeError):
        tree.entries["a"] = tree.entries["a"]  # type: ignore[index]  # the point of the test


def test_the_tree_survives_pickling() -> None:
    """A tree can be sent to a worker process."""
    tree = read("a: [1, {b: 2}]")
    assert pickle.loads(pickle.dumps(tree)) == tree


@pytest.mark.parametrize("brackets", ["[" * 60_000, "{a: " * 20_000, "- " * 60_000, "[" * 60_000 + "]" * 60_000])
def test_deep_nesting_is_refused_without_recursion(brackets: str) -> None:
    """Tens of thousands of open brackets neither crash the C parser nor keep it busy."""
    assert faults(brackets)[-1].endswith("error: nested deeper than 64 levels; close a bracket or flatten the file")


def test_sixty_four_levels_are_allowed() -> None:
    """The limit is 64, not 63."""
    read("[" * 64 + "]" * 64)
    assert len(faults("[" * 65 + "]" * 65)) == 1


def test_unusual_constructs_are_all_reported_at_once() -> None:
    """Anchors, aliases, tags, repeated and merge keys of one text come in one error, in order."""
    assert faults("a: &x 1\nb: *x\nc: !!int 3\na: 2\n<<: {d: 4}\n? [e]\n: 5\n") == [
        "f.yaml:1:4: error: anchors (&x) are not read; delete the anchor; write values out",
        "f.yaml:2:4: error: aliases (*x) are not read; write the value out",
        "f.yaml:3:4: error: tags (!!int) are not read; delete the tag; the key decides what a value means",
        'f.yaml:4:1: error: key "a" is written twice (first on line 1); keep one of the two',
        "f.yaml:5:1: error: merge keys (<<) are not read; write the keys out or use extends",
        'f.yaml:6:3: error: a key must be a word, not a list or mapping; write "name: value"',
    ]


def test_ten_lines_of_aliases_cannot_explode() -> None:
    """An alias is refused, never expanded."""
    lines = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 40)]
    assert len(faults("\n".join(lines))) == 40 + 2 * 39


def test_a_file_above_one_mebibyte_is_refused() -> None:
    """The limit counts bytes, and a file of exactly that size is read."""
    exact = b"a: " + b"x" * (MAX_BYTES - 3)
    assert isinstance(read(exact), Mapping)
    assert faults(exact + b"x") == [
        "f.yaml:1:1: error: the file is larger than 1 MiB; move long tables to CSV files or split it with extends"
    ]


def test_only_utf8_is_read() -> None:
    """Shift_JIS bytes are refused at the first one; a UTF-8 byte order mark is skipped."""
    assert faults("a: b\nc: 東京".encode("shift_jis")) == ["f.yaml:2:4: error: the file is not UTF-8 text; save it as UTF-8"]
    assert to_data(read(b"\xef\xbb\xbfa: b")) == {"a": "b"}


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    """A file without content says so instead of meaning null."""
    assert faults(text)[0].startswith("f.yaml:1:1: error: the file is empty; ")


def test_a_syntax_error_does_not_hide_what_was_found_before() -> None:
    """A repeated key above a broken line is reported together with it."""
    assert faults("a: 1\na: 2\nb: [1, 2\n") == [
        'f.yaml:2:1: error: key "a" is written twice (first on line 1); keep one of the two',
        'f.yaml:3:4: error: this list is not closed; add the missing "," or "]"',
    ]


def test_an_unreadable_path_says_so(tmp_path: Path) -> None:
    """A folder in place of a file is a fault, not a traceback."""
    with pytest.raises(ScenarioError, match="cannot be read"):
        read_text(tmp_path, "here")


def test_both_parsers_of_pyyaml_give_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the C library the pure Python parser reads the same nodes at the same places."""
    text = "a: 'q'\nb:\n  - [x, {y: 1}]\n  - |\n    block\nc: 東京 # end\n"
    fast = read(text)
    monkeypatch.setattr(yaml_source, "_LOADER", yaml.Loader)
    assert read(text) == fast


@given(st.text(alphabet=st.sampled_from("ab:-[]{},'\"#&*!|>%@ \n\t"), max_size=40))
def test_any_text_gives_a_tree_or_faults_with_a_place(text: str) -> None:
    """No text makes the reader fail in another way than with faults that name a line and a cure."""
    found: tuple[Fault, ...] = ()
    try:
        read(text)
    except ScenarioError as error:
        found = error.faults or (Fault("", ""),)
    assert all(fault.position is not None and fault.what and fault.cure for fault in found)


@given(
    st.recursive(
        st.text("abc日 ", min_size=1),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("xyz", min_size=1), inner),
    )
)
def test_what_pyyaml_writes_is_read_back(data: object) -> None:
    """A document of text, lists and mappings survives the way through YAML."""
    assert to_data(read(yaml.safe_dump(data, allow_unicode=True, default_style='"'))) == data
