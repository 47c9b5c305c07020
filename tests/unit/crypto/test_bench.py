"""Timing: laws found again in made-up times, figures by hand, and real runs too short to say more than that they are right."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise

import numpy as np
import pytest

from jukinet_sim.base.errors import CheckFailed, UsageError
from jukinet_sim.crypto.bench.binding import NONE, is_bulk, kind_of
from jukinet_sim.crypto.bench.document import bench_document
from jukinet_sim.crypto.bench.explain import explain_by_card, explain_measured, repeatable
from jukinet_sim.crypto.bench.figures import figures, noise, quantile, ratio
from jukinet_sim.crypto.bench.fit import fitted, fitted_tries
from jukinet_sim.crypto.bench.measured import measured_card
from jukinet_sim.crypto.bench.points import points_of, thinned
from jukinet_sim.crypto.bench.rounds import LEAST_RANDOM, Timed, shuffled, time_rounds
from jukinet_sim.crypto.bench.run import bench
from jukinet_sim.crypto.bench.trial import Trial, nothing
from jukinet_sim.crypto.bench.trials import trial
from jukinet_sim.crypto.cards import card
from jukinet_sim.crypto.costs.card import every_step
from jukinet_sim.crypto.exchanges import Batch, Certificate, Message, Session
from jukinet_sim.crypto.running.rig import KeyRing, Rig
from jukinet_sim.crypto.suites import suite, suites


def test_line_found_again() -> None:
    """A constant and a slope are found again exactly where times are a line; binding is taken out of the constant."""
    cost = fitted([(n, 3e-6 + 2e-9 * n) for n in (64, 2048, 65_536)], 1e-6, "made up")
    assert cost.base_s == pytest.approx(2e-6, rel=1e-9)
    assert cost.per_byte_s == pytest.approx(2e-9, rel=1e-9)
    assert cost.binding_s == 1e-6
    assert cost.mean_s(100, binding=True) == pytest.approx(3e-6 + 2e-7, rel=1e-9)


def test_line_as_least_squares() -> None:
    """With scatter the line is the one of weighted least squares, here computed by another program."""
    sizes, seconds = np.array([64, 2048, 16_384, 65_536]), np.array([2.1e-6, 5.9e-6, 36e-6, 134e-6])
    slope, base = np.polyfit(sizes, seconds, 1, w=1.0 / seconds)
    cost = fitted(list(zip(sizes.tolist(), seconds.tolist(), strict=True)), 0.0, "made up")
    assert (cost.base_s, cost.per_byte_s) == (pytest.approx(base, rel=1e-9), pytest.approx(slope, rel=1e-9))


def test_no_negative_costs() -> None:
    """Neither a falling line nor one through a negative constant makes a cost below 0, nor does a binding above all."""
    falling = fitted([(10, 2e-6), (1000, 1.9e-6)], 0.0, "made up")
    assert falling.per_byte_s == 0.0
    assert 1.9e-6 < falling.base_s < 2e-6
    steep = fitted([(10, 1e-9), (1000, 1e-6)], 0.0, "made up")
    assert steep.base_s == 0.0
    assert steep.per_byte_s > 0.0
    free = fitted([(0, 1e-6)], 5e-6, "made up")
    assert free.mean_s() == 1e-6


def test_tries_found_again() -> None:
    """First try and further ones are found again in geometric times, drawn here from their quantiles; noise is divided out."""
    mean_tries, a, g, calls = 5.1, 300e-6, 130e-6, 5000
    uniform = (np.arange(calls) + 0.5) / calls
    tries = np.ceil(np.log1p(-uniform) / math.log1p(-1.0 / mean_tries))
    seconds = a + g * (tries - 1)
    for best, factor in ((True, 1.0), (False, 1.0), (False, 1.25)):
        cost = fitted_tries(
            Timed(tuple(seconds)), mean_tries, factor if best else 1.0, 1e-6, "made up", best=best
        )
        assert cost.base_s + cost.binding_s == pytest.approx(a, rel=1e-9)
        assert cost.geometric_s == pytest.approx(g, rel=0.01)
    noisy = np.where(np.arange(calls) % 2 == 0, seconds, 1.5 * seconds)
    cost = fitted_tries(Timed(tuple(noisy)), mean_tries, 1.25, 0.0, "made up", best=True)
    assert cost.mean_s() == pytest.approx(a + g * (mean_tries - 1), rel=0.02)


def test_figures_by_another_program() -> None:
    """Quartiles are those of numpy, the mean that of the standard library."""
    values = tuple(float(x) for x in (3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5))
    found = figures(Timed(values))
    assert (found.first_quartile_s, found.median_s, found.third_quartile_s) == tuple(np.quantile(values, (0.25, 0.5, 0.75)))
    assert found.mean_s == pytest.approx(statistics.mean(values))
    assert (found.best_s, found.samples, found.iqr_s) == (1.0, 11, found.third_quartile_s - found.first_quartile_s)
    assert quantile([2.0], 0.7) == 2.0


@pytest.mark.parametrize(("median", "grade"), [(1.0, "quiet"), (1.05, "fair"), (1.2, "noisy"), (2.0, "useless")])
def test_grades(median: float, grade: str) -> None:
    """The gauge's median over its best grades a run."""
    assert noise(Timed((1.0, median, median))) == (median, grade)


def test_ratios() -> None:
    """Equal times are not apart, times that differ by a fifth are; what disturbs whole rounds cancels out."""
    wave = [1.0 + 0.3 * math.sin(k) for k in range(200)]
    same = ratio(Timed(tuple(wave)), Timed(tuple(reversed(wave))))
    assert not same.apart
    slower = ratio(Timed(tuple(1.2 * x for x in wave)), Timed(tuple(wave)))
    assert slower.apart
    assert (slower.value, slower.low, slower.high) == pytest.approx((1.2, 1.2, 1.2))
    tail = [1.0] * 150 + [11.0] * 50
    assert ratio(Timed(tuple(tail)), Timed((1.0,) * 200)).value == 1.0
    assert ratio(Timed(tuple(tail)), Timed((1.0,) * 200), means=True).value == pytest.approx((150 + 550) / 200)


def test_intervals_cover() -> None:
    """A bootstrap interval of 95 % holds a true ratio of 1 about that often: 60 pairs of made-up samples."""
    generator = np.random.default_rng(2014)
    held = sum(
        not ratio(Timed(tuple(generator.lognormal(0, 0.1, 40))), Timed(tuple(generator.lognormal(0, 0.1, 41)))).apart
        for _ in range(60)
    )
    assert held >= 52  # a binomial count of 60 at 0.95 is below this once in 200


def test_each_round_has_its_order() -> None:
    """Each round takes all trials, in an order of its own that is the same in every run."""
    orders = [shuffled(50, turn) for turn in range(20)]
    assert all(sorted(order) == list(range(50)) for order in orders)
    assert len({tuple(order) for order in orders}) == 20
    assert orders[3] == shuffled(50, 3)
    assert all(one != other for one, other in pairwise(orders))


def test_rounds_interleave() -> None:
    """No trial runs ahead of the others, what is random has its calls, and preparing is not timed."""
    seen: list[str] = []
    made: list[int] = []

    def slow() -> None:
        made.append(sum(range(2_000)))

    trials = {
        "a": Trial(nothing, lambda _: seen.append("a")),
        "random": Trial(nothing, lambda _: seen.append("random")),
        "prepared": Trial(slow, lambda _: seen.append("prepared")),
    }
    found, rounds = time_rounds(trials, ["random"], 0.2, None)
    assert rounds.rounds >= 5
    assert len(found["random"].seconds) >= LEAST_RANDOM
    assert abs(len(found["a"].seconds) - len(found["prepared"].seconds)) <= 1
    assert figures(found["prepared"]).best_s < 5e-6
    single, _ = time_rounds({"a": trials["a"]}, [], 0.05, None, single=True)
    assert len(single["a"].seconds) >= 20


@pytest.mark.parametrize("name", [one.name for one in suites()])
def test_every_operation_can_be_timed(name: str, ring: KeyRing) -> None:
    """Every operation of every exchange is a trial that can be carried out again and again."""
    rig = Rig(suite(name), ring)
    for step in {(step.operation, min(step.size, 70_000)) for step in every_step(suite(name))}:
        made = trial(rig, *step)
        for _ in range(2):
            made.act(made.prepare())
    with pytest.raises(UsageError, match=r"has no operation rsa-512\.sign"):
        trial(rig, "rsa-512.sign", 0)


def test_points() -> None:
    """Each operation is timed at three sizes at most, bulk data at two at least."""
    points = thinned(points_of(suite("next")))
    sizes = {name: [size for other, size in points if other == name] for name, _ in points}
    assert max(map(len, sizes.values())) == 3
    assert all(len(found) >= 2 for name, found in sizes.items() if is_bulk(name))
    assert is_bulk("hmac-sha384.compute")
    assert not is_bulk("hkdf-sha384.derive")
    assert (kind_of("x509.load"), kind_of("ed25519.load")) == (NONE, NONE)


def test_a_short_bench(ring: KeyRing) -> None:
    """A bench of two suites has figures for every point, ratios to the first, exact bytes; its card has every operation."""
    wanted = [suite("p256-aes128gcm"), suite("x25519-ed25519-chacha")]
    points = thinned([point for one in wanted for point in points_of(one)])
    told: list[str] = []
    done = bench(wanted, points, (Session(), Message(512)), 0.5, told.append)
    shown = bench_document(done)
    assert [one["suite"] for one in shown["exchanges"]] == [wanted[0].name] * 2 + [wanted[1].name] * 2
    assert [one["ratio"] is None for one in shown["exchanges"]] == [True, True, False, False]
    assert sum(flight["most_bytes"] for flight in shown["exchanges"][0]["wire_bytes"]) == sum(
        flight.most_bytes for flight in wanted[0].wire(Session())
    )
    assert {(one["operation"], one["size_bytes"]) for one in shown["operations"]} == set(points)
    assert all(0.0 < one["time_s"]["best"] <= one["time_s"]["median"] for one in shown["operations"])
    found = measured_card(done)
    assert found.name == "this-host"
    assert [found.missing(one) for one in wanted] == [(), ()]
    assert "median of" in found.cost("ed25519.sign").source
    assert len(told) == 2


def test_nothing_wrong_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A suite that is not right, cannot be carried out here, or has no time is not timed."""
    from dataclasses import replace

    from jukinet_sim.crypto.bench import run
    from jukinet_sim.crypto.conforming.finding import Finding

    one = suite("p256-aes128gcm")
    with pytest.raises(UsageError, match="too few to time anything"):
        bench([one], [], [], 0.0)
    proved = run.conformance(one)
    monkeypatch.setattr(run, "conformance", lambda *_: replace(proved, findings=(Finding("2 is 3", False),)))
    with pytest.raises(CheckFailed, match="its speed means nothing: 2 is 3"):
        bench([one], [], [], 1.0)
    monkeypatch.setattr(run, "conformance", lambda *_: replace(proved, cost_card_only="no library"))
    with pytest.raises(UsageError, match="can only be planned with here: no library; leave it out"):
        bench([one], [], [], 1.0)


def test_explained() -> None:
    """The rows of an exchange add up to its total, and the total is near to what it takes as a whole."""
    shown = explain_measured(suite("target"), Message(2048), 0.5)
    assert shown["total_s"] == pytest.approx(sum(row["total_s"] for row in shown["steps"]))
    assert shown["total_s"] == pytest.approx(sum(shown["sides_s"].values()))
    # Bound loosely: other work on the machine disturbs one or the other. Alone it is within 15 %.
    assert 0.5 < shown["explained_share"] < 2.0
    assert shown["carried_out"] is None


def test_explained_by_card() -> None:
    """By a card the total is that of the card, for batches of any size, and nothing is carried out."""
    one, batch = suite("target"), Batch(36_000_000, 1024)
    shown = explain_by_card(one, batch, card("xeon-2012"))
    assert shown["total_s"] == pytest.approx(card("xeon-2012").total_s(one.steps(batch)))
    assert shown["measured_s"] is None
    with pytest.raises(UsageError, match="hsm-2012"):
        explain_by_card(one, batch, card("hsm-2012"))


def test_repeatable() -> None:
    """What takes too long to be repeated is cut down; everything else stays."""
    assert repeatable(Batch(100_000, 1024)) == Batch(50, 1024)
    assert repeatable(Batch(100_000, 1024, "file")) == Batch(1024, 1024, "file")
    assert repeatable(Batch(3, 0, "file")) == Batch(3, 0, "file")
    assert repeatable(Certificate("crl", 10**6)) == Certificate("crl", 10_000)
    assert repeatable(Session()) == Session()
