"""Bytes of a CSV to rows: encodings are told apart strictly, and whatever is no CSV is refused at its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.language.csv_text import NotCsv, lacks_commas, read_csv_text, rows_of

TEXT = "code,name\n01100,札幌市\n13101,千代田区\n"


def read(folder: Path, content: bytes) -> str:
    """Write bytes into a file and read them as a list."""
    (folder / "list.csv").write_bytes(content)
    return read_csv_text(folder / "list.csv", "list of places")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_the_encodings_of_published_lists_are_read(encoding: str, ends: str, tmp_path: Path) -> None:
    """UTF-8 with and without its mark and Shift-JIS give the same text, with any line ends."""
    assert read(tmp_path, TEXT.replace("\n", ends).encode(encoding)) == TEXT


def test_an_encoding_that_cannot_be_told_is_refused(tmp_path: Path) -> None:
    """Bytes that are Shift-JIS as well as EUC-JP could be read as other characters than were meant."""
    with pytest.raises(ScenarioError, match=r"list.csv:2:1: error: this line .* Shift-JIS .* EUC-JP; save the file as UTF-8"):
        read(tmp_path, "code,name\n01100,札幌\n".encode("euc_jp"))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "latin-1"])
def test_other_encodings_are_refused(encoding: str, tmp_path: Path) -> None:
    """What is neither names both encodings that are read, or the control character it seems to hold."""
    with pytest.raises(ScenarioError, match=r"neither UTF-8 nor Shift-JIS \(cp932\)|unprintable"):
        read(tmp_path, "code,name\n1,Zürich,ö\n".encode(encoding))


@pytest.mark.parametrize("hostile", ["\x00", "\x1b[2J", "\x9b", "\x7f", "\u202e", "\u2066", "\u200f", "\x85", "\u2028"])
def test_control_characters_are_refused(hostile: str, tmp_path: Path) -> None:
    """No cell brings a character that steers a terminal or reorders text."""
    with pytest.raises(ScenarioError, match=r"list.csv:2:8: error: unprintable character U\+"):
        read(tmp_path, f"code,name\n01100,a{hostile}\n".encode())


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    """A missing file and a name that no file can have are faults of the input."""
    for path in (tmp_path / "none.csv", tmp_path / ("x" * 300), tmp_path / "a\0b"):
        with pytest.raises(ScenarioError, match=r"cannot read this list of places: .*; check the path"):
            read_csv_text(path, "list of places")


def test_rows_know_their_first_line() -> None:
    """Blank lines are skipped, and a quoted line break does not shift the numbers."""
    assert list(rows_of('a,b\n\n"x\ny",1\n2, 3 \n')) == [(1, ["a", "b"]), (3, ["x\ny", "1"]), (5, ["2", "3"])]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("a\n1\n" + "9" * 140_000, 3, "a cell of this row is too long"),
        ('a\n"1\n2', 2, "this row is not CSV: unexpected end of data"),
    ],
)
def test_what_is_no_csv_is_refused_at_its_line(text: str, line: int, what: str) -> None:
    """A cell that is endless, or whose quotation mark never closes."""
    with pytest.raises(NotCsv) as caught:
        list(rows_of(text))
    assert (caught.value.line, caught.value.what) == (line, what)


def test_separators() -> None:
    """One cell with semicolons, tabs or bars in it is a header without commas."""
    assert all(lacks_commas([f"a{mark}b"]) for mark in ";\t|")
    assert not lacks_commas(["a"])
    assert not lacks_commas(["a;b", "c"])
