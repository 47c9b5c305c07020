"""The two engines on random networks: every visit, count, sum, histogram, series and fingerprint is equal to the last bit."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jukinet_sim.network.model import Network, Scheduled
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.verify.random_networks.features import FEATURES, features
from jukinet_sim.verify.random_networks.networks import random_network
from tests.twins.compare import assert_twins, run_fast
from tests.twins.meetings import DIFFERENCES, MET, differences_made, meetings
from tests.twins.networks import networks

EXAMPLES = int(os.environ.get("JUKINET_TWIN_EXAMPLES", "150"))
"""Random networks to compare, the same ones in every run; more than 300 are drawn anew each time."""
WHOLE_DAY = bool(os.environ.get("JUKINET_TWIN_FULL_DAY"))
PEAK_DAY = Path(__file__).parents[2] / "scenarios" / "peak-day.yaml"
SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=EXAMPLES, derandomize=EXAMPLES <= 300, deadline=None, database=None, suppress_health_check=SLOW_TO_DRAW)
@given(networks(), st.integers(0, 2**64 - 1))
def test_random_networks_have_one_sample_path(network: Network, seed: int) -> None:
    """Whatever a network is made of, both engines run it to the same bits."""
    assert_twins(network, seed)


def test_random_networks_use_everything() -> None:
    """Networks as they are compared use every part of the vocabulary, and their runs would be others without it.

    They are drawn by `verify`, whose hundredth network has met what hypothesis, which draws many alike, meets in a thousand.
    """
    used: set[str] = set()
    met: set[str] = set()
    made: set[str] = set()
    for number in range(500):
        network = random_network(1, number)
        used |= features(network)
        run = run_fast(network)
        met |= meetings(network, run)
        made |= differences_made(network, run, DIFFERENCES - made)
        if used >= FEATURES and met >= MET and made >= DIFFERENCES:
            return
    assert used >= FEATURES, FEATURES - used
    assert met >= MET, MET - met
    assert made >= DIFFERENCES, DIFFERENCES - made


def peak_day(until_s: float | None) -> Network:
    """The first business day of the fiscal year, drained if it is whole."""
    network = compile_network(load(PEAK_DAY))
    return network if until_s is None else replace(network, horizon_s=until_s, drain=False)


def test_morning_of_the_peak_day() -> None:
    """The shipped national baseline runs to the same bits past half past eight, when most of its flows are under way."""
    run = assert_twins(peak_day(8.56 * 3600.0))
    assert run.limit is None
    assert run.events > 50_000
    assert (run.flow_counts["completed"] > 0).sum() >= 20


def test_evening_of_the_peak_day() -> None:
    """The files handed in at six in the evening run to the same bits for half an hour."""
    day = peak_day(18.5 * 3600.0)
    # With those that come of them, such as alerts, and without people, who are at their terminals from midnight on.
    people = ("operator.", "log-on.")
    files = tuple(
        flow
        for flow in day.flows
        if flow.arrivals is None or (isinstance(flow.arrivals, Scheduled) and not flow.name.startswith(people))
    )
    run = assert_twins(replace(day, flows=files, focuses=()))
    assert run.limit is None
    assert run.events > 10_000


@pytest.mark.skipif(not WHOLE_DAY, reason="takes minutes; set JUKINET_TWIN_FULL_DAY=1")
def test_whole_peak_day() -> None:
    """The shipped national baseline runs to the same bits for a whole day and the drain after it."""
    run = assert_twins(peak_day(None))
    assert not run.flow_counts["in_system"].any()
