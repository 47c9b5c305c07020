"""Jobs that turn away from a long queue, against the birth-death chain, on both engines."""

from __future__ import annotations

import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName
from jukinet_sim.network.model import Branch, Delay, Flow, Network, Poisson, Scheduled, Station, Visit, frozen_floats
from jukinet_sim.theory.balking import mmc_balking
from tests.theory.precision import close, replicate, run

TABLES = {"from two on": ((2, 0.3),), "more and more": ((1, 0.2), (3, 0.5), (6, 1.0))}
RATE, SERVERS = 1.3, 2


def solved(balk: tuple[tuple[int, float], ...]) -> tuple[float, float]:
    """Return the mean number at the station, and the share that turns away: a birth-death chain, cut where nobody gets."""

    def stays(found: int) -> float:
        return 1.0 - ([0.0] + [probability for least, probability in balk if found >= least])[-1]

    weights = [1.0]
    for n in range(400):
        weights.append(weights[-1] * RATE * stays(n) / min(n + 1, SERVERS))
    total = sum(weights)
    number = sum(n * weight for n, weight in enumerate(weights)) / total
    return number, sum(weight * (1.0 - stays(n)) for n, weight in enumerate(weights)) / total


@pytest.mark.parametrize("table", TABLES)
def test_balking_is_a_birth_death_chain(engine: EngineName, table: str) -> None:
    """The mean number at M/M/2, and the part of the jobs that turns away, are those of the chain; these jobs are lost."""
    flow = Flow("f", (Visit("s", dist.exponential(1.0), balk=TABLES[table]),), Poisson(RATE))

    def network(lasts_s: float) -> Network:
        return Network("balking", lasts_s, (Station("s", SERVERS),), (flow,), warm_up_s=200.0)

    runs = replicate(engine, network, 150_000.0)
    number, share = solved(TABLES[table])
    told = mmc_balking(RATE, 1.0, SERVERS, TABLES[table])
    assert (told.mean_number, told.turned_away) == pytest.approx((number, share), rel=1e-9)
    assert told.utilisation == pytest.approx(RATE * (1.0 - share) / SERVERS, rel=1e-9)
    close(engine, [float(one.flow_sums["in_system_area"][0]) / (one.window_s[1] - one.window_s[0]) for one in runs], number)
    close(engine, [int(one.station_counts["refused"][0]) / int(one.station_counts["arrived"][0]) for one in runs], share)
    assert all(one.flow_counts["lost"].tolist() == [int(one.station_counts["refused"][0])] for one in runs)


def test_who_turns_away_goes_where_the_refused_go(engine: EngineName) -> None:
    """The third finds two and goes on at the label, the second finds one and stays."""
    route = (
        Visit("s", dist.constant(10.0), on_refused="away", balk=((2, 1.0),)),
        Branch(((None, 1.0),)),
        Delay(dist.constant(1.0), label="away"),
    )
    times = Scheduled(frozen_floats([0.0, 1.0, 2.0]), (1,) * 3)
    one = run(engine, Network("three", 60.0, (Station("s", 1),), (Flow("f", route, times),)))
    assert one.flow_counts["completed"].tolist() == [3]
    assert one.station_counts["refused"].tolist() == [1]
    assert float(one.flow_sums["sojourn"][0]) == 10.0 + 19.0 + 1.0
