"""What the terminal prints exists in both languages: headings, verdicts and lines, at widths that count wide characters."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path

import pytest

from jukinet_sim.cli.app import main
from jukinet_sim.report.messages.terminal import CELLS, HEADINGS, LABELS, LINES
from jukinet_sim.report.terminal import table
from jukinet_sim.report.translated import heading, translated
from jukinet_sim.report.words import KNOWN

ROOM = Path(__file__).parents[3] / "jukinet_sim"
OFFICE = """\
scenario: office
run: {horizon: 40 h, replications: 5, seed: 1, engine: reference}
network:
  stations:
    counter: {servers: 3, capacity: 9}
  pools:
    seats: {tokens: 8}
  flows:
    people:
      arrivals: {poisson: 40 /h}
      route: [{acquire: seats}, {visit: counter, demand: {exponential: 4 min}}, {release: seats}]
slo:
  - {flow: people, metric: wait.p95, below: 1 h}
"""
SERVERS = "network.stations.counter.servers"
NAMES = r"office(\.yaml)?|counter|people|seats|network|stations|servers|jukinet|show|all|plot|grid|reference|MSER|[AB]"
UNITS = r"ns|us|ms|s|min|h|d|MB|MiB|GiB|x|z|p\d\d|mean|sojourn|wait|utilisation|max|loss_fraction|fraction"
ALLOWED = re.compile(rf"(?:{NAMES}|{UNITS}|run|size|sweep|compare|explain|KEY|FILE|of|[0-9a-f]{{12,16}})")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def width(text: str) -> int:
    """Columns of a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


@pytest.fixture(autouse=True)
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work beside a small scenario, in one process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    (tmp_path / "office.yaml").write_text(OFFICE, encoding="utf-8")


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a command prints in Japanese."""
    capsys.readouterr()
    assert main([*words, "--lang", "ja"]) == 0
    return capsys.readouterr().out


def english(line: str) -> list[str]:
    """The English words of a line, without names, units and numbers."""
    words = re.findall(r"[A-Za-z_]{2,}[A-Za-z0-9_.]*", re.sub(r"`[^`]*`|--?[a-z]+|[a-z]+\.[a-z0-9.]+", "", line))
    return [word for word in words if not ALLOWED.fullmatch(word)]


@pytest.mark.parametrize(
    "words",
    [
        ("validate", "office.yaml", "--limits"),
        ("plan", "office.yaml"),
        ("diff", "office.yaml", "--set", f"{SERVERS}=4"),
        ("run", "office.yaml", "--quiet"),
        ("compare", "office.yaml", "--with", f"{SERVERS}=4", "--quiet"),
        ("sweep", "office.yaml", "--vary", f"{SERVERS}=3,4", "--quiet"),
        ("size", "office.yaml", "--vary", f"{SERVERS}=3..4", "--no-slack", "--quiet"),
    ],
    ids=lambda words: words[0],
)
def test_a_verb_prints_japanese(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """No line of a verb's tables, and none around them, holds an English word that is no name or unit."""
    shown = printed(capsys, *words)
    assert JAPANESE.search(shown)
    assert [(line, found) for line in shown.splitlines() if (found := english(line))] == []


def test_what_is_kept_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """`ls` and `show` say the same of a stored run."""
    printed(capsys, "run", "office.yaml", "--quiet")
    listed, shown = printed(capsys, "ls"), printed(capsys, "show", "office")
    assert listed.splitlines()[1].split() == ["シナリオ", "種類", "ハッシュ", "反復数", "状態", "更新"]
    assert not english(shown.splitlines()[0])


def test_columns_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    """Numbers end where their headings end, a wide character counted as two columns."""
    lines = printed(capsys, "validate", "office.yaml").splitlines()
    head, rule, row = lines[2:5]
    assert width(head) == len(rule) == width(row)


def test_every_message_has_the_same_places() -> None:
    """The two languages of a line take over the same values; no line, heading or cell is empty or English twice."""
    for one, other in LINES:
        assert sorted(re.findall(r"\{\w+\}", one)) == sorted(re.findall(r"\{\w+\}", other)), one
        assert JAPANESE.search(other), other
    for words in (HEADINGS, CELLS, LABELS, KNOWN):
        assert all(JAPANESE.search(other) for other in words.values())
    assert len(LINES) >= 55


def test_every_line_is_still_printed() -> None:
    """The English of each line stands in the program; a reworded message is missed here and not by a reader."""
    files = [
        path
        for room in ("report", "cli", "experiments")
        for path in (ROOM / room).rglob("*.py")
        if "messages" not in path.parts
    ]
    source = " ".join(re.sub(r'"\s*\n\s*f?"', "", path.read_text(encoding="utf-8")) for path in files)
    source = re.sub(r"\s+", " ", source + re.sub(r"\{[^{}]*\}", "{}", source))
    chosen = r"each station and(?: pool and)?|smallest value|cheapest combination|all traffic|none of the values"
    for one, _ in LINES:
        for part in re.split(rf"\{{\w+\}}|[;,:.()]|{chosen}", one):
            words = part.strip()
            assert len(words) < 14 or words in source or words.replace("replications", "replication{}") in source, words


def test_headings_are_taken_phrase_by_phrase() -> None:
    """The longest phrase that is known is taken first; units and names stay; short words stand for themselves only alone."""
    assert heading("busiest hour %") == f"{KNOWN['busiest hour']} %"
    assert heading("wait mean s") == f"{KNOWN['wait']} {KNOWN['mean']} s"
    assert heading("2012-11-19 to 2012-11-21") == "2012-11-19 ～ 2012-11-21"
    assert heading("from") == KNOWN["from"]


def test_names_are_not_translated() -> None:
    """A flow that is called like a verdict keeps its name, and English is printed as it was made."""
    made = table(("flow", "verdict"), [("less", "less")], left=2)
    (found,) = translated([made], "ja")
    assert getattr(found, "rows") == [("less", CELLS["less"])]  # noqa: B009  # a table of the terminal, as it was given
    assert list(translated([made, "and 3 stations without any load"], "en")) == [made, "and 3 stations without any load"]
