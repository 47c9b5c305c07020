"""Nothing that is printed acts on a terminal: one place escapes what would, whoever wrote it and wherever it goes."""

from __future__ import annotations

import io
import json
import sys
import unicodedata
from pathlib import Path

import pytest
from cli_runner import MM1, write_scenario

from jukinet_sim.base.errors import Fault, Position, ScenarioError, StoreError
from jukinet_sim.base.harmless import HarmlessStream, harmless, one_line
from jukinet_sim.cli.app import main
from jukinet_sim.cli.boundary import guarded
from jukinet_sim.report.terminal import show, table
from jukinet_sim.results.files import write_json

HOSTILE = "a\x1b[31mred\x1b]0;owned\x07\x9b2J\u202eevil\u2066\u2069\u200b\x7f\r\x00\udc9b\U000e0041z"
ACTING = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def acting(text: str) -> set[str]:
    """The characters of a text that are not to reach a terminal."""
    return {character for character in text if unicodedata.category(character) in ACTING and character not in "\n\t"}


def test_every_acting_character_is_escaped_and_no_other() -> None:
    """Over the whole of Unicode: controls but for line ends and tabs, format characters, surrogates, further line breaks."""
    everything = [chr(number) for number in range(sys.maxunicode + 1)]
    escaped = {character for character, shown in zip(everything, map(harmless, everything), strict=True) if shown != character}
    known = {character for character in everything if unicodedata.category(character) in ACTING} - {"\n", "\t"}
    assert known <= escaped
    # A Python of few years knows nothing yet of some that are escaped.
    assert {unicodedata.category(character) for character in escaped - known} <= {"Cn"}


def test_names_in_any_script_are_left_alone() -> None:
    """What people write is shown as they wrote it."""
    text = "住民基本台帳ネットワーク ± 0.5 ms, Æsir, ελληνικά, 😀\n\tend"
    assert harmless(text) == text


def test_an_escaped_document_is_the_same_document() -> None:
    """The escapes are those of JSON, for characters beyond the first plane as well."""
    text = json.dumps({"key": HOSTILE}, ensure_ascii=False)
    assert json.loads(harmless(text)) == {"key": HOSTILE}
    assert acting(harmless(text)) == set()


def test_one_line_is_one_line() -> None:
    """A cell has no line ends that could look like lines of ours."""
    assert one_line("a\nexit 0\tb") == "a\\u000aexit 0\\u0009b"


@pytest.mark.parametrize(
    "error",
    [
        StoreError(HOSTILE),
        ScenarioError([Fault(HOSTILE, HOSTILE, Position(HOSTILE, 1, 3), HOSTILE)]),
        OSError(5, HOSTILE, HOSTILE),
        ZeroDivisionError(HOSTILE),
    ],
)
def test_errors_are_harmless(error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages, and the traceback on demand, quote without acting."""
    monkeypatch.setenv("JUKINET_TRACEBACK", "1")

    def command() -> int:
        raise error

    guarded(command)
    shown = capsys.readouterr().err
    assert acting(shown) == set()
    assert "\\u001b[31mred" in shown


@pytest.mark.parametrize(
    "arguments",
    [
        [HOSTILE], ["run", HOSTILE], ["validate", HOSTILE], ["show", HOSTILE], ["explain", HOSTILE], ["diff", HOSTILE, HOSTILE],
        ["run", "x.yaml", f"--{HOSTILE}"], ["run", "x.yaml", "--seed", HOSTILE], ["run", "x.yaml", "--engine", HOSTILE],
        ["check", "x.yaml", "--set", HOSTILE], ["show", "--out", HOSTILE],
    ],
)  # fmt: skip
def test_arguments_are_echoed_harmlessly(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the option parser or a verb quotes of its arguments."""
    monkeypatch.chdir(tmp_path)
    arguments = [argument.replace("\x00", "") for argument in arguments]
    assert main(arguments) in (2, 5)
    shown = capsys.readouterr()
    assert acting(shown.out + shown.err) == set()


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def test_tables_keep_their_own_style_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal headings are bold, and cells and lines are harmless all the same."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    screen = Terminal()
    show([HOSTILE, table([HOSTILE, "n"], [[HOSTILE, "1"]])], HarmlessStream(screen))  # type: ignore[arg-type]  # it stands for one
    assert "\x1b[1m" in screen.getvalue()
    plain = screen.getvalue().replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert acting(plain) == set()


def test_a_run_from_elsewhere_is_shown_harmlessly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Titles, names and notes of a stored run pass the same place, in tables and in JSON."""
    text = MM1.replace("seed: 5", "seed: 5, engine: reference")
    main(["run", write_scenario(tmp_path, text), "--quiet", "--jobs", "1", "--out", str(tmp_path / "runs")])
    (path,) = (tmp_path / "runs").glob("*/*/manifest.json")
    manifest = json.loads(path.read_text())
    manifest |= {"scenario": HOSTILE, "warm_up_note": HOSTILE, "hash": HOSTILE}
    manifest["resolved"]["title"] = HOSTILE
    path.write_text(json.dumps(manifest))
    for options in ([], ["--json"], ["--all", "--lang", "ja"]):
        capsys.readouterr()
        assert main(["show", str(path.parent), *options]) == 0
        shown = capsys.readouterr()
        assert acting(shown.out + shown.err) == set()


def test_files_that_are_read_on_terminals_are_harmless(tmp_path: Path) -> None:
    """What is written into a run folder for people is safe to print, and says the same."""
    write_json(tmp_path / "manifest.json", {"title": HOSTILE})
    content = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert acting(content) == set()
    assert json.loads(content) == {"title": HOSTILE}
