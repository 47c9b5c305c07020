"""The automatic warm-up: where MSER-5 cuts, and that one pilot settles it for every way to run."""

from __future__ import annotations

import json
import math
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cli_runner import MM1, write_scenario
from results_samples import queue

from jukinet_sim.chance.distributions import constant
from jukinet_sim.cli.app import main
from jukinet_sim.experiments import warm_up
from jukinet_sim.experiments.interrupts import Interrupted
from jukinet_sim.experiments.replicate import run_replications
from jukinet_sim.experiments.warm_up import batch_means, find_warm_up, mser_cut
from jukinet_sim.network.model import Network, Poisson, Renewal


def autoregressive(seed: int, phi: float = 0.5, length: int = 400) -> np.ndarray:
    """A stationary AR(1) series of mean 10 and standard deviation 1."""
    shocks = np.random.default_rng(seed).normal(0.0, math.sqrt(1.0 - phi * phi), length)
    series = np.empty(length)
    series[0] = np.random.default_rng(seed + 1000).normal()
    for i in range(1, length):
        series[i] = phi * series[i - 1] + shocks[i]
    return series + 10.0


def statistic(values: Sequence[float], cut: int) -> float:
    """The marginal standard error rule's statistic, as it is defined."""
    rest = np.asarray(values[cut:])
    return float(rest.var()) / len(rest)


@pytest.mark.parametrize("seed", range(8))
def test_the_cut_minimises_the_statistic(seed: int) -> None:
    """No cut up to half leaves a smaller variance over the number of remaining values."""
    values = autoregressive(seed).tolist()
    cut = mser_cut(values)
    least = min(statistic(values, other) for other in range(201))
    assert 0 <= cut <= 200
    assert statistic(values, cut) == pytest.approx(least, rel=1e-9)


@pytest.mark.parametrize("end", [40, 90, 150])
@pytest.mark.parametrize("seed", range(4))
def test_a_transient_is_cut_where_it_ends(seed: int, end: int) -> None:
    """A series that starts 20 standard deviations low and rises until `end` is cut near there.

    The last tenth of the rise is within two deviations of the mean, where noise hides it.
    """
    rise = np.clip(1.0 - np.arange(400) / end, 0.0, None) * -20.0
    assert 0.85 * end <= mser_cut((autoregressive(seed) + rise).tolist()) <= end + 30


@pytest.mark.parametrize("seed", range(8))
def test_a_stationary_series_is_hardly_cut(seed: int) -> None:
    """Independent values around one mean need no warm-up: at most a twentieth of them goes."""
    values = np.random.default_rng(seed).normal(10.0, 1.0, 400).tolist()
    assert mser_cut(values) <= 20


def test_constant_series_are_not_cut() -> None:
    """Where nothing varies but the rounding, everything is kept."""
    assert mser_cut([0.1 + 0.2 * (i % 2) * 1e-16 for i in range(400)]) == 0
    assert mser_cut([0.0] * 400) == 0


def test_a_drift_is_cut_at_half() -> None:
    """A series that never settles is cut as far as a cut may go."""
    assert mser_cut([float(i) for i in range(400)]) == 200


def test_batches_are_means_over_replications_and_five_bins() -> None:
    """Two series of ten bins make two batches: averages over both series and five bins at a time."""
    first, second = [float(i) for i in range(10)], [float(i) + 2.0 for i in range(10)]
    assert batch_means([first, second]) == [2.0 + 1.0, 7.0 + 1.0]


def found(network: Network, **options: Any) -> warm_up.WarmUp:
    """The warm-up of a network by the fast engine, unless told otherwise."""
    return find_warm_up(network, **{"seed": 1, "engine": "fast", **options})


def filling(horizon_s: float) -> Network:
    """A queue that starts empty and takes some hundred seconds to fill: M/M/1 at 90 % load."""
    network = queue(horizon_s, warm_up_s=0.0, series_bin_s=None)
    (flow,) = network.flows
    return replace(network, flows=(replace(flow, arrivals=Poisson(0.9)),))


def test_engines_and_processes_agree() -> None:
    """The reference, the fast engine and two processes find the same warm-up."""
    network = filling(1000.0)
    alone = found(network)
    assert alone == found(network, engine="reference") == found(network, jobs=2)
    assert 0.0 < alone.seconds < 500.0


def test_settings_of_the_run_do_not_move_it() -> None:
    """Series, draining and a warm-up that is set already are the run's own; the pilot has its own."""
    network = filling(1000.0)
    changed = replace(network, series_bin_s=500.0, drain=True, warm_up_s=300.0)
    assert found(changed) == found(network)


def test_a_queue_that_never_settles_is_too_short() -> None:
    """Where more arrives than can be served, half of the run is taken, and that is said in words."""
    network = queue(400.0, warm_up_s=0.0)
    (flow,) = network.flows
    overloaded = replace(network, flows=(replace(flow, arrivals=Renewal(constant(0.5))),))
    settled = found(overloaded)
    assert settled.seconds == 200.0
    assert settled.note is not None
    assert "too short" in settled.note


def test_a_pilot_that_a_limit_stops_leaves_nothing_out() -> None:
    """A used-up event budget is the run's to report; the warm-up is 0, and the note names the limit."""
    settled = found(queue(event_budget=500))
    assert settled.seconds == 0.0
    assert settled.note is not None
    assert "event budget of 500" in settled.note


def test_the_pilot_is_replications_0_to_9() -> None:
    """Ten replications are run, numbered from 0."""
    numbers: list[int] = []
    found(filling(400.0), on_done=lambda digest: numbers.append(digest.replication))
    assert numbers == list(range(10))


def test_an_interrupt_ends_the_pilot() -> None:
    """A signal during the pilot is passed on, so that nothing is run with a warm-up from half a pilot."""
    with pytest.raises(Interrupted) as caught:
        found(filling(400.0), on_done=lambda _: signal.raise_signal(signal.SIGINT))
    assert caught.value.number == signal.SIGINT


def test_the_pilot_counts_all_flows_together() -> None:
    """The number in the system is the sum over the flows, bin by bin."""
    network = queue(400.0, warm_up_s=0.0, series_bin_s=20.0)
    (flow,) = network.flows
    both = replace(network, flows=(flow, replace(flow, name="other", arrivals=Poisson(0.1))))
    whole = run_replications(both, seed=1, replications=1, engine="reference").digests[0]
    pilot = run_replications(
        both, seed=1, replications=1, engine="reference", summary=warm_up.number_in_system
    ).digests[0]
    (inside,) = (part.series["in_system"] for part in pilot.flows.values())
    by_flow = [part.series["in_system"] for part in whole.flows.values()]
    assert inside == pytest.approx([a + b for a, b in zip(*by_flow, strict=True)], rel=1e-12)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An M/M/1 queue at 90 % load whose warm-up the fast engine is to find, in a folder of its own, the current one."""
    monkeypatch.chdir(tmp_path)
    return write_scenario(tmp_path, MM1.replace("warm_up: 100 s", "warm_up: auto, engine: fast").replace("0.5 /s", "0.9 /s"))


def ran(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[dict[str, Any], str]:
    """The document that a command prints, and what it said."""
    capsys.readouterr()
    main([*arguments, "--json"])
    shown = capsys.readouterr()
    return json.loads(shown.out), shown.err


def test_a_run_says_and_shows_its_warm_up(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The document holds the warm-up found, and `show` too; that processes do not change it is shown above."""
    alone, said = ran(capsys, "run", file, "--jobs", "1")
    assert "finding the warm-up: pilot of 10 replications" in said
    assert 0.0 < alone["warm_up_s"] <= 1000.0
    assert ran(capsys, "show")[0] == alone


def test_a_kept_run_needs_no_pilot(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """More replications of a stored run have its warm-up, without another pilot, and give what one run would give."""
    first, _ = ran(capsys, "run", file)
    more, said = ran(capsys, "run", file, "--replications", "5")
    assert "finding the warm-up" not in said
    assert more["warm_up_s"] == first["warm_up_s"]
    assert more == ran(capsys, "run", file, "--replications", "5", "--fresh")[0]


def test_too_short_a_run_says_so(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An overloaded queue is run with half of it left out; stderr, the document and `show` say that it is too short."""
    document, said = ran(capsys, "run", file, "--set", "network.flows.people.arrivals.poisson=3 /s")
    assert document["warm_up_s"] == 1000.0
    assert "too short" in document["warm_up_note"]
    assert "warning: the run is too short" in said
    assert ran(capsys, "show")[0] == document
    again, _ = ran(capsys, "run", file, "--set", "network.flows.people.arrivals.poisson=3 /s")
    assert again == document
