"""`verify`: coverage and bias judged from values, second chances, the document, the table and the exit code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jukinet_sim.base.errors import UsageError
from jukinet_sim.cli.app import main
from jukinet_sim.verify import battery, bias, coverage, size
from jukinet_sim.verify.battery import Order, make_order, run_battery
from jukinet_sim.verify.catalogue import catalogue
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.replicas import Laws, Row, Task, run_tasks
from jukinet_sim.verify.size import SIZES, Size
from jukinet_sim.verify.workers import Workers, workers

POINT = catalogue()["M/G/1 constant, rho 0.8"]
SMALL = Size(40, 5, 0.02, 0.02, 0.5, 2, 500, 4, 4)
BOUNDS = (30, 40)
THEORY = POINT.figures[0].theory


def rows(count: int, mean: float, deviation: float) -> list[Row]:
    """Make values of the point's one figure."""
    return [(value,) for value in np.random.default_rng(1).normal(mean, deviation, count).tolist()]


def task(count: int = 200) -> Task:
    """Make a task of the point."""
    return Task(POINT, 0, count, SMALL.observed, SMALL.warm_up)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every size tiny."""
    for key in SIZES:
        monkeypatch.setitem(size.SIZES, key, SMALL)


def covered(mean: float) -> Claim:
    """Judge the coverage of values around a mean."""
    return coverage.coverage_claims(task(), rows(200, mean, 0.3), SMALL, "fast", 1, BOUNDS)[0]


def test_right_intervals_cover() -> None:
    """Normal values around theory are covered in about 95 of 100 sets, and the claim states how it was reached."""
    claim = covered(THEORY)
    assert claim.holds
    assert 34 <= claim.details["covered"] <= 40
    assert claim.details["accepted"] == [30, 40]
    assert claim.details["horizon_s"] - claim.details["warm_up_s"] == pytest.approx(POINT.observed_s * SMALL.observed)


def test_a_biased_figure_is_not_covered() -> None:
    """Values whose mean is one deviation off are covered too rarely."""
    assert not covered(THEORY + 0.3).holds


def test_a_horizon_that_is_too_short_is_found() -> None:
    """A bias of half a half-width fails even where the count is within its bounds."""
    claim = covered(THEORY + 0.5 * 2.776 * 0.3 / 5**0.5)
    assert claim.details["within_bounds"]
    assert not claim.holds


@pytest.mark.parametrize(("errors", "holds"), [(0.0, True), (3.0, True), (3.6, False)])
def test_distance_from_theory(errors: float, holds: bool) -> None:
    """A mean is accepted up to 3.29 standard errors away from theory."""
    values = np.array([row[0] for row in rows(100, 0.0, 1.0)], dtype=np.float64)
    values = (values - values.mean()) / values.std(ddof=1) * 0.1
    found = bias.bias_claims(task(100), [(v,) for v in (THEORY + errors * 0.01 + values).tolist()], SMALL, "fast", 1)[0]
    assert found.details["z"] == pytest.approx(errors)
    assert found.holds is holds


def test_an_imprecise_mean_proves_nothing() -> None:
    """A mean that is not known to the stated precision fails although it is near."""
    found = bias.bias_claims(task(20), rows(20, THEORY, 3.0), replace(SMALL, half_width=0.01), "fast", 1)[0]
    assert found.details["near"]
    assert not found.holds


def test_the_bias_run_is_planned() -> None:
    """Replications get longer until the forecast half-width is the allowed one, and follow those already used."""
    planned = bias.bias_task(task(), rows(200, THEORY, 0.4), replace(SMALL, half_width=0.01))
    assert (planned.first, planned.count) == (200, bias.REPLICATIONS)
    half = 1.96 * 0.4 / (planned.count * planned.observed / SMALL.observed) ** 0.5
    assert half == pytest.approx(0.01 * THEORY / 1.4**0.5, rel=0.15)


def test_processes_change_nothing() -> None:
    """Rows and laws are the same whatever the number of processes."""
    found = []
    for jobs in (1, 2):
        laws = Laws()
        with workers(jobs) as pool:
            found.append(
                ([r for _, r in run_tasks([task(12)], "reference", 1, pool, laws)], laws.worst, laws.runs, laws.events)
            )
    assert found[0] == found[1]
    assert found[0][2] == 12


def test_a_second_seed_decides(monkeypatch: pytest.MonkeyPatch, tiny: None) -> None:
    """What fails under the first seed is judged anew under the second; what fails under both fails."""
    asked: list[int] = []

    def claims(_: object, points: list[Any], seed: int) -> Iterator[Claim]:
        asked.append(seed)
        yield Claim("coverage", POINT.family, POINT.label, "unlucky", seed == 8, "fast")
        yield Claim("bias", POINT.family, POINT.label, "wrong", False, "fast")
        yield Claim("bias", POINT.family, POINT.label, "right", True, "fast")

    monkeypatch.setattr(battery._Judge, "claims", claims)
    order = Order("quick", "fast", 7, frozenset({"M/G/1"}))
    found = {claim.subject: claim for claim in run_battery(order, Workers(), lambda _: None)}
    assert asked == [7, 8]
    assert {name: (claim.holds, claim.retested) for name, claim in found.items()} == {
        "right": (True, False), "unlucky": (True, True), "wrong": (False, True),
    }  # fmt: skip


def test_unknown_family() -> None:
    """A family that does not exist is told with those that do; case does not matter."""
    with pytest.raises(UsageError, match="M/M/1"):
        make_order("quick", "fast", 1, ["M/M/7"])
    assert make_order("quick", "fast", 1, ["m/m/1", "Twins"]).only == {"M/M/1", "twins"}


def test_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], tiny: None) -> None:
    """The command writes the document and the table, and leaves by 0 exactly where every claim holds."""
    out, table = tmp_path / "v.json", tmp_path / "v.md"
    call = ["verify", "--jobs", "1", "--engine", "fast", "--only", "M/D/c", "--only", "random-numbers", "--seed", "4"]
    code = main([*call, "--out", str(out), "--markdown", str(table), "--json"])
    shown = capsys.readouterr()
    document = json.loads(out.read_text())
    assert json.loads(shown.out) == document
    assert code == (0 if document["holds"] else 3)
    assert {claim["kind"] for claim in document["claims"]} == {"coverage", "bias", "random numbers", "identities"}
    assert {"seed", "retest_seed", "rule_version", "versions", "size", "engine"} <= document.keys()
    assert table.read_text().count("M/D/c") == 1
    assert "coverage of M/D/c lam 1.6, c 2" in shown.err


def test_a_failed_claim(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """One claim that fails makes exit 3, named on stderr, in the document and below the table."""
    claims = [
        Claim("determinism", "same bits", "by day", "digests", True, "fast"),
        Claim("twins", "networks", "two", "bits", False),
    ]
    different = [{"number": 1, "differences": ["events"]}]
    twins = {"networks": 2, "events": 9, "networks_with": {"fifo": 2, "ps": 0}, "different": different}
    monkeypatch.setattr(battery, "run_battery", lambda *_: [claims[0], replace(claims[1], details=twins)])
    assert main(["verify", "--jobs", "1", "--out", str(tmp_path / "v.json")]) == 3
    shown = capsys.readouterr()
    assert "fails: twins, networks, two, bits" in shown.err
    assert "Failed: twins, networks, two, bits." in shown.out
    assert "2 networks, 9 events, 1 of 2 features | 1 differ" in shown.out
    assert json.loads((tmp_path / "v.json").read_text())["failed"] == ["twins, networks, two, bits"]
