"""The same bits whatever runs beside, before or around: fewer replications, more processes, other flows, other surroundings."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import EngineName, make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.experiments.replicate import run_replications
from jukinet_sim.network.model import Branch, Delay, Flow, Network, Poisson, Retry, Spawn, Station, Step, Visit
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.workers import Workers

KIND = "determinism"
SEED = 11
_FIRST: tuple[Step, ...] = (Visit("a", dist.exponential(0.9)), Visit("b", dist.gamma(0.7, 0.5)))
_SECOND: tuple[Step, ...] = (
    Visit("c", dist.exponential(0.8), label="again"),
    Branch((("again", 0.2), ("on", 0.8))),
    Visit("d", dist.lognormal(0.5, 2.0), label="on"),
)
_LONGER: dict[str, tuple[Step, ...]] = {
    "a step before": (Delay(dist.exponential(1.0)), *_FIRST),
    "a step behind": (*_FIRST, Visit("a", dist.weibull(0.2, 1.5))),
    "a branch between": (_FIRST[0], Branch(((None, 0.5), ("go", 0.5))), Delay(dist.uniform(0.0, 1.0), label="go"), _FIRST[1]),
    "a spawned flow": (*_FIRST, Spawn("third")),
}
_CHANGED: dict[str, dict[str, str]] = {
    f"{name}={value}": {name: value}
    for name, value in (
        ("PYTHONHASHSEED", "1"), ("PYTHONHASHSEED", "4242"), ("TZ", "America/St_Johns"), ("TZ", "Asia/Tokyo"),
        ("LC_ALL", "tr_TR.UTF-8"), ("LC_ALL", "C.UTF-8"),
    )
}  # fmt: skip
_USUAL = {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C"}
_SCENARIO = """\
schema: 1
scenario: surroundings
run: {horizon: 400 s, warm_up: 50 s, replications: 3, seed: 11}
network:
  stations:
    web: {servers: 2, breakdowns: {up: {exponential: 40 s}, down: {exponential: 4 s}}}
    db: {servers: 1, discipline: priority, capacity: 9}
  flows:
    query:
      arrivals: {poisson: 0.8 /s}
      patience: {exponential: 9 s}
      retry: {attempts: 3, backoff: {exponential: 2 s}, factor: 2}
      route:
        - {visit: web, demand: {lognormal: {mean: 900 ms, cv: 1.5}}}
        - {visit: db, demand: {gamma: {mean: 700 ms, cv: 0.5}}}
    report:
      arrivals: {renewal: {erlang: {k: 2, mean: 7 s}}}
      priority: 1
      route: [{visit: db, demand: {exponential: 1 s}}]
"""


def determinism_claims(engine: EngineName, pool: Workers) -> Iterator[Claim]:
    """Yield the claims for one engine; some of them run the command in processes of their own."""
    yield from _replications(engine)
    yield from _neighbours(engine)
    yield from _surroundings(engine, pool)


def _claim(point: str, subject: str, engine: EngineName, *, holds: bool) -> Claim:
    return Claim(KIND, "same bits", point, subject, holds, engine, {"seed": SEED})


def _pair(*more: Station, first: tuple[Step, ...] = _FIRST) -> Network:
    """Return two flows with stations of their own, the second one losing patience and trying again."""
    stations = tuple(Station(name, 1) for name in "abcd")
    retry = Retry(3, dist.exponential(1.0), 2.0)
    flows = (
        Flow("first", first, Poisson(0.8)),
        Flow("second", _SECOND, Poisson(0.7), patience=dist.exponential(4.0), retry=retry),
        Flow("third", (Visit("b", dist.exponential(0.1)),)),
    )
    return Network("pair", 1000.0, (*more, *stations), flows, warm_up_s=50.0)


def _replications(engine: EngineName) -> Iterator[Claim]:
    """Compare the digests of 20 replications with those of 10, and of one process with those of two."""

    def run(replications: int, jobs: int) -> list[ReplicationDigest]:
        return run_replications(_pair(), seed=SEED, replications=replications, engine=engine, jobs=jobs).digests

    many = run(20, 1)
    yield _claim("replications 1-10 of 20", "digests of a run of 10", engine, holds=run(10, 1) == many[:10])
    yield _claim("--jobs 2", "digests of --jobs 1", engine, holds=run(20, 2) == many)


def _neighbours(engine: EngineName) -> Iterator[Claim]:
    """Compare the visits of a flow with and without something else beside it."""
    plain = _conducted(_pair(), engine)
    beside = _conducted(_pair(Station("idle", 3)), engine)
    for flow in range(2):
        equal = _visits(plain, flow) == _visits(beside, flow)
        yield _claim("an idle station", f"visits of flow {flow + 1}", engine, holds=equal)
    yield _claim("an idle station", "fingerprint", engine, holds=plain.fingerprint == beside.fingerprint)
    for name, route in _LONGER.items():
        changed = _conducted(_pair(first=route), engine)
        yield _claim(f"{name} in another flow", "visits", engine, holds=_visits(plain, 1) == _visits(changed, 1))
    alone = replace(_pair(), flows=_pair().flows[1:])
    yield _claim("another flow", "visits", engine, holds=_visits(_conducted(alone, engine), 0) == _visits(plain, 1))


def _conducted(network: Network, engine: EngineName) -> Replication:
    program = compile_program(network)
    return conduct(make_engine(engine, program, SEED, 0, keep_rows=True), program, 0)


def _visits(run: Replication, flow: int) -> tuple[bytes, bytes, bytes]:
    """Return job keys, outcomes and times of one flow's visits, in the order of their ends."""
    if run.visit_rows is None:
        raise ValueError("the run kept no visit rows; make its engine with keep_rows")
    rows, times = run.visit_rows
    own = rows[:, 0] == flow
    return rows[own, 1].tobytes(), rows[own, 4].tobytes(), times[own].tobytes()


@dataclass(frozen=True)
class _Call:
    """One run of the command in a process of its own."""

    file: Path
    engine: EngineName
    folder: Path
    surroundings: tuple[tuple[str, str], ...]


def _surroundings(engine: EngineName, pool: Workers) -> Iterator[Claim]:
    """Compare the documents that the command prints in other surroundings with the one in the usual ones."""
    with tempfile.TemporaryDirectory(prefix="jukinet-verify-") as name:
        folder = Path(name)
        file, elsewhere = folder / "surroundings.yaml", folder / "elsewhere"
        file.write_text(_SCENARIO, encoding="utf-8")
        elsewhere.mkdir()
        calls = [_Call(file, engine, folder, tuple({**_USUAL, **changed}.items())) for changed in ({}, *_CHANGED.values())]
        usual, *others = pool.map(_document, [*calls, _Call(file, engine, elsewhere, tuple(_USUAL.items()))])
        for words, document in zip((*_CHANGED, "working directory"), others, strict=True):
            yield _claim(words, "bytes of run --json", engine, holds=document is not None and document == usual)


def _document(call: _Call) -> bytes | None:
    """Run the command anew; return its document, None where it failed."""
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(part for part in (root, os.environ.get("PYTHONPATH", "")) if part)
    command = [sys.executable, "-m", "jukinet_sim", "run", str(call.file), "--json", "--quiet", "--engine", call.engine]
    with tempfile.TemporaryDirectory(dir=call.folder) as runs:
        done = subprocess.run(
            [*command, "--out", runs],
            cwd=call.folder,
            env={**os.environ, **dict(call.surroundings), "PYTHONPATH": path},
            capture_output=True,
            check=False,
        )
    return done.stdout if done.returncode == 0 else None
