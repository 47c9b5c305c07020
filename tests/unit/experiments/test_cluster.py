"""Replications on a Dask scheduler with two workers, all on loopback: the same bits, and what goes wrong is said."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from results_samples import queue

from jukinet_sim.base.errors import StoreError, UsageError
from jukinet_sim.experiments.executors.choose import make_executor
from jukinet_sim.experiments.executors.cluster import _speaking
from jukinet_sim.experiments.interrupts import Interrupts
from jukinet_sim.experiments.replicate import Outcome, Wanted, make_order, replicate, run_replications

pytest.importorskip("distributed")
LIFETIME_S = 120
"""Whatever a test forgets to end ends by itself."""
TOGETHER = 12


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """Start a part of a cluster."""
    return subprocess.Popen(
        [sys.executable, "-m", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[3]
    )


def end(*processes: subprocess.Popen[bytes]) -> None:
    """End parts of a cluster and wait for them."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(2)
        process.kill()
        process.wait()


def address_in(told: Path) -> str:
    """The address a scheduler has written; its file is there before its text is, so the text is what is waited for."""
    deadline = time.monotonic() + 60.0
    while time.monotonic() < deadline:
        with contextlib.suppress(FileNotFoundError, json.JSONDecodeError):
            return str(json.loads(told.read_text())["address"])
        time.sleep(0.05)
    raise TimeoutError(f"no scheduler has said its address in {told}")


@contextlib.contextmanager
def scheduler(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A scheduler on loopback, at a port that is free."""
    told = folder / "scheduler.json"
    process = start(
        "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show",
        "--scheduler-file", str(told), "--idle-timeout", str(LIFETIME_S),
    )  # fmt: skip
    try:
        yield process, address_in(told)
    finally:
        end(process)


@contextlib.contextmanager
def workers(address: str, number: int = 2) -> Iterator[subprocess.Popen[bytes]]:
    """Workers of one thread each."""
    process = start(
        "distributed.cli.dask_worker", address, "--host", "127.0.0.1", "--nworkers", str(number), "--nthreads", "1",
        "--no-dashboard", "--death-timeout", "30", "--lifetime", str(LIFETIME_S),
    )  # fmt: skip
    try:
        yield process
    finally:
        end(process)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers."""
    with scheduler(tmp_path_factory.mktemp("cluster")) as (_, address), workers(address):
        wait_for_workers(address, 2)
        yield address


def wait_for_workers(address: str, number: int) -> None:
    """Wait until so many workers have come."""
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(number, timeout=60)


def run_on(address: str, replications: int) -> Outcome:
    """Run the queue on a cluster."""
    order = make_order(queue(), 1, "reference")
    with Interrupts() as interrupts, make_executor(1, address) as executor:
        return replicate([Wanted(order, replications)], executor, interrupts)[0]


def test_a_cluster_gives_the_same_bits(cluster: str) -> None:
    """Replications done by two workers of a cluster are those done here."""
    assert run_on(cluster, TOGETHER) == run_replications(queue(), seed=1, replications=TOGETHER, engine="reference")


def test_a_fault_of_the_network_reaches_the_caller(cluster: str) -> None:
    """An error that a worker of a cluster meets is raised here as what it is."""
    order = make_order(queue(flows=queue().flows * 2), 1, "reference")
    with (
        Interrupts() as interrupts,
        make_executor(1, cluster) as executor,
        pytest.raises(Exception, match="both called visitor"),
    ):
        replicate([Wanted(order, 2)], executor, interrupts)


def test_an_address_where_nobody_answers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """No scheduler, and what is no address, are told with a cure."""
    monkeypatch.setattr("jukinet_sim.experiments.executors.cluster._CONNECT_S", 1.0)
    with pytest.raises(UsageError, match=r"no scheduler answers at tcp://127.0.0.1:9 .* start one with dask scheduler"):
        make_executor(1, "tcp://127.0.0.1:9")
    with pytest.raises(UsageError, match="is no address of a scheduler; write one such as tcp://"):
        make_executor(1, "localhost")


def test_a_scheduler_without_workers_is_refused(tmp_path: Path) -> None:
    """Work that nobody would ever do is refused at once."""
    with scheduler(tmp_path) as (_, address), pytest.raises(UsageError, match="has no workers; start one with dask worker"):
        make_executor(1, address)


def test_nobody_to_connect_to_is_a_scheduler_that_went_away() -> None:
    """A refused connection is told with the cure; what a piece of work raises itself stays what it is."""
    with pytest.raises(StoreError, match=r"went away \(OSError\); finished replications are kept"), _speaking("tcp://here:1"):
        raise OSError("Timed out trying to connect")
    with pytest.raises(FileNotFoundError), _speaking("tcp://here:1", results=True):
        raise FileNotFoundError("municipalities.csv")


def test_a_scheduler_that_goes_away_is_told(tmp_path: Path) -> None:
    """When the scheduler dies in the middle, what was finished is kept by the caller and the cure is named."""
    with scheduler(tmp_path) as (process, address), workers(address, 1):
        wait_for_workers(address, 1)
        order = make_order(queue(), 1, "reference")
        with (
            Interrupts() as interrupts,
            make_executor(1, address) as executor,
            pytest.raises(StoreError, match=r"went away .* finished replications are kept"),
        ):
            replicate([Wanted(order, 1000)], executor, interrupts, on_done=lambda _: process.kill())
