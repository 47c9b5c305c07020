"""Replications on one process and on several: the same digests, kept whatever happens."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from results_samples import queue, store_in

from jukinet_sim.base.errors import StoreError, UsageError
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.experiments import replicate, work
from jukinet_sim.experiments.replicate import Outcome, run_replications
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.document import build_document
from jukinet_sim.results.rows import read_rows
from jukinet_sim.results.store import read_run
from jukinet_sim.results.summary import digest as whole_digest
from tests.kill.victims import group_is_empty

HERE = Path(__file__).parents[1]


def run(network: Network | None = None, **options: Any) -> Outcome:
    """Three replications of the queue on the reference engine, unless told otherwise."""
    settings = {"seed": 1, "replications": 3, "engine": "reference", **options}
    return run_replications(network or queue(), **settings)


def test_replications_come_in_order_and_differ() -> None:
    """Each replication has its number and a sample path of its own."""
    outcome = run()
    assert [digest.replication for digest in outcome.digests] == [0, 1, 2]
    assert len({digest.fingerprint for digest in outcome.digests}) == 3
    assert (outcome.interrupted, outcome.limit, outcome.status) == (0, None, "complete")


def test_replication_does_not_depend_on_those_before() -> None:
    """The first two of three replications are the two of a run of two."""
    assert run(replications=2).digests == run().digests[:2]


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_processes_change_no_bit(engine: str) -> None:
    """Two processes give the digests, and so the document, of one."""
    alone, together = (run(engine=engine, replications=4, jobs=jobs) for jobs in (1, 2))
    documents = [
        build_document(found.digests, scenario="queue", run_hash="0", seed=1, rule_version=1)
        for found in (alone, together)
    ]
    assert alone == together
    assert documents[0] == documents[1]


def test_engines_agree_on_every_figure() -> None:
    """The document does not depend on the engine, but for its name."""
    fast, reference = (run(engine=engine).digests for engine in ("fast", "reference"))
    assert [replace(digest, engine="") for digest in fast] == [replace(digest, engine="") for digest in reference]


def test_series_cover_every_bin() -> None:
    """2,000 s in bins of 500 s are four, and their arrivals add up to all arrivals of the replication."""
    digest = run(queue(warm_up_s=0.0), replications=1).digests[0]
    arrived = digest.flows["visitor"].series["arrived"]
    assert len(arrived) == 4
    assert sum(arrived) == digest.flows["visitor"].counts["arrived"]


@pytest.mark.parametrize("jobs", [1, 2])
def test_finished_replications_are_committed_before_they_are_reported(tmp_path: Path, jobs: int) -> None:
    """When `on_done` hears of a replication, another reader already finds it in the store."""
    reported: list[int] = []
    with store_in(tmp_path) as store:
        store.write_manifest({})

        def on_done(digest: ReplicationDigest) -> None:
            reported.append(digest.replication)
            assert [one.replication for one in read_run(store.folder)[1]] == sorted(reported)

        run(store=store, jobs=jobs, on_done=on_done)
    assert sorted(reported) == [0, 1, 2]


def test_stored_replications_are_not_run_again(tmp_path: Path) -> None:
    """More replications of the same run add those that are missing and give what one run would have given."""
    new: list[int] = []
    with store_in(tmp_path) as store:
        run(store=store, replications=2)
        outcome = run(store=store, replications=3, on_done=lambda digest: new.append(digest.replication))
    assert new == [2]
    assert outcome == run(replications=3)


def test_fewer_replications_than_stored_use_the_first(tmp_path: Path) -> None:
    """Asking for fewer than the store holds runs nothing and returns the first ones."""
    with store_in(tmp_path) as store:
        whole = run(store=store, replications=3)
        assert run(store=store, replications=1).digests == whole.digests[:1]


@pytest.mark.parametrize("jobs", [1, 2])
def test_limit_ends_the_run_and_is_kept(tmp_path: Path, jobs: int) -> None:
    """The first replication that hits the event budget is the last; asking again does not run it again."""
    network = queue(event_budget=500)
    with store_in(tmp_path) as store:
        outcome = run(network, store=store, jobs=jobs)
        again = run(network, store=store, on_done=lambda _: pytest.fail("a stored replication was run again"))
    assert [digest.complete for digest in outcome.digests] == [False]
    assert outcome.limit is not None
    assert "event budget of 500" in outcome.limit
    assert outcome.status == "partial"
    assert again == outcome


@pytest.mark.parametrize("jobs", [1, 2])
def test_visit_rows_are_kept_in_the_folder(tmp_path: Path, jobs: int) -> None:
    """Each replication's rows are on disk; in a fifo station with one server the starts never go back."""
    with store_in(tmp_path) as store:
        outcome = run(store=store, replications=2, jobs=jobs, keep_rows=True)
    for digest in outcome.digests:
        rows = read_rows(store.folder, digest.replication)
        assert len(rows["start_s"]) >= digest.visits
        assert np.all(np.diff(rows["start_s"]) >= 0.0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_progress_is_reported_here(jobs: int) -> None:
    """Progress of every process reaches the caller, with simulated time up to the horizon and a count of events."""
    seen: list[tuple[int, float, int]] = []
    run(replications=2, jobs=jobs, progress=lambda *report: seen.append(report))
    assert {replication for replication, _, _ in seen} == {0, 1}
    assert all(0.0 < simulated_s <= 2000.0 and events > 0 for _, simulated_s, events in seen)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupt_keeps_what_was_finished(tmp_path: Path, number: signal.Signals) -> None:
    """A signal after the second replication ends the run with exactly two, in the store too; the handlers go back."""

    def on_done(digest: ReplicationDigest) -> None:
        if digest.replication == 1:
            os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    with store_in(tmp_path) as store:
        outcome = run(store=store, replications=50, on_done=on_done)
        kept = store.finished()
    assert (outcome.interrupted, outcome.status) == (number, "interrupted")
    assert outcome.digests == kept == run(replications=2).digests
    assert signal.getsignal(number) is before


def test_interrupt_within_a_replication_drops_that_one() -> None:
    """A signal while the second replication runs keeps the first; the unfinished one is not reported."""
    def progress(replication: int, simulated_s: float, events: int) -> None:
        if replication == 1:
            os.kill(os.getpid(), signal.SIGINT)

    outcome = run(progress=progress)
    assert outcome.digests == run(replications=1).digests
    assert outcome.interrupted == signal.SIGINT


LONG = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]

def main():
    from jukinet_sim.experiments.replicate import run_replications
    from results_samples import queue, store_in

    report = lambda digest: print("done", flush=True)
    with store_in(Path(sys.argv[1])) as store:
        outcome = run_replications(
            queue(5_000.0), seed=1, replications=100_000, engine="reference", jobs=2, store=store, on_done=report
        )
    print(outcome.interrupted, len(outcome.digests), flush=True)

if __name__ == "__main__":
    main()
"""


def long_run(tmp_path: Path) -> subprocess.Popen[str]:
    """A process, leader of a group of its own, in the middle of a run on two workers."""
    script = tmp_path / "long_run.py"
    script.write_text(LONG)
    arguments = [sys.executable, str(script), str(tmp_path / "runs"), str(HERE), str(HERE.parents[1])]
    process = subprocess.Popen(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "done\n"
    return process


def ending(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What a process still writes until it ends; unlike `communicate`, with what `readline` has read ahead."""
    assert process.stdout is not None
    assert process.stderr is not None
    with process, process.stdout, process.stderr:
        return process.stdout.read(), process.stderr.read()


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether a condition comes true within a minute, which no correct run needs."""
    deadline = time.monotonic() + 60.0
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def to_all(process: subprocess.Popen[str], number: int) -> None:
    """Signal the whole group, as a terminal does on Ctrl-C."""
    os.killpg(process.pid, number)


def to_leader(process: subprocess.Popen[str], number: int) -> None:
    """Signal the calling process alone, as `kill` does."""
    process.send_signal(number)


@pytest.mark.parametrize(
    ("send", "number"), [(to_all, signal.SIGINT), (to_leader, signal.SIGTERM)]
)
def test_interrupted_processes_end_together(
    tmp_path: Path, send: Callable[[subprocess.Popen[str], int], None], number: int
) -> None:
    """An interrupt of a run on two workers keeps what was reported, prints no traceback and leaves no process."""
    process = long_run(tmp_path)
    send(process, number)
    out, errors = ending(process)
    *_, last = out.splitlines()
    with store_in(tmp_path / "runs") as store:
        assert last == f"{int(number)} {len(store.finished())}"
    assert last.split()[1] == str(1 + out.count("done"))
    assert (process.returncode, errors) == (0, "")
    assert eventually(lambda: group_is_empty(process.pid))


def test_killed_run_leaves_no_workers_and_a_good_store(tmp_path: Path) -> None:
    """After SIGKILL of the calling process its workers exit by themselves; the store opens with what was reported."""
    process = long_run(tmp_path)
    process.kill()
    out, _ = ending(process)
    assert eventually(lambda: group_is_empty(process.pid))
    with store_in(tmp_path / "runs") as store:
        assert len(store.finished()) >= 1 + out.count("done")


def test_killed_workers_cost_nothing(tmp_path: Path) -> None:
    """Workers that are killed, as when memory runs short, are replaced, even all at once: the run is that of others."""
    def kill_the_workers(digest: ReplicationDigest) -> None:
        if digest.replication == 3:
            for worker in multiprocessing.active_children():
                worker.kill()

    with store_in(tmp_path) as store:
        outcome = run(store=store, replications=10, jobs=2, on_done=kill_the_workers)
        assert store.finished() == outcome.digests == run(replications=10).digests
    assert (outcome.status, outcome.failed) == ("complete", {})


def dies_in_the_second(replication: Replication, program: Program) -> ReplicationDigest:
    """A digest of every replication but the second, which takes its process along."""
    if replication.replication == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return whole_digest(replication, program)


def test_a_replication_that_kills_its_worker_fails_alone(tmp_path: Path) -> None:
    """A replication whose process dies three times is marked as failed; the others are there, and kept."""
    with store_in(tmp_path) as store:
        outcome = run(store=store, replications=6, jobs=2, summary=dies_in_the_second)
        assert store.finished() == outcome.digests
    assert [digest.replication for digest in outcome.digests] == [0, 2, 3, 4, 5]
    assert outcome.status == "partial"
    how = "its worker process was ended by SIGKILL, 3 times in all, as happens where memory runs short; "
    assert outcome.failed == {1: f"{how}use fewer --jobs if that is why"}
    assert outcome.limit == f"replication 1 failed: {outcome.failed[1]}"


def test_lack_of_memory_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A replication that finds no memory ends the run with those before it."""
    def perform(order: work.Order, replication: int, progress: work.Progress) -> ReplicationDigest:
        if replication == 2:
            raise MemoryError
        return work.perform(order, replication, progress)

    monkeypatch.setattr(replicate, "perform", perform)
    outcome = run()
    assert (len(outcome.digests), outcome.status) == (2, "partial")
    assert outcome.limit == "memory ran out; use fewer --jobs"


@pytest.mark.parametrize("jobs", [1, 2])
def test_fault_of_the_network_reaches_the_caller(jobs: int) -> None:
    """An error that a worker meets is raised here as what it is, not as a broken pool."""
    twice = queue().flows * 2
    with pytest.raises(Exception, match="both called visitor"):
        run(queue(flows=twice), jobs=jobs)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"engine": "auto"}, '"auto" is not an engine that can run; write fast or reference'),
        ({"replications": 0}, "counted from 1"),
        ({"jobs": 0}, "counted from 1"),
        ({"keep_rows": True}, "give a store"),
    ],
)
def test_impossible_calls_are_refused(options: dict[str, Any], message: str) -> None:
    """What cannot be carried out is a usage error before anything runs."""
    with pytest.raises(UsageError, match=message):
        run(**options)


def test_store_in_trouble_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When a commit fails, the error reaches the caller and the replications before it stay."""
    with store_in(tmp_path) as store:
        commit = store.commit

        def full(digest: ReplicationDigest) -> None:
            if digest.replication == 1:
                raise StoreError("the disk is full; make room")
            commit(digest)

        monkeypatch.setattr(store, "commit", full)
        with pytest.raises(StoreError, match="disk is full"):
            run(store=store)
        assert [digest.replication for digest in store.finished()] == [0]
