"""Service demands from utilisations and throughputs: exact ones come out, intervals cover, guesses are refused."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.fitting.utilisation_law import Demand, StationDemands, service_demands

Floats = NDArray[np.float64]
FLOWS = ("query", "update", "report")
DEMANDS_S = np.array([0.020, 0.050, 1.5])


def throughputs(intervals: int, seed: int = 1) -> Floats:
    """Flows that rise and fall independently of each other, per second."""
    return np.random.default_rng(seed).uniform(0.2, 1.0, (intervals, 3)) * np.array([10.0, 4.0, 0.1])


def by_flow(found: StationDemands) -> dict[str, Demand]:
    """The demands by flow."""
    return {one.flow: one for one in found.demands}


@pytest.mark.parametrize("servers", [1.0, 4.0])
def test_exact_observations(servers: float) -> None:
    """Without noise the demands are those that made the utilisations, whatever the number of servers."""
    x = throughputs(8)
    found = service_demands("db", FLOWS, x @ DEMANDS_S / servers, x, servers=servers)
    assert [one.value_s for one in found.demands] == pytest.approx(DEMANDS_S.tolist(), rel=1e-9)
    assert found.residuals == pytest.approx([0.0] * 8, abs=1e-12)
    assert found.degrees == 5


def test_servers_may_change() -> None:
    """With another number of servers in each interval busy servers are what is explained."""
    x, servers = throughputs(6), np.array([1.0, 2.0, 2.0, 3.0, 1.0, 4.0])
    found = service_demands("db", FLOWS, x @ DEMANDS_S / servers, x, servers=servers)
    assert [one.value_s for one in found.demands] == pytest.approx(DEMANDS_S.tolist(), rel=1e-9)


def test_intervals_cover() -> None:
    """Of 1,000 noisy data sets 930 to 970 intervals hold each true demand, and the noise is estimated without bias."""
    x, rng = throughputs(24), np.random.default_rng(7)
    covered, variance = np.zeros(3), 0.0
    for _ in range(1000):
        found = service_demands("db", FLOWS, (x @ DEMANDS_S + 0.005 * rng.standard_normal(24)) / 2.0, x, servers=2.0)
        covered += [one.low_s <= true <= one.high_s for one, true in zip(found.demands, DEMANDS_S, strict=True)]
        variance += found.noise**2 / 1000
    assert ((covered >= 930) & (covered <= 970)).all()
    assert variance == pytest.approx((0.005 / 2.0) ** 2, rel=4 * (2 / 21 / 1000) ** 0.5)


def test_intervals_cover_where_busy_hours_vary_more() -> None:
    """The work of each hour's jobs is the noise: of one flow exponential, of the other of four times its variance."""
    rng, hours = np.random.default_rng(1), np.arange(48) % 24
    wave, shifts = 10.0 + 8.0 * np.sin(np.pi * hours / 12.0), np.select([hours < 8, hours < 14], [3.0, 10.0], 1.0)
    per_hour = 3600.0 * np.stack([wave, shifts])
    covered = np.zeros(2)
    for _ in range(1000):
        a, b = rng.poisson(per_hour)
        busy = (rng.gamma(a, 0.040) + rng.gamma(0.25 * b, 0.360)) / 3600.0  # sums of gamma demands of means 40 and 90 ms
        found = service_demands("web", ("a", "b"), busy / 4.0, np.stack([a, b], axis=1) / 3600.0, servers=4.0)
        covered += [one.low_s <= true <= one.high_s for one, true in zip(found.demands, (0.040, 0.090), strict=True)]
    assert ((covered >= 930) & (covered <= 970)).all()


def test_a_month_of_hours_finds_demands_within_three_per_cent() -> None:
    """From 720 hours with noise of half a per cent of a server every demand is found to 3 %."""
    x = throughputs(720)
    noisy = x @ DEMANDS_S / 2.0 + 0.005 * np.random.default_rng(3).standard_normal(720)
    found = service_demands("db", FLOWS, noisy, x, servers=2.0)
    assert [one.value_s for one in found.demands] == pytest.approx(DEMANDS_S.tolist(), rel=0.03)


def test_no_demand_is_negative() -> None:
    """A flow that never visits the station has a demand of 0 or little more, and an interval that begins at 0."""
    x, rng = throughputs(24), np.random.default_rng(5)
    zeros = 0
    for _ in range(200):
        noisy = x @ np.array([0.020, 0.0, 1.5]) / 2.0 + 0.005 * rng.standard_normal(24)
        update = by_flow(service_demands("db", FLOWS, np.maximum(noisy, 0.0), x, servers=2.0))["update"]
        assert update.value_s >= 0.0
        assert update.low_s <= update.value_s <= update.high_s
        zeros += update.value_s == 0.0
    assert 70 <= zeros <= 130  # unbounded it would be negative in half of all cases


def test_longer_intervals_weigh_more() -> None:
    """One hour of four times the length counts as the mean of four equal hours."""
    x = throughputs(10)
    u = x @ DEMANDS_S / 2.0 + 0.005 * np.random.default_rng(2).standard_normal(10)
    longer = service_demands("db", FLOWS, u, x, servers=2.0, duration_s=np.array([4.0] + [1.0] * 9))
    repeated = service_demands("db", FLOWS, np.append(u, [u[0]] * 3), np.vstack([x, x[:1], x[:1], x[:1]]), servers=2.0)
    assert [one.value_s for one in longer.demands] == pytest.approx([one.value_s for one in repeated.demands])


def test_known_demands_are_taken_as_given() -> None:
    """With one demand known only the others are estimated."""
    x = throughputs(8)
    found = service_demands("db", FLOWS, x @ DEMANDS_S / 2.0, x, servers=2.0, known_s={"report": 1.5})
    assert {flow: one.value_s for flow, one in by_flow(found).items()} == pytest.approx({"query": 0.02, "update": 0.05})


def test_flows_that_move_together_are_named() -> None:
    """Two flows in one proportion are refused by name, the third is not mentioned; with one known the other is found."""
    x = throughputs(30)
    x[:, 2] = 0.02 * x[:, 0]
    u = x @ DEMANDS_S / 2.0 + 0.005 * np.random.default_rng(4).standard_normal(30)
    with pytest.raises(UsageError, match="flows query and report always rise and fall together") as caught:
        service_demands("db", FLOWS, u, x, servers=2.0)
    assert "update" not in str(caught.value)
    assert "fix one, or measure longer" in str(caught.value)
    found = by_flow(service_demands("db", FLOWS, u, x, servers=2.0, known_s={"report": 1.5}))
    assert found["query"].low_s <= 0.02 <= found["query"].high_s


def test_nearly_together_is_refused_only_where_noise_hides_the_difference() -> None:
    """Flows with a thousandth between them cannot be told apart at a noise of 1 %, and can at one of a millionth."""
    rng = np.random.default_rng(6)
    x = throughputs(30)[:, :2]
    x[:, 1] = 0.4 * x[:, 0] * (1 + 0.001 * rng.standard_normal(30))
    with pytest.raises(UsageError, match="a and b always rise and fall together"):
        service_demands("db", ("a", "b"), x @ DEMANDS_S[:2] + 0.01 * rng.uniform(size=30), x)
    found = service_demands("db", ("a", "b"), x @ DEMANDS_S[:2] + 1e-6 * rng.standard_normal(30), x)
    assert [one.value_s for one in found.demands] == pytest.approx([0.020, 0.050], rel=0.03)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda u, x: (100 * u, x), "is no utilisation; write a fraction from 0 to 1"),
        (lambda u, x: (u - 1.0, x), "is no utilisation"),
        (lambda u, x: (u, -x), "a throughput is negative or no number"),
        (lambda u, x: (u, x * np.array([1.0, 0.0, 1.0])), "no job of update was observed"),
        (lambda u, x: (u[:3], x[:3]), "3 demands cannot be estimated from 3 intervals; observe at least 4"),
    ],
)
def test_refused(change: object, says: str) -> None:
    """Observations that make no sense are told, with the station."""
    x = throughputs(8)
    u, x = change(x @ DEMANDS_S / 2.0, x)  # type: ignore[operator]
    with pytest.raises(UsageError) as caught:
        service_demands("db", FLOWS, u, x, servers=2.0)
    assert str(caught.value).startswith("db: ")
    assert says in str(caught.value)


def test_wrong_arguments() -> None:
    """Unknown flows, stations without servers, intervals without length and nothing to estimate are refused."""
    x = throughputs(8)
    u = x @ DEMANDS_S / 2.0
    with pytest.raises(UsageError, match='there is no flow "querry" whose demand could be known; did you mean "query"'):
        service_demands("db", FLOWS, u, x, known_s={"querry": 1.0})
    with pytest.raises(UsageError, match="a station without servers"):
        service_demands("db", FLOWS, u, x, servers=0.0)
    with pytest.raises(UsageError, match="an interval has no duration"):
        service_demands("db", FLOWS, u, x, duration_s=np.zeros(8))
    with pytest.raises(UsageError, match="every demand is known already"):
        service_demands("db", FLOWS, u, x, known_s=dict.fromkeys(FLOWS, 0.1))
    with pytest.raises(ValueError, match="do not belong to 3 flows"):
        service_demands("db", FLOWS, u[:4], x)
