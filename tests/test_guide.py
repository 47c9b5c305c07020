"""The guide does what it says: every block of a page is carried out in order, and both languages have the same blocks."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from jukinet_sim.cli.app import main
from jukinet_sim.guide import LANGUAGES, MADE, SECTIONS, page, readable, topics
from tests.documents import ROOT, Block, blocks, is_as_shown

WRITTEN = [topic.slug for topic in topics() if topic.slug not in MADE]
NOT_RUN = {"tutorial": 1, "size-a-tier": 1, "plan-a-migration": 1, "cluster": 2, "suite-package": 1, "replay-an-incident": 1}
"""So many blocks of a page are not carried out, each for the reason that stands before it."""
LANGUAGES_OF_BLOCKS = {"sh", "text", "yaml", "python", "csv", "toml"}


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with the shipped scenarios, on a machine with one core: further processes change no result."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    monkeypatch.syspath_prepend(str(tmp_path))
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")


def jukinet(words: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Carry out a command of the guide; return its exit code and what it printed."""
    assert words[0] == "jukinet", f"not a command of ours: {' '.join(words)}"
    capsys.readouterr()
    code = main(list(words[1:]))
    return code, *capsys.readouterr()


def carry_out(block: Block, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Carry out a block; return what may be shown of it."""
    if block.file is not None:
        Path(block.file).parent.mkdir(parents=True, exist_ok=True)
        Path(block.file).write_text(block.text, encoding="utf-8")
    elif block.language == "python":
        capsys.readouterr()
        exec(compile(block.text, "guide", "exec"), {"__name__": "guide"})
        return [capsys.readouterr().out]
    elif block.language == "sh":
        *before, last = block.commands
        for words in before:
            code, _, err = jukinet(words, capsys)
            assert code == 0, f"{' '.join(words)}: {err}"
        code, out, err = jukinet(last, capsys)
        assert code == block.code, f"{' '.join(last)}: {err}"
        return [out, err]
    return []


@pytest.mark.usefixtures("inside")
@pytest.mark.parametrize("slug", WRITTEN)
def test_a_page_does_what_it_says(slug: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Files are written, commands and Python carried out, and what is shown after them is what they print."""
    printed: list[str] = []
    for block in blocks(page(slug)):
        if block.not_run is not None:
            printed = []
        elif block.language == "text":
            assert printed, f"nothing was carried out before:\n{block.text}"
            shown = [one for one in printed if is_as_shown(one, block.text)]
            assert shown, f"shown:\n{block.text}\nprinted:\n{'----'.join(printed)}"
        else:
            printed = carry_out(block, capsys)


@pytest.mark.parametrize("slug", WRITTEN)
def test_blocks_are_of_known_kinds(slug: str) -> None:
    """Every block names its language; YAML and the like name their file; what is not run says why and is counted."""
    found = list(blocks(page(slug)))
    assert page(slug).count("\n```") == 2 * len(found)
    assert {block.language for block in found} <= LANGUAGES_OF_BLOCKS
    skipped = [block for block in found if block.not_run is not None]
    assert len(skipped) == NOT_RUN.get(slug, 0)
    assert all(len(block.not_run or "") > 10 for block in skipped)
    assert all(block.file for block in found if block.language in ("yaml", "csv", "toml") and block not in skipped)


def test_commands_are_understood_where_they_are_not_run() -> None:
    """Options of commands that are not carried out exist."""
    for slug in WRITTEN:
        for block in blocks(page(slug)):
            for words in block.commands if block.not_run is not None and block.language == "sh" else []:
                if words[0] == "jukinet" and len(words) > 1 and not words[1].startswith("-"):
                    assert main([words[1], "--help"]) == 0


def headings(text: str) -> list[int]:
    """The depth of every heading of a page."""
    outside = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return [len(found) for found in re.findall(r"^(#+) ", outside, re.MULTILINE)]


def without_comments(block: Block) -> str:
    """A block without what is said to people in it, and without the words of its output."""
    return "" if block.language == "text" else re.sub(r"\s*#.*", "", block.text)


@pytest.mark.parametrize("slug", WRITTEN)
def test_both_languages_have_the_same_structure(slug: str) -> None:
    """As many headings of each depth, and the same blocks but for comments."""
    english, japanese = (page(slug, lang) for lang in LANGUAGES)
    assert headings(english) == headings(japanese)
    assert [without_comments(one) for one in blocks(english)] == [without_comments(one) for one in blocks(japanese)]
    assert [(one.language, one.file, one.code, one.text if one.language == "text" else "") for one in blocks(english)] == [
        (one.language, one.file, one.code, one.text if one.language == "text" else "") for one in blocks(japanese)
    ]


@pytest.mark.parametrize("slug", WRITTEN)
def test_japanese_pages_are_japanese(slug: str) -> None:
    """Outside code more kana and kanji than Latin letters stand on a page."""
    outside = re.sub(r"^```.*?^```$|`[^`]*`|\(http[^)]*\)", "", page(slug, "ja"), flags=re.MULTILINE | re.DOTALL)
    assert len(re.findall(r"[\u3040-\u30ff\u4e00-\u9fff]", outside)) > 2 * len(re.findall(r"[A-Za-z]", outside))


def test_every_file_is_a_page() -> None:
    """No file lies beside the pages that nobody can ask for."""
    import jukinet_sim.guide as room

    folder = Path(room.__file__).parent
    for lang in LANGUAGES:
        assert sorted(path.stem for path in (folder / lang).glob("*.md")) == sorted(WRITTEN)
    assert set(MADE) == set(SECTIONS["reference"])


def test_every_word_that_a_page_asks_for_is_a_page() -> None:
    """`jukinet guide TOPIC` on a page names a page."""
    for lang in LANGUAGES:
        for slug in WRITTEN:
            for named in re.findall(r"`jukinet guide ([a-z-]+)`", page(slug, lang)):
                assert named in {topic.slug for topic in topics()}, f"{slug}: {named}"


def test_assumed_is_said() -> None:
    """Pages that state figures say of what kind they are."""
    assert all(word in page("assumptions") for word in ("reported", "derived", "assumed"))
    assert "<!--" not in readable("".join(page(slug) for slug in WRITTEN))
