"""What gives way first, against hand calculation on two towns with a morning and an evening."""

from __future__ import annotations

import math

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.network.model import (
    Flow,
    Network,
    Piecewise,
    PlaceLevel,
    Poisson,
    Scheduled,
    Spawn,
    Station,
    Visit,
    frozen_floats,
)
from jukinet_sim.theory.files import FileTime, file_times
from jukinet_sim.theory.limits import Limit, limits, ranked
from jukinet_sim.theory.peaks import Hours, busiest_hour

HOUR = 3600.0
DAY = 24 * HOUR


def course(begin_h: float, end_h: float) -> Piecewise:
    """One job a second between two hours of the day, none outside."""
    return Piecewise(np.array([0.0, begin_h * HOUR, end_h * HOUR]), np.array([0.0, 1.0, 0.0]))


def towns(servers: int | tuple[int, int] = 1) -> Network:
    """Two towns: mornings of four hours bring East more work, an evening of one hour brings West more.

    Each job asks for 0.5 s at its town's desk; morning ones then for 0.25 s at the hall, where others steadily bring 0.05.
    """
    desk, hall = Visit("desk", dist.constant(0.5)), Visit("hall", dist.constant(0.25))
    flows = (
        Flow("morning", (desk, hall), course(8, 12), origin="town", share=frozen_floats([0.4, 0.6])),
        Flow("evening", (desk,), course(20, 21), origin="town", share=frozen_floats([0.8, 0.2])),
        Flow("steady", (hall,), Poisson(0.2)),
    )
    level = PlaceLevel("town", 2, frozen_floats([1.0, 1.0]), labels=("West", "East"))
    stations = (Station("idle", 3), Station("hall", 1), Station("desk", servers, per="town"))
    return Network("towns", DAY, stations, flows, levels=(level,))


def found(network: Network) -> dict[str, Limit]:
    """The limits by station."""
    return {limit.station: limit for limit in limits(Hours(network))}


def test_ranked_by_the_busiest_hour() -> None:
    """The desk is asked for 0.8 x 0.5 = 0.4 of its server, the hall for 0.25 + 0.05 = 0.3, the idle one for nothing."""
    ranked = limits(Hours(towns()))
    assert [limit.station for limit in ranked] == ["desk", "hall", "idle"]
    assert [limit.utilisation for limit in ranked] == pytest.approx([0.4, 0.3, 0.0], rel=1e-9)
    assert [limit.growth for limit in ranked[:2]] == pytest.approx([2.5, 1 / 0.3], rel=1e-9)


def test_the_place_is_that_of_the_hour_not_of_the_day() -> None:
    """East has more work over the day (2.6 to 2.4 hours), but West has the busiest hour, from 20 h on."""
    hours = Hours(towns())
    (load,) = (load for load in hours.loads if load.station == "desk")
    assert load.worst_place == 1
    limit = found(towns())["desk"]
    assert (limit.place, limit.flow) == ("West", "evening")
    assert limit.start_s == pytest.approx(20 * HOUR)


def test_the_place_depends_on_its_servers() -> None:
    """With two servers in West its evening is 0.2 per server, so East's morning, 0.6 x 0.5 = 0.3, gives way first."""
    limit = found(towns((2, 1)))["desk"]
    assert (limit.place, limit.flow) == ("East", "morning")
    assert limit.utilisation == pytest.approx(0.3, rel=1e-9)
    assert limit.start_s == pytest.approx(8 * HOUR)


def test_the_share_of_the_main_flow() -> None:
    """In the hall's busiest hour the morning brings 0.25 of 0.3 seconds of work a second."""
    limit = found(towns())["hall"]
    assert (limit.place, limit.flow) == (None, "morning")
    assert limit.flow_share == pytest.approx(0.25 / 0.3, rel=1e-9)


def test_a_station_without_work_has_no_limit() -> None:
    """Nobody comes to the idle station: no flow, growth without bound."""
    limit = found(towns())["idle"]
    assert (limit.flow, limit.flow_share, limit.growth) == (None, 0.0, math.inf)


def test_spawned_work_belongs_to_who_spawned_it() -> None:
    """A job that only spawns another is the source of that one's work."""
    flows = (Flow("cause", (Spawn("effect"),), Poisson(0.1)), Flow("effect", (Visit("s", dist.constant(1.0)),)))
    limit = found(Network("spawn", DAY, (Station("s", 1),), flows))["s"]
    assert (limit.flow, limit.utilisation) == ("cause", pytest.approx(0.1, rel=1e-9))


def test_files_are_told_apart() -> None:
    """A file that keeps one of four servers busy for hours, beside a steady 1.0, brings half of the work of its hour."""
    visit = Visit("s", dist.constant(1.0), per_record_s=1.0)
    flows = (
        Flow("file", (visit,), Scheduled(np.array([5000.0]), (19_999,))),
        Flow("steady", (Visit("s", dist.constant(0.5)),), Poisson(2.0)),
    )
    limit = found(Network("file", DAY, (Station("s", 4),), flows))["s"]
    assert limit.utilisation == pytest.approx(0.5, rel=1e-9)
    assert limit.filed == pytest.approx(0.5, rel=1e-9)


def test_files_with_a_due_time_are_judged_by_it() -> None:
    """Three files of 10,000 s at two servers, due in 50,000 s: 3 x 10,000 / 2 / 50,000 = 30 %, and 3.3 times as much fits.

    One file alone may grow to five times: the station gives way first. With five servers it is the other way round.
    """
    visit = Visit("s", dist.constant(0.0), per_record_s=1.0)
    files = Scheduled(np.zeros(3), (10_000,) * 3)

    def order(servers: int) -> list[tuple[str, float]]:
        network = Network("files", DAY, (Station("s", servers),), (Flow("file", (visit,), files, due_s=50_000.0),))
        return [
            (one.flow if isinstance(one, FileTime) else one.station, one.growth)  # type: ignore[misc]  # somebody comes
            for one in ranked(limits(Hours(network)), file_times(network))
        ]

    (first, grows), (second, grows_more) = order(2)
    assert (first, second) == ("s", "file")
    assert (grows, grows_more) == pytest.approx((10.0 / 3.0, 5.0), rel=1e-6)
    assert [name for name, _ in order(5)] == ["file", "s"]
    assert found(Network("f", DAY, (Station("s", 2),), (Flow("file", (visit,), files, due_s=5e4),)))["s"].filed == 0.0


def test_busiest_of_many_places_by_search() -> None:
    """Over 60 random places and courses, the hour found is the busiest of all places' own busiest hours."""
    rng = np.random.default_rng(11)
    begins = np.arange(24) * HOUR
    level = PlaceLevel("town", 60, frozen_floats(np.ones(60)))
    shares = [frozen_floats(rng.random(60)) for _ in range(5)]
    flows = tuple(
        Flow(f"f{i}", (Visit("desk", dist.constant(1.0)),), Piecewise(begins, rng.random(24)), origin="town", share=share)
        for i, share in enumerate(shares)
    )
    whole = Network("many", DAY, (Station("desk", 1, per="town"),), flows, levels=(level,))
    rates = np.array([flow.arrivals.rate_per_s for flow in flows])  # type: ignore[union-attr]  # all are piecewise
    asked = np.array([share / share.sum() for share in shares]).T @ rates
    (peak,) = busiest_hour(whole)
    assert (peak.place, peak.start_s) == (asked.max(axis=1).argmax(), HOUR * asked.max(axis=0).argmax())
    assert peak.utilisation == pytest.approx(asked.max(), rel=1e-9)
