"""A replication's raw totals to its digest, against the ratios taken by hand."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
from results_samples import program, replication, sample

from jukinet_sim.engine import layout as L
from jukinet_sim.results.digest import combined_fingerprint, digest_from_json
from jukinet_sim.results.summary import digest


def test_flow_rates_are_counts_over_the_window() -> None:
    """50 completed jobs and 800 job-seconds in a window of 100 s are 0.5 per second and 8 in the system."""
    metrics = sample().flows["query"].metrics
    assert metrics["throughput_per_s"] == 50 / 100.0
    assert metrics["in_system_mean"] == 800.0 / 100.0


def test_flow_latencies_are_per_completed_job() -> None:
    """Mean sojourn is 200 s over 50 jobs; waits have 30 exact zeros in 50, so the median is zero and p99 is not."""
    metrics = sample().flows["query"].metrics
    assert metrics["sojourn_s.mean"] == metrics["sojourn_s.p50"] == metrics["sojourn_s.max"] == 4.0
    assert metrics["wait_s.mean"] == 2.0
    assert metrics["wait_s.p50"] == 0.0
    assert metrics["wait_s.p99"] == pytest.approx(5.0, rel=1.0 / 256.0)


def test_without_abandonment_all_waits_are_those_of_completed_jobs() -> None:
    """`wait_all_s` equals `wait_s` in every point, for flows and stations."""
    whole = sample()
    for part in (whole.flows["query"], whole.stations["town"]):
        for point in ("mean", "p50", "p90", "p95", "p99", "max"):
            assert part.metrics[f"wait_all_s.{point}"] == part.metrics[f"wait_s.{point}"]


def test_group_is_summed_before_ratios_are_taken() -> None:
    """Utilisation and availability of a group weigh its places by their servers."""
    metrics = sample().stations["town"].metrics
    assert metrics["utilisation"] == (50.0 + 150.0) / (100.0 + 300.0)
    assert metrics["availability"] == 1.0 - 20.0 / 400.0


def test_station_averages_are_areas_over_the_window() -> None:
    """Queue and station content are time averages, throughput counts completed visits."""
    metrics = sample().stations["town"].metrics
    assert metrics["queue_length"] == 60.0 / 100.0
    assert metrics["in_station"] == (60.0 + 200.0) / 100.0
    assert metrics["throughput_per_s"] == 40 / 100.0
    assert metrics["loss_fraction"] == 0.0


def test_station_waits_count_the_visits_that_did_not_wait() -> None:
    """40 visits started, 10 waited 6 s: the mean is 1.5 s, the median 0 and p95 about 6 s."""
    metrics = sample().stations["town"].metrics
    assert metrics["wait_s.mean"] == 60.0 / 40
    assert metrics["wait_s.p50"] == 0.0
    assert metrics["wait_s.p95"] == pytest.approx(6.0, rel=1.0 / 256.0)
    assert metrics["wait_s.max"] == 6.0


def test_places_keep_their_own_figures() -> None:
    """Each place of a group has its own ratios, in the order of the places."""
    places = sample().stations["town"].places
    assert places["utilisation"] == (50.0 / 100.0, 150.0 / 300.0)
    assert places["wait_s.mean"] == (0.0, 60.0 / 30)
    assert places["wait_s.max"] == (0.0, 6.0)
    assert places["throughput_per_s"] == (0.1, 0.3)


def test_single_station_has_no_places() -> None:
    """A station that stands once is its own group and repeats nothing."""
    assert sample().stations["hall"].places == {}


def test_pool_figures() -> None:
    """Tokens in use and jobs queueing are time averages; the wait is per token taken."""
    metrics = sample().pools["tokens"].metrics
    assert metrics["in_use"] == 200.0 / 100.0
    assert metrics["queue_length"] == 25.0 / 100.0
    assert metrics["wait_s.mean"] == 25.0 / 50


def test_visits_add_up_over_stations() -> None:
    """The visits of a replication are those completed at any station."""
    assert sample().visits == 10 + 30 + 40


def test_nothing_happened_is_undefined_not_zero() -> None:
    """Without arrivals fractions, latencies and station waits are undefined."""
    whole = replication()
    idle = replace(
        whole,
        flow_counts={key: values * 0 for key, values in whole.flow_counts.items()},
        flow_sums={**whole.flow_sums, "sojourn_min": np.array([np.inf]), "wait_min": np.array([np.inf])},
        sojourn_histogram=whole.sojourn_histogram * 0,
        flow_wait_histogram=whole.flow_wait_histogram * 0,
        station_counts={key: values * 0 for key, values in whole.station_counts.items()},
        station_wait_histogram=whole.station_wait_histogram * 0,
        pool_counts={"taken": np.array([0])},
    )
    found = digest(idle, program())
    flow, station, pool = found.flows["query"], found.stations["town"], found.pools["tokens"]
    undefined = ("loss_fraction", "wait_s.mean", "wait_s.p50", "wait_s.max")
    assert [flow.metrics[key] for key in (*undefined, "abandon_fraction", "sojourn_s.p99")] == [None] * 6
    assert [station.metrics[key] for key in undefined] == [None] * 4
    assert station.places["wait_s.max"] == (None, None)
    assert pool.metrics["wait_s.mean"] is None


def test_window_of_no_length_has_no_averages() -> None:
    """A replication that a limit stopped at once has undefined time averages."""
    found = digest(replace(replication(), window_s=(10.0, 10.0)), program())
    assert found.flows["query"].metrics["throughput_per_s"] is None
    assert found.stations["hall"].metrics["queue_length"] is None


def test_digest_survives_json_to_the_last_bit() -> None:
    """What the store writes reads back as an equal digest."""
    whole = sample()
    assert digest_from_json(json.loads(json.dumps(whole.as_json(), allow_nan=False))) == whole


def test_digest_is_small() -> None:
    """Between processes a digest travels without its histograms, one of which alone would take 8 bytes a bin."""
    assert len(pickle.dumps(sample())) < 8 * L.HISTOGRAM_BINS / 10


def test_fingerprint_of_a_run_depends_on_order() -> None:
    """Replications in another order are another run."""
    first, second = sample(0), sample(1)
    assert combined_fingerprint([first, second]) != combined_fingerprint([second, first])
