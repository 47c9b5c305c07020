"""What the tests of exports and reports share: a small run with all that can be kept, and names that mean harm."""

from __future__ import annotations

from pathlib import Path

from jukinet_sim import run

HOSTILE = (
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "{{7*7}}", "\u202egnp.exe", "=cmd|' /C calc'!A0",
    "../../x", "\x1b[31mred\x1b[0m", "'\"><svg/onload=alert(1)>",
)  # fmt: skip
"""Texts that act where they are not taken as texts: in pages, templates, terminals, spreadsheets and paths."""

SCENARIO = """
scenario: desk
title: A desk in two towns
run: {horizon: 400 s, warm_up: 20 s, replications: 3, seed: 3, engine: fast, records: visits, series: 50 s}
network:
  places: {town: {count: 2}}
  stations:
    desk: {servers: 2, capacity: 3, per: town}
    back: {servers: 2}
  pools:
    tray: {tokens: 3}
  flows:
    visitor:
      origin: town
      arrivals: {poisson: 1.2 /s}
      due: 3 s
      route:
        - {visit: desk, at: origin, demand: {exponential: 1 s}}
        - {acquire: tray}
        - {visit: back, demand: {exponential: 500 ms}, label: file}
        - {release: tray}
measures:
  yen: {unit: yen, sum: [{station: back, metric: busy_hours, times: 1000}]}
slo:
  - {flow: visitor, metric: sojourn.p95, below: 4 s}
  - {station: desk, metric: utilisation, window: busiest 50 s, place: worst, below: 10 %}
"""


def small_run(folder: Path, text: str = SCENARIO) -> Path:
    """Run a scenario below a folder and return the run's own folder."""
    file = folder / "desk.yaml"
    file.write_text(text, encoding="utf-8")
    kept = run(str(file), out=folder / "runs", jobs=1).folder
    assert kept is not None
    return kept
