"""What the terminal prints exists in both languages: headings, verdicts and lines, at widths that count wide characters."""

from __future__ import annotations

import os
import re
import unicodedata
from io import StringIO
from pathlib import Path

import pytest

from jukinet_sim import metrics
from jukinet_sim.cli.app import main
from jukinet_sim.report.crypto_tables import bench_tables, explain_tables, selftest_line
from jukinet_sim.report.messages.terminal import CELLS, HEADINGS, LABELS, LINES, SAYINGS
from jukinet_sim.report.terminal import broken, show, table
from jukinet_sim.report.translated import heading, translated
from jukinet_sim.report.verify_table import markdown
from jukinet_sim.report.words import KNOWN
from jukinet_sim.scenario.shipped import shipped_folder

ROOM = Path(__file__).parents[3] / "jukinet_sim"
OFFICE = """\
scenario: office
run: {horizon: 20 h, replications: 5, seed: 1, engine: fast}
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
NAMES = r"office(\.yaml)?|counter|people|seats|network|stations|servers|jukinet|show|all|plot|grid|fast|reference|MSER|[AB]"
METRICS = {name for kind in metrics.KINDS for name in metrics.of_kind(kind)}
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


def printed(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What a command prints in Japanese."""
    capsys.readouterr()
    assert main([*words, "--lang", "ja"]) == code
    return capsys.readouterr().out


def english(line: str) -> list[str]:
    """The English words of a line, without names, units and numbers."""
    words = re.findall(r"[A-Za-z_]{2,}[A-Za-z0-9_.]*", re.sub(r"`[^`]*`|--?[a-z]+|[a-z]+\.[a-z0-9.]+", "", line))
    return [word for word in words if not ALLOWED.fullmatch(word)]


COMMAND = re.compile(r"`[^`]*`|jukinet [a-z-]+ [ -~]*|Twelve example towns for one day(?:.*reported volumes)?")
FIGURE = re.compile(rf"[\w.-]+ (?:{'|'.join(sorted(METRICS, reverse=True))})(?:, busiest 1 h)?(?:, worst place)?(?![\w.])")
MARKED = re.compile(r"[A-Za-z0-9_]+(?:[-_.+:~=^/][A-Za-z0-9_]+)+|[A-Za-z_]*[0-9][A-Za-z0-9_]*")
"""Commands and titles; figures of a flow or station; names that have marks or digits in them."""


def prose(text: str) -> list[str]:
    """The lines in which two English words follow each other: names of stations and flows stand alone or have marks in them."""
    lines = FIGURE.sub("", COMMAND.sub("", text)).splitlines()
    return [line for line in lines if re.search(r"(?<![\w.-])[a-z]{2,}[,;:]? [a-z]{2,}(?![\w.-])", line)]


def words_left(text: str, names: set[str]) -> list[tuple[str, list[str]]]:
    """The English words of each line behind the name that it may begin with, without names, units and numbers."""
    plain = [(line, MARKED.sub("", re.sub(r"^\w\S*", "", COMMAND.sub("", line)))) for line in text.splitlines()]
    return [(line, left) for line, rest in plain if (left := sorted({*english(rest)} - names))]


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


UNSURE = OFFICE.replace("scenario: office", "scenario: unsure").replace("engine: fast", "engine: fast, warm_up: 1 h")
RATE, DEMAND = "network.flows.people.arrivals.poisson", "network.flows.people.route.1.demand.exponential"
VARY = (f"{RATE}=30 /h..40 /h", f"{DEMAND}=3 min..4 min")
SMALL = ("--set", "run.replications=2", "--set", "run.horizon=8 h", "--quiet")
ASKED = ("--vary", VARY[0], "--vary", VARY[1], *SMALL)
NAMED = {
    "metrics": {"METRIC", "STATION", "NAME", "POINT", "slo", "worst", "place", "window", "busiest", "measures", "below",
                "metric", "flow", "station", "pool"}
    | METRICS,
    "profiles": {"NAME", "business", "hours", "daily", "monthly", "none", "quarterly", "from", "YYYY-MM"},
    "links": {"send", "LINK", "message", "NAME", "HSM", "there"},
    "crypto": {"FIPS", "SP", "IR", "RSA", "SHA", "CRYPTREC", "PSS", "rev.", "nist", "cryptrec", "PCI", "HSM", "Ivy", "Bridge",
               "Xeon", "Intel", "AVX", "AES", "ADX", "Python", "KiB", "GHz", "cryptography", "OpenSSL", "Sep", "today",
               "target", "next", "chacha", "ecdsa", "eddsa", "ecdh", "rsa", "des", "aes", "camellia"},
    "log-on": {"PIN", "CS", "IC"},
    "": {"people", "seats"},
}  # fmt: skip
"""What stands as it is in the tables of a verb: metrics, links, suites and the documents that judge them."""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Scenarios to vary, to fit and to break, beside the small one."""
    shipped = shipped_folder()
    tiny = (shipped / "tiny.yaml").read_text(encoding="utf-8").replace("run:\n", "run:\n  engine: fast\n")
    (tmp_path / "tiny.yaml").write_text(tiny, encoding="utf-8")
    (tmp_path / "tiny-municipalities.csv").write_bytes((shipped / "tiny-municipalities.csv").read_bytes())
    (tmp_path / "unsure.yaml").write_text(UNSURE, encoding="utf-8")
    observed = "kind,name,metric,value\nflow,people,throughput,35 /h\nstation,counter,utilisation,70 %\n"
    (tmp_path / "seen.csv").write_text(observed, encoding="utf-8")
    (tmp_path / "broken.yaml").write_text(BROKEN, encoding="utf-8")
    (tmp_path / "locks.yaml").write_text(LOCKS, encoding="utf-8")
    return tmp_path


BROKEN = """\
scenario: broken
title: 障害
extends: tiny.yaml
run: {replications: 2}
juki_net:
  incidents:
    lines: {outage: cs_line, at: "2012-04-02 09:00", for: 2 h}
    night: {outage: certificate_server, at: "2012-04-02 02:00", for: 1 h}
record:
  - {flow: query-by-name, metric: sojourn.mean, says: 4 min, reads: [3 min, 5 min], source: invented}
  - {station: cs_line, metric: down_hours, says: 2, source: invented, given: true}
"""
LOCKS = """\
scenario: locks
run: {horizon: 500 s, replications: 2, engine: fast}
network:
  pools: {a: {tokens: 1}, b: {tokens: 1}}
  flows:
    ab:
      arrivals: {poisson: 0.1 /s}
      route: [{acquire: a}, {delay: {exponential: 1 s}}, {acquire: b}, {delay: {exponential: 1 s}}, {release: b}, {release: a}]
    ba:
      arrivals: {poisson: 0.1 /s}
      route: [{acquire: b}, {delay: {exponential: 1 s}}, {acquire: a}, {delay: {exponential: 1 s}}, {release: a}, {release: b}]
"""


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("metrics", ("explain", "metrics")),
        ("metrics", ("explain", "wait.p99")),
        ("profiles", ("explain", "profiles")),
        ("profiles", ("explain", "tax-season")),
        ("links", ("explain", "links", "--in", "tiny.yaml")),
        ("", ("explain", "--job", "people:70", "office.yaml")),
        ("", ("explain", "--job", "people:7", "office.yaml", "--set", "network.stations.counter.servers=1")),
        ("crypto", ("crypto", "list")),
        ("crypto", ("crypto", "card")),
        ("crypto", ("crypto", "card", "xeon-2012")),
        ("crypto", ("crypto", "card", "hsm-2012")),
        ("crypto", ("crypto", "status", "--date", "2014-01-01", "--all")),
        ("crypto", ("crypto", "explain", "today", "batch", "--card", "xeon-2012", "--records", "10")),
        ("crypto", ("crypto", "explain", "next", "session", "--card", "xeon-2012")),
        ("log-on", ("log-on", "list")),
        ("log-on", ("log-on", "explain", "card")),
        ("log-on", ("log-on", "explain", "biometric")),
    ],
    ids=lambda words: "-".join(words[:3]) if isinstance(words, tuple) else words,
)
def test_what_explains_is_japanese(names: str, words: tuple[str, ...], files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No line about metrics, profiles, links, a job, suites or methods holds an English word that is no name or unit."""
    shown = printed(capsys, *words)
    assert JAPANESE.search(shown)
    assert words_left(shown, NAMED[names]) == []


@pytest.mark.parametrize(
    "words",
    [
        ("sensitivity", "unsure.yaml", *ASKED, "--trajectories", "2"),
        ("sensitivity", "unsure.yaml", *ASKED, "--method", "tornado"),
        ("sensitivity", "unsure.yaml", *ASKED, "--method", "sobol", "--rows", "8"),
        ("calibrate", "unsure.yaml", "--observed", "seen.csv", "--fit", f"{RATE},{DEMAND}", *SMALL),
        ("calibrate", "unsure.yaml", "--observed", "seen.csv", "--fit", DEMAND, *SMALL),
        ("calibrate", "unsure.yaml", "--template", "asked.csv", "--fit", DEMAND),
        ("check", "unsure.yaml", "--quiet"),
        ("demo", "--quiet"),
        ("check", "tiny.yaml", "--replications", "1", "--quiet"),
        ("run", "tiny.yaml", "--replications", "1", "--assumptions", "2", "--quiet"),
        ("crypto", "compare", "tiny.yaml", "--replications", "2", "--quiet"),
        ("verify", "--only", "random-numbers", "--quiet"),
    ],
    ids=lambda words: "-".join(words[:2]),
)
def test_what_answers_is_japanese(words: tuple[str, ...], files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Answers of experiments, checks and the battery hold no two English words in a row."""
    shown = printed(capsys, *words)
    assert JAPANESE.search(shown)
    assert prose(shown) == []


@pytest.mark.parametrize(("file", "code"), [("broken.yaml", 99), ("locks.yaml", 4)])
def test_what_went_wrong_is_japanese(file: str, code: int, files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Incidents, what is on record and who waits for ever are told in Japanese."""
    shown = printed(capsys, "run", file, "--quiet", code=code)
    assert ("障害" if file == "broken.yaml" else "行き詰まり") in shown
    assert prose(shown) == []


TIME = {"best": 1e-5, "median": 1.1e-5, "mean": 1.2e-5, "iqr": 1e-6, "samples": 400}
NOISE = {"grade": "noisy", "median_over_best": 1.2}
WIRE = [{"side": "sender", "least_bytes": 100, "most_bytes": 120}]
EXCHANGES = (
    {"kind": "session", "resumed": False},
    {"kind": "session", "resumed": True},
    {"kind": "message", "signed": False, "size_bytes": 2048},
    {"kind": "batch", "records": 10, "record_bytes": 1024, "granularity": "file"},
    *({"kind": "certificate", "act": act, "revoked": 9} for act in ("issue", "chain", "ocsp", "crl")),
)
BENCH = {
    "exchanges": [
        {"suite": "p256", "exchange": one, "time_s": TIME, "wire_bytes": WIRE, "ratio": None} for one in EXCHANGES
    ],
    "operations": [{"operation": "rsa.sign", "size_bytes": 64, "time_s": TIME}],
    "noise": NOISE, "rounds": 40, "seconds": 45.0,
    "host": {"processor": "CPU", "instruction_set": "x86-64", "library": "OpenSSL 3"},
}  # fmt: skip
STEP = {"side": "sender", "operation": "rsa.sign", "count": 1, "size_bytes": 64, "each_s": 1e-5, "total_s": 1e-5}
TIMED = {
    "total_s": 1e-5, "steps": [STEP], "sides_s": {"sender": 1e-5}, "suite": "p256", "exchange": EXCHANGES[2],
    "carried_out": EXCHANGES[0], "measured_s": 1.1e-5, "explained_share": 0.9, "noise": NOISE, "rounds": 40, "wire_bytes": WIRE,
}  # fmt: skip
TESTED = (
    {"name": "p256", "cost_card_only": None, "failed": [], "claims": 9},
    {"name": "p384", "cost_card_only": None, "failed": [{"claim": "?", "found": ""}], "claims": 9},
    {"name": "p521", "cost_card_only": "the library cryptography cannot be loaded: ?"},
)


def test_what_is_timed_and_tested_is_japanese() -> None:
    """Suites side by side, an exchange that was measured and a self-test have no two English words in a row."""
    made = [*bench_tables(BENCH, everything=True), *explain_tables(TIMED), *map(selftest_line, TESTED), "everything holds"]
    stream = StringIO()
    show(translated([*made, "not everything holds: see the lines marked BAD"], "ja"), stream)
    shown = stream.getvalue()
    assert words_left(shown, {"IQR", "KiB", "CPU", "Python", "OpenSSL", "cryptography"}) == []


def _claim(kind: str, family: str, **details: object) -> dict[str, object]:
    return {"kind": kind, "family": family, "point": "", "subject": "", "verdict": "holds", "retested": False, **details}


VERIFIED = {
    "versions": {"python": "3"}, "size": "quick", "engine": "fast", "seed": 1, "retest_seed": 2, "rule_version": 1,
    "failed": ["M/M/1"],
    "claims": [
        _claim("coverage", "M/M/1", covered=38, sets=40, accepted=(30, 40), verdict="fails", retested=True),
        _claim("bias", "M/M/1", z=1.0, relative_half_width=0.01),
        _claim("identities", "all runs", largest_relative_error=1e-16, runs=9, events=9),
        _claim("twins", "random networks", networks_with={"gate": 3, "pool": 0}, networks=9, events=9, different=[]),
        _claim("random numbers", "streams", largest=0.1, bound=0.2, streams=9),
        _claim("random numbers", "distributions", p_value=0.2, draws=9),
        _claim("random numbers", "Philox4x32-10"),
        _claim("determinism", "same bits"),
        _claim("calibration", "M/M/2", covered=9, trials=10, accepted=(7, 10), subject="rate"),
        _claim("decisions", "size", right=9, accepted=8, trials=10),
        _claim("decisions", "compare", covered=9, accepted=(8, 10), trials=10),
        _claim("decisions", "slippage", times_fewer=4.2, required=3, trials=10),
        _claim("decisions", "precision", percentiles=[{"bias_in_margins": 0.01}], trials=10),
    ],
}  # fmt: skip


def test_the_battery_is_japanese() -> None:
    """Every kind of claim is told in Japanese, in Markdown."""
    shown = markdown(VERIFIED, "ja")
    assert words_left(shown, {"gate", "size", "compare", "slippage", "precision", "rate", "python"}) == []
    assert "| M/M/1 |" in shown


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
    for one, other in (*LINES, *SAYINGS):
        assert sorted(re.findall(r"\{\w+\}", one)) == sorted(re.findall(r"\{\w+\}", other)), one
        assert JAPANESE.search(other) or not re.search("[A-Za-z]{2}", re.sub(r"\{\w+\}|juki_net", "", other)), other
    assert not [one for one, _ in SAYINGS if "{" in one and ";" in one], "taken clause by clause"
    for words in (HEADINGS, CELLS, LABELS, KNOWN):
        assert all(JAPANESE.search(other) for other in words.values())
    assert len(LINES) >= 55


def test_every_line_is_still_printed() -> None:
    """The English of each line stands in the program; a reworded message is missed here and not by a reader."""
    files = [path for kind in ("py", "csv", "json") for path in ROOM.rglob(f"*.{kind}") if "messages" not in path.parts]
    source = " ".join(re.sub(r'(?:\\n)?"\s*\n\s*f?"', _joint, path.read_text(encoding="utf-8")) for path in files)
    source = re.sub(r"\s+", " ", source + re.sub(r"\{[^{}]*\}", "{}", source))
    chosen = r"each station and(?: pool and)?|smallest value|cheapest combination|all traffic|none of the values"
    for known, cuts in ((LINES, 0), (SAYINGS, 2)):
        for one, _ in known:
            for part in re.split(rf"\{{\w+\}}|[;,:.()]|{chosen}", one):
                words = " ".join(part.split())
                assert len(words) < 14 or stands(words, source, cuts), words


def _joint(found: re.Match[str]) -> str:
    """What stands between two parts of a text: nothing, or a blank where a line was broken."""
    return " " if found[0].startswith("\\n") else ""


def stands(words: str, source: str, cuts: int) -> bool:
    """Whether words stand in a text, or, in so many pieces at most, as a sentence does that is put together there."""
    if words in source or re.sub("replications?", "replication{}", words) in source:
        return True
    split = words.split(" ")
    heads = ((" ".join(split[:i]), " ".join(split[i:])) for i in range(1, len(split)))
    return cuts > 0 and any(head in source and stands(rest, source, cuts - 1) for head, rest in heads)


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


def test_what_was_broken_into_lines_is_broken_anew() -> None:
    """A paragraph that was filled, and a cell of several lines, keep width and indent; no line begins with a mark."""
    text = "あ" * 9 + "、" + "い" * 9 + "（" + "abc" * 3 + "）。"
    lines = broken(text, 20, "  ").split("\n")
    assert "".join(line.strip() for line in lines) == text
    assert all(width(line) <= 22 for line in lines)
    assert all(line.startswith("  ") for line in lines[1:])
    assert not [line for line in lines if line.strip()[0] in "、。）"]
    made = table(("profile", "why"), [("uniform", "the neutral choice: no\n  shape is claimed"), ("x", "any\nthing")], left=2)
    (found,) = translated([made], "ja")
    assert getattr(found, "rows") == [("uniform", "中立の選択：形を仮定し\n  ない"), ("x", "any\nthing")]  # noqa: B009
