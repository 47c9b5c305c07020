"""Pages in headless Chromium, from disk and without the network: every chart is drawn, nothing is fetched, no name acts.

Skipped, with the reason, where there is no Chromium or no Playwright to drive it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from exported_run import HOSTILE, small_run
from hostile_page import hostile_page

from jukinet_sim import run, sweep
from jukinet_sim.cli.app import main

ROOT = Path(__file__).resolve().parents[3]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WAIT_MS = 60_000
DRAWN = "language => [...document.querySelectorAll('.plot')].every(e => e.dataset.drawn === language)"


def _browser() -> str:
    """The path of a browser. Skips where there is none."""
    pytest.importorskip("playwright", reason="playwright is not installed, so that no browser can be driven")
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed, so that pages are not opened in a browser")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    path = _browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


class Opened:
    """A page from disk in a browser that is off line, with what it said and what it asked for."""

    def __init__(self, browser: Any, file: Path, **options: Any) -> None:
        self.context = browser.new_context(offline=True, accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: (self.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(file.as_uri())

    def drawn(self, language: str) -> dict[str, int]:
        """How many shapes and texts each chart has, once all are drawn in a language."""
        self.page.wait_for_function(DRAWN, arg=language, timeout=WAIT_MS)
        count = "e => [e.dataset.plot, e.querySelectorAll('svg path, svg text').length]"
        return dict(self.page.evaluate(f"[...document.querySelectorAll('.plot')].map({count})"))

    def close(self) -> None:
        """Close the page."""
        self.context.close()


@pytest.fixture(scope="module")
def nation(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run of a dozen towns, with every chart that there is."""
    folder = tmp_path_factory.mktemp("browser")
    kept = run(str(ROOT / "scenarios" / "tiny.yaml"), out=folder, replications=3, jobs=1, engine="fast").folder
    assert main(["report", str(kept), "--out", str(folder / "report.html"), "--quiet"]) == 0
    return folder / "report.html"


def test_all_charts_are_drawn_in_both_languages(browser: Any, nation: Path) -> None:
    """Nothing is said on the console and nothing is asked for but the file, before and after the language is switched."""
    opened = Opened(browser, nation)
    english = opened.drawn("en")
    assert opened.page.locator("h2:visible").first.inner_text() == "What is worst"
    opened.page.click("#language")
    japanese = opened.drawn("ja")
    assert opened.page.locator("h2:visible").first.inner_text() == "最も厳しい点"
    assert set(english) == {"map", "flow-series", "station-series", "heat", "busiest", "latency", "convergence"}
    assert min(english.values()) >= 8
    assert english == japanese
    assert opened.said == []
    assert opened.asked == [nation.as_uri()]
    opened.close()


def test_light_and_dark(browser: Any, nation: Path) -> None:
    """A page follows the system until its button is pressed."""
    opened = Opened(browser, nation, color_scheme="dark")
    colour = "getComputedStyle(document.body).backgroundColor"
    assert opened.page.evaluate(colour) == "rgb(22, 25, 30)"
    opened.page.click("#theme")
    assert opened.page.evaluate(colour) == "rgb(255, 255, 255)"
    opened.close()


def test_a_chart_shows_what_is_picked(browser: Any, nation: Path) -> None:
    """Another part is drawn when it is picked, and stays picked in the other language."""
    opened = Opened(browser, nation)
    opened.drawn("en")
    chosen = opened.page.locator("[data-plot=station-series] select")
    chosen.select_option("cs")
    opened.page.click("#language")
    opened.drawn("ja")
    assert opened.page.locator("[data-plot=station-series] select").input_value() == "cs"
    assert opened.said == []
    opened.close()


def test_data_are_downloaded(browser: Any, nation: Path, tmp_path: Path) -> None:
    """The button below a chart gives its rows as a CSV file, made in the page."""
    opened = Opened(browser, nation)
    opened.drawn("en")
    with opened.page.expect_download(timeout=WAIT_MS) as download:
        opened.page.click("button[data-of=latency]")
    download.value.save_as(tmp_path / "latency.csv")
    lines = (tmp_path / "latency.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "flow,point,value_s,half_width_s"
    assert any(line.startswith("updates.per_event,p99,") for line in lines)
    opened.close()


def test_it_prints_on_a4(browser: Any, nation: Path) -> None:
    """Printed, nothing is wider than the paper, and what is folded is open."""
    opened = Opened(browser, nation)
    opened.drawn("en")
    opened.page.emulate_media(media="print")
    opened.page.set_viewport_size({"width": 688, "height": 1000})  # 210 mm less two margins of 14 mm, at 96 to the inch
    opened.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert opened.page.evaluate("[...document.querySelectorAll('details')].every(e => e.open)")
    assert opened.page.evaluate("[...document.querySelectorAll('svg')].every(e => e.getBoundingClientRect().right <= 690)")
    opened.close()


def test_hostile_names_do_nothing(browser: Any, tmp_path: Path) -> None:
    """A page full of them opens without a dialog, an error or a request, and shows them as they are written."""
    file = tmp_path / "hostile.html"
    file.write_text(hostile_page(tmp_path), encoding="utf-8")
    opened = Opened(browser, file)
    opened.drawn("en")
    opened.page.click("#language")
    opened.drawn("ja")
    title = opened.page.locator("h1").inner_text()
    assert HOSTILE[0] in title
    assert HOSTILE[2] in title
    assert "\u202e" not in title
    assert opened.said == []
    assert opened.asked == [file.as_uri()]
    opened.close()


def test_a_page_without_charts(browser: Any, tmp_path: Path) -> None:
    """A page of tables alone works as well: its buttons do what they say."""
    small_run(tmp_path)
    answer = sweep(str(tmp_path / "desk.yaml"), vary={"network.stations.back.servers": [2, 3]}, out=tmp_path / "runs", jobs=1)
    assert main(["report", str(answer.folder), "--out", str(tmp_path / "sweep.html"), "--quiet", "--lang", "ja"]) == 0
    opened = Opened(browser, tmp_path / "sweep.html")
    assert opened.page.locator("section#tables h2:visible").inner_text() == "表"
    opened.page.click("#language")
    assert opened.page.locator("section#tables h2:visible").inner_text() == "Tables"
    assert opened.said == []
    opened.close()
