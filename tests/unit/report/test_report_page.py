"""The page of a run or an experiment: one file that loads nothing, says what the run says, and takes no name for markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from exported_run import HOSTILE, SCENARIO, small_run
from hostile_page import hostile_page

from jukinet_sim import compare, run, size, sweep
from jukinet_sim.cli.app import main
from jukinet_sim.language.slo import Slo
from jukinet_sim.report.charts.of_run import run_plots
from jukinet_sim.report.kept_run import read_kept_run
from jukinet_sim.report.page.levels import share_of_bound
from jukinet_sim.report.page.payload import columns
from jukinet_sim.report.page.texts import say

ROOT = Path(__file__).resolve().parents[3]
MOST_BYTES = 5_000_000
SERVERS = "network.stations.back.servers"


class Read(HTMLParser):
    """The elements of a page, the attributes of each, and the texts in it by element."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {}
        self._open = ""
        self.feed(page)

    # The names of its methods are the base class's.
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: D102
        self.tags.append((tag, dict(attrs)))
        self._open = tag

    def handle_data(self, data: str) -> None:  # noqa: D102
        self.texts.setdefault(self._open, []).append(data)

    @property
    def policy(self) -> str:
        """Its content security policy."""
        found = [attrs["content"] for tag, attrs in self.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
        return str(found[0])


def page_of(folder: Path, out: Path, *options: str) -> str:
    """The page of a run, written by the command."""
    assert main(["report", str(folder), "--out", str(out), "--quiet", *options]) == 0
    return out.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder."""
    return small_run(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def page(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Its page."""
    return page_of(desk, tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a run of a dozen towns."""
    folder = tmp_path_factory.mktemp("nation")
    kept = run(str(ROOT / "scenarios" / "tiny.yaml"), out=folder, replications=3, jobs=1, engine="fast").folder
    assert kept is not None
    return page_of(kept, folder / "report.html")


def test_it_loads_nothing(page: str, nation: str) -> None:
    """No element of a page names an address to fetch, and its policy allows none."""
    for one in (page, nation):
        read = Read(one)
        assert len(one.encode()) < MOST_BYTES
        addresses = [attrs[key] for _, attrs in read.tags for key in ("src", "href", "action", "data") if attrs.get(key)]
        assert all(str(address).startswith(("#", "data:,")) for address in addresses)
        assert "default-src 'none'" in read.policy
        assert "unsafe" not in read.policy


def test_the_policy_names_each_script_and_style(nation: str) -> None:
    """The hash of every script and style in the page is in the policy, and no other."""
    found = re.findall(r"<(script|style)>(.*?)</\1>", nation, re.DOTALL)
    assert [kind for kind, _ in found] == ["style", "script", "script"]
    hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for _, text in found}
    assert set(re.findall(r"'sha256-([^']+)'", Read(nation).policy)) == hashes


def test_nothing_acts_by_an_attribute(nation: str) -> None:
    """No element has an event handler or a style of its own, which the policy would refuse."""
    assert not [name for _, attrs in Read(nation).tags for name in attrs if name.startswith("on") or name == "style"]


def test_the_first_screen(page: str, desk: Path) -> None:
    """The verdict comes first, then what is worst with its value, what limits it with a command, and what is assumed."""
    document = read_kept_run(desk).document
    missed = [level for level in document["slo"] if level["met"] is False]
    glance = page[page.index('id="glance"') : page.index("<nav")]
    assert "1 of 2 service levels missed" in glance
    assert "サービス水準 2 項目中 1 項目が未達" in glance
    assert missed[0]["text"].replace("<", "&lt;") in glance
    used = 100.0 * float(missed[0]["value"]["value"] or 0.0) / 0.10
    assert f"{float(f'{used:.3g}'):g} %" in glance
    assert f"{SERVERS}=2..4" in glance or "network.stations.desk.servers=2..4" in glance
    assert "all of them were set by its author" in glance


def test_both_uncertainties_stand_apart(tmp_path: Path) -> None:
    """Where assumptions were sampled, each service level has its range over them beside chance."""
    scenario = str(ROOT / "scenarios" / "tiny.yaml")
    answer = run(scenario, out=tmp_path / "runs", replications=2, assumptions=2, jobs=1, engine="fast")
    assert answer.folder is not None
    page = page_of(answer.folder, tmp_path / "report.html")
    headline = next(one for one in answer["assumptions"]["headlines"] if one["name"] == "updates.per_event sojourn.p99")
    low, high = (f"{float(f'{headline[end]:.3g}'):g}" for end in ("low", "high"))
    glance = page[page.index('id="glance"') : page.index("<nav")]
    assert f"{low}-{high} s" in glance
    assert "not sampled" not in glance


def test_every_part_is_there(nation: str) -> None:
    """A nation's page has all parts that its scenario has something to say in, in the order in which a planner reads."""
    ids = [attrs.get("id") for tag, attrs in Read(nation).tags if tag == "section"]
    assert ids == [
        "glance", "where", "when", "latency", "limits", "measures", "flows", "stations", "people", "guards", "check",
        "convergence", "assumptions", "manifest",
    ]  # fmt: skip


def test_the_manifest_repeats_the_run(page: str, desk: Path) -> None:
    """It has hash, seed and fingerprint, and commands that repeat the run and compare every number."""
    document = read_kept_run(desk).document
    manifest = page[page.index('<section id="manifest"') :]
    for text in (document["hash"], document["fingerprint"], "--seed 3 --replications 3 --fresh", f"jukinet rerun {desk}"):
        assert text in manifest


def test_figures_with_their_reasons(nation: str) -> None:
    """Every figure stands there with its source and its range."""
    assert "juki_net.prefecture.hsm.per_operation" in nation
    assert "500 private-key operations a second; published for such modules: 300 to 1,000" in nation
    assert "1 ms to 3.3 ms" in nation


def test_charts_come_with_their_data(desk: Path, page: str) -> None:
    """Each chart has its rows, to seven digits, and a specification in both languages without them."""
    holder = re.search(r'<script type="application/json" id="payload">(.*?)</script>', page, re.DOTALL)
    assert holder
    plots = json.loads(holder.group(1))["plots"]
    for plot in run_plots(read_kept_run(desk)):
        found = plots[plot.name]
        assert rows_of(found["columns"]) == plot.data()
        assert set(found["spec"]) == {"en", "ja"}
        assert "rows" not in found["spec"]["en"].get("datasets", {})


def rows_of(held: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows as the page makes them of columns."""
    whole = {key: one if isinstance(one, list) else [one["words"][code] for code in one["codes"]] for key, one in held.items()}
    return [dict(zip(whole, values, strict=True)) for values in zip(*whole.values(), strict=True)]


def test_columns_keep_rows_as_they_are() -> None:
    """Texts that repeat become numbers and come back; numbers stay as they are."""
    rows = [{"part": "desk" if n % 2 else "back", "at": float(n), "where": None} for n in range(10)]
    held = columns(rows)
    assert held["part"] == {"words": ["back", "desk"], "codes": [n % 2 for n in range(10)]}
    assert rows_of(dict(held)) == rows


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_language_to_begin_with(desk: Path, tmp_path: Path, language: str) -> None:
    """Both languages are in every page; which one is shown first can be chosen."""
    page = page_of(desk, tmp_path / "report.html", "--lang", language)
    assert f'<html lang="{language}" data-lang="{language}"' in page
    assert '<span lang="en">Service levels</span><span lang="ja">サービス水準</span>' in page


def test_where_it_is_written(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a name it is report.html of the run folder, whose path is the last line."""
    assert main(["report", str(desk)]) == 0
    assert capsys.readouterr().out.strip() == str(desk / "report.html")
    (desk / "report.html").unlink()


@pytest.mark.parametrize("verb", ["compare", "sweep", "size"])
def test_experiments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str) -> None:
    """The page of an experiment says its answer first and has its tables."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "desk.yaml").write_text(SCENARIO.replace("below: 10 %", "below: 99 %"))
    asked: dict[str, Any] = {
        "compare": lambda: compare("desk.yaml", with_=[{SERVERS: 3}], jobs=1),
        "sweep": lambda: sweep("desk.yaml", vary={SERVERS: [2, 3]}, jobs=1),
        "size": lambda: size("desk.yaml", vary={SERVERS: (1, 3)}, slack=False, jobs=1),
    }
    answer = asked[verb]()
    page = page_of(answer.folder, tmp_path / "report.html")
    said = {
        "compare": "figures are more", "sweep": "2 of 2 points meet every service level", "size": f"Answer: {SERVERS} =",
    }  # fmt: skip
    assert said[verb] in page[: page.index("<nav")]
    assert page.count("<table") >= 2
    assert "vegaEmbed" not in page[: page.index("<body")]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of a run in which every text means harm."""
    return hostile_page(tmp_path_factory.mktemp("hostile"))


def test_hostile_names_are_text(hostile: str) -> None:
    """Names make no element, no attribute, no script and no end of one; nothing is filled in and nothing is invisible."""
    read = Read(hostile)
    kinds = [tag for tag, _ in read.tags]
    assert kinds.count("script") == 3
    assert not {"img", "svg", "iframe", "object"} & set(kinds)
    assert not [name for _, attrs in read.tags for name in attrs if name.startswith("on")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hostile
    assert "{{7*7}}" in hostile
    body = hostile[hostile.index("<body>") :]
    assert not re.search("[\u202a-\u202e\x1b]", body)
    assert "\\u202egnp.exe" in body


def test_hostile_names_do_not_end_the_data(hostile: str) -> None:
    """The data of charts has no character that ends its element, and is what it was."""
    holder = re.search(r'id="payload">(.*?)</script>', hostile, re.DOTALL)
    assert holder
    assert not set(holder.group(1)) & set("<>&\u2028\u2029")
    words = {word for row in rows_of(json.loads(holder.group(1))["plots"]["map"]["columns"]) for word in row.values()}
    assert HOSTILE[0] in words


def test_messages_escape_their_values() -> None:
    """A value is escaped in both languages, and its braces are no placeholders."""
    said = str(say("worst.nearest", level="<b>{value}</b>", value="1", used="2 %"))
    assert said.count("&lt;b&gt;{value}&lt;/b&gt;") == 2


def test_share_of_a_bound() -> None:
    """An upper bound is used up by value / bound, a lower one by bound / value; a bound of 0 has no share."""
    below = Slo.model_validate({"flow": "f", "metric": "sojourn.p95", "below": "4 s"})
    above = Slo.model_validate({"station": "s", "metric": "availability", "above": "80 %"})
    none = Slo.model_validate({"flow": "f", "metric": "lost", "below": "0"})
    assert share_of_bound(3.0, below) == 0.75
    assert share_of_bound(1.0, above) == pytest.approx(0.8)
    assert share_of_bound(1.0, none) is None
    assert share_of_bound(None, below) is None
