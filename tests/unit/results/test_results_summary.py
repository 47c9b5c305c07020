"""A replication's raw totals to its digest, against the ratios taken by hand."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
from results_samples import impatient, network, program, replication, sample

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.program import compile_program
from jukinet_sim.results.digest import combined_fingerprint, digest_from_json
from jukinet_sim.results.summary import digest

QUEUE = ("queue_peak", "queue_at_end", "longest_queue_s", "longest_queue_from_s")


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


def test_waits_of_all_jobs_include_those_that_left() -> None:
    """Of 75 jobs 30 + 5 did not wait, 20 waited 5 s, 20 waited 8 s; the mean is 260/75 s, and no one waited longer than 8 s."""
    metrics = digest(impatient(), program()).flows["query"].metrics
    assert metrics["wait_all_s.mean"] == (100.0 + 160.0) / (50 + 25)
    assert metrics["wait_all_s.p50"] == pytest.approx(5.0, rel=1.0 / 256.0)
    assert metrics["wait_all_s.p90"] == pytest.approx(8.0, rel=1.0 / 256.0)
    assert metrics["wait_all_s.max"] == 8.0
    assert metrics["wait_s.mean"] == 100.0 / 50


def test_zero_waits_of_jobs_that_left_count() -> None:
    """Where the 25 jobs that left had not waited either, 55 of 75 waits are zero, and so is their median."""
    gone = replace(impatient(), flow_gone_histogram=impatient().flow_gone_histogram * 0)
    gone.flow_gone_histogram[0, 0] = 25
    assert digest(gone, program()).flows["query"].metrics["wait_all_s.p50"] == 0.0


def test_flow_fractions_are_of_arrived_jobs() -> None:
    """10 lost and 15 abandoned of 65 arrived."""
    part = digest(impatient(), program()).flows["query"]
    assert part.metrics["loss_fraction"] == 10 / 65
    assert part.metrics["abandon_fraction"] == 15 / 65
    assert part.counts["retried"] == 7


def test_station_loss_is_refused_of_offered_visits() -> None:
    """20 of 70 visits offered to the towns' stations were refused; the counts stand beside it."""
    part = digest(impatient(), program()).stations["town"]
    assert part.metrics["loss_fraction"] == 20 / 70
    assert (part.counts["arrived"], part.counts["refused"], part.counts["abandoned"]) == (70, 20, 10)


def test_waits_of_all_visits_include_those_that_gave_up() -> None:
    """Of 50 visits 30 did not wait, 10 waited 6 s and 10 gave up after 8 s; refused ones do not count."""
    metrics = digest(impatient(), program()).stations["town"].metrics
    assert metrics["wait_all_s.mean"] == (60.0 + 80.0) / (40 + 10)
    assert metrics["wait_all_s.p50"] == 0.0
    assert metrics["wait_all_s.p95"] == pytest.approx(8.0, rel=1.0 / 256.0)
    assert metrics["wait_all_s.max"] == 8.0
    assert metrics["wait_s.max"] == 6.0


def test_shared_servers_make_nobody_wait() -> None:
    """Under processor sharing queue and waits are zero, and jobs inside are the whole area over the window."""
    plain = network()
    stations = tuple(replace(station, discipline="ps") for station in plain.stations)
    part = digest(replication(), compile_program(replace(plain, stations=stations))).stations["town"]
    waits = {key: value for key, value in part.metrics.items() if key.startswith("wait")}
    assert set(waits.values()) == {0.0}
    assert len(waits) == 12
    assert part.metrics["queue_length"] == 0.0
    assert part.metrics["in_station"] == (60.0 + 200.0) / 100.0
    assert part.metrics["utilisation"] == 200.0 / 400.0
    assert (part.places["queue_length"], part.places["wait_s.mean"]) == ((0.0, 0.0), (0.0, 0.0))


def test_station_without_scheduled_servers_has_no_shares() -> None:
    """Where a schedule had no server in the window, utilisation and availability are undefined."""
    whole = replication()
    closed = {key: whole.station_sums[key] * 0.0 for key in ("busy_area", "server_area", "down_area")}
    metrics = digest(replace(whole, station_sums={**whole.station_sums, **closed}), program()).stations["hall"].metrics
    assert (metrics["utilisation"], metrics["availability"]) == (None, None)


def test_a_token_bucket_has_nothing_in_use() -> None:
    """Tokens that are never given back are in nobody's use, but waits for them count."""
    plain = network()
    bucket = replace(plain.pools[0], refill_per_s=2.0)
    route = plain.flows[0].route[:-1]
    changed = replace(plain, pools=(bucket,), flows=(replace(plain.flows[0], route=route),))
    metrics = digest(replication(), compile_program(changed)).pools["tokens"].metrics
    assert metrics["in_use"] is None
    assert metrics["wait_s.mean"] == 25.0 / 50


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
    # Ten of fifty waited 2.5 s each: the median took a token at once, the 90th percentile did not.
    assert metrics["wait_s.p50"] == 0.0
    assert metrics["wait_s.p90"] == pytest.approx(2.5, rel=0.01)


def test_queues_of_places_and_of_the_worst_of_them() -> None:
    """Each place has its own history; the group has the fullest and the longest queue, and all who wait at the end."""
    town = sample().stations["town"]
    assert town.places["queue_peak"] == (0.0, 9.0)
    assert town.places["queue_at_end"] == (0.0, 4.0)
    assert town.places["longest_queue_s"] == (0.0, 25.0)
    assert town.places["longest_queue_from_s"] == (None, 40.0)
    assert [town.metrics[key] for key in QUEUE] == [9.0, 4.0, 25.0, 40.0]


def test_worst_queue_joins_the_worst_of_several_places() -> None:
    """The fullest queue may be at another place than the longest, of which the first of equals is told."""
    whole = replication()
    queues = {
        "peak": np.array([9.0, 2.0, 2.0]),
        "at_end": np.array([1.0, 4.0, 1.0]),
        "longest": np.array([25.0, 25.0, 5.0]),
        "longest_from": np.array([60.0, 40.0, 20.0]),
    }
    town = digest(replace(whole, station_queues=queues), program()).stations["town"]
    assert [town.metrics[key] for key in QUEUE] == [9.0, 5.0, 25.0, 60.0]
    queues = {**queues, "peak": np.array([2.0, 9.0, 2.0]), "longest": np.array([25.0, 26.0, 5.0])}
    town = digest(replace(whole, station_queues=queues), program()).stations["town"]
    assert [town.metrics[key] for key in QUEUE] == [9.0, 5.0, 26.0, 40.0]


def test_pool_places_keep_their_own_figures() -> None:
    """A pool in every place has figures for each: tokens in use, queue, waits and the history of the queue."""
    plain, whole = network(), replication()
    pools = (replace(plain.pools[0], per="towns"),)
    two = {key: np.concatenate([values, values * 2.0]) for key, values in whole.pool_sums.items()}
    queues = {key: np.concatenate([values, values * 0.0]) for key, values in whole.pool_queues.items()}
    changed = replace(whole, pool_sums=two, pool_queues=queues, pool_counts={"taken": np.array([50, 0])})
    pool = digest(changed, compile_program(replace(plain, pools=pools))).pools["tokens"]
    assert pool.places == {
        "in_use": (2.0, 4.0),
        "queue_length": (0.25, 0.5),
        "wait_s.mean": (0.5, None),
        "wait_s.max": (2.5, None),
        "queue_peak": (3.0, 0.0),
        "queue_at_end": (0.0, 0.0),
        "longest_queue_s": (12.5, 0.0),
        "longest_queue_from_s": (70.0, None),
    }
    assert pool.place_names == ("0", "1")
    assert [pool.metrics[key] for key in QUEUE] == [3.0, 0.0, 12.5, 70.0]
    assert sample().pools["tokens"].places == {}


def test_late_jobs_are_a_fraction_of_those_judged() -> None:
    """14 late of 50 completed, 10 lost, 15 abandoned and the 2 inside that are late; others inside may still be in time."""
    part = digest(impatient(), program()).flows["query"]
    assert (part.counts["late"], part.counts["late_records"]) == (14, 42)
    assert part.metrics["late_fraction"] == 14 / (50 + 10 + 15 + 2)
    assert "late_inside" not in part.counts


def test_a_flow_that_is_never_due_says_nothing_of_lateness() -> None:
    """Neither counts nor a fraction appear where no time is due."""
    plain = network()
    never = replace(plain, flows=(replace(plain.flows[0], due_s=None),))
    part = digest(replication(), compile_program(never)).flows["query"]
    assert not [key for key in (*part.counts, *part.metrics) if "late" in key]


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
        flow_gone_histogram=whole.flow_gone_histogram * 0,
        station_counts={key: values * 0 for key, values in whole.station_counts.items()},
        station_wait_histogram=whole.station_wait_histogram * 0,
        pool_counts={"taken": np.array([0])},
    )
    found = digest(idle, program())
    flow, station, pool = found.flows["query"], found.stations["town"], found.pools["tokens"]
    undefined = ("loss_fraction", "wait_s.mean", "wait_s.p50", "wait_all_s.mean", "wait_all_s.max")
    assert [flow.metrics[key] for key in (*undefined, "abandon_fraction", "sojourn_s.p99")] == [None] * 7
    assert [station.metrics[key] for key in undefined] == [None] * 5
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
    prints = [first.fingerprint, second.fingerprint]
    assert combined_fingerprint(prints) != combined_fingerprint(reversed(prints))
