"""The pages of the server in headless Chromium: a scenario is edited, mended, run and watched, and its report opened.

Skipped, with the reason, where there is no Chromium or no Playwright to drive it.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

ROOT = Path(__file__).resolve().parents[3]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WAIT_MS, LIFETIME_S = 60_000, 300
SCENARIO = """scenario: office
title: Two counters
run: {horizon: 2000 s, warm_up: 100 s, replications: 5, seed: 1, engine: fast}
network:
  stations:
    counter: {servers: 2}
  flows:
    people:
      arrivals: {poisson: 1 /s}
      route:
        - {visit: counter, demand: {exponential: 1 s}}
slo:
  - {flow: people, metric: wait.p95, below: 10 s}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium."""
    pytest.importorskip("playwright", reason="playwright is not installed, so that no browser can be driven")
    path = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if path is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed, so that pages are not opened in a browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server listens, on loopback, that serves a folder with a scenario."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "office.yaml").write_text(SCENARIO)
    command = [sys.executable, "-m", "jukinet_sim", "serve", "--port", "0", "--out", str(folder / "runs"), str(folder)]
    process = subprocess.Popen(
        ["timeout", str(LIFETIME_S), *command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdout.close()
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Seen:
    """A page with what it said on the console and what it asked for elsewhere."""

    def __init__(self, browser: Any, address: str, **options: Any) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.page.on("request", lambda request: None if request.url.startswith(address) else self.asked(request.url))
        self.page.goto(address)

    def asked(self, url: str) -> None:
        """Take note of an address that is not the server's."""
        if not url.startswith("data:"):
            self.elsewhere.append(url)


@pytest.mark.parametrize(("language", "theme"), [("en", "light"), ("ja", "dark")])
def test_a_scenario_is_edited_mended_run_watched_and_reported(
    browser: Any, address: str, language: str, theme: str, tmp_path: Path
) -> None:
    """From the list to the report, without a word on the console and without a request to anywhere else."""
    seen = Seen(browser, address, color_scheme=theme)
    page = seen.page
    if language == "ja":
        page.click("#language")
        assert page.inner_text("h1") == "シナリオと実行"
    shots = Path(os.environ.get("JUKINET_SCREENSHOTS", tmp_path))
    page.screenshot(path=shots / f"home-{language}.png")
    page.click("text=office.yaml")
    page.wait_for_selector("#verdict.good", timeout=WAIT_MS)
    text = page.locator("#text")
    wrong = re.sub(r"servers: \d", "servers: two", text.input_value())
    text.fill(wrong)
    page.wait_for_selector("#verdict.bad", timeout=WAIT_MS)
    assert "6" in page.inner_text("#faults li button")
    assert page.inner_text("#lines b").strip() == "6"
    page.screenshot(path=shots / f"edit-{language}.png")
    page.click("#faults li button")
    assert page.evaluate("document.activeElement.id") == "text"
    text.fill(wrong.replace("servers: two", f"servers: {3 if language == 'en' else 4}"))
    page.wait_for_selector("#verdict.good", timeout=WAIT_MS)
    page.click("#run")
    assert page.inner_text("#run-error") != ""
    page.click("#save")
    page.fill("#seed", "7" if language == "en" else "8")
    page.click("#run")
    page.wait_for_url(re.compile("/job/"), timeout=WAIT_MS)
    page.wait_for_selector("#report", timeout=WAIT_MS)
    page.wait_for_selector("#settles svg", timeout=WAIT_MS)
    assert page.inner_text("#notes .badge") == ("met" if language == "en" else "達成")
    page.wait_for_selector(f"#settles p:has-text('{'1 to 5;' if language == 'en' else '1～5 回'}')", timeout=WAIT_MS)
    page.screenshot(path=shots / f"job-{language}.png")
    page.click("#report")
    page.wait_for_selector(".verdict", timeout=WAIT_MS)
    page.wait_for_function("() => [...document.querySelectorAll('.plot')].every(e => e.dataset.drawn)", timeout=WAIT_MS)
    page.goto(address)
    page.wait_for_selector("#runs")
    page.click("text=Guide" if language == "en" else "text=ガイド")
    page.wait_for_selector(".guide aside a")
    assert seen.said == []
    assert seen.elsewhere == []
    seen.context.close()


def test_two_runs_are_compared(browser: Any, address: str) -> None:
    """Two boxes in the list make the button work; runs of other seeds are no pairs, which is said."""
    for seed in (11, 12):
        given = {"file": "office.yaml", "in": "", "seed": seed}
        job = httpx2.post(f"{address}api/run", json=given, headers={"X-Jukinet": "1"}, timeout=60.0).json()["job"]
        assert '"finished"' in httpx2.get(f"{address}job/{job}/events", timeout=60.0).text
    seen = Seen(browser, address)
    seen.page.wait_for_selector(".chosen")
    boxes = seen.page.locator(".chosen")
    assert boxes.count() >= 2
    assert seen.page.is_disabled("#compare")
    for number in range(2):
        boxes.nth(number).check()
    seen.page.click("#compare")
    seen.page.wait_for_selector(".warning", timeout=WAIT_MS)
    assert "same seed" in seen.page.inner_text(".warning")
    assert "run.seed" in seen.page.inner_text("main")
    seen.context.close()
