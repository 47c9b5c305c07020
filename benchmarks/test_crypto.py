"""Exchanges by suite, and messages by size, with real keys: processor time of both sides together."""

from __future__ import annotations

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.crypto.exchanges import Batch, Certificate, Exchange, Message, Session
from jukinet_sim.crypto.running.rig import KeyRing, Rig, nobody
from jukinet_sim.crypto.suites import suite, suites

NAMES = [one.name for one in suites() if one.available() is None]
SIZES = (512, 2048, 65_536)
EXCHANGES: dict[str, Exchange] = {
    "session": Session(),
    "resumed": Session(resumed=True),
    "batch_by_record": Batch(20, 1024, "record"),
    "batch_by_file": Batch(1024, 1024, "file"),
    "issue": Certificate("issue"),
    "chain": Certificate("chain"),
}


@pytest.fixture(scope="session")
def ring() -> KeyRing:
    """Keys that all suites share."""
    return KeyRing()


def _time(benchmark: BenchmarkFixture, rig: Rig, exchange: Exchange) -> None:
    """Time an exchange; what it passes on is made beforehand."""
    done = benchmark.pedantic(
        lambda carry_out: carry_out(),
        setup=lambda: ((rig.prepared(exchange, nobody, fresh),), {}),
        rounds=30,
        warmup_rounds=2,
    )
    flights = rig.suite.wire(exchange)
    assert all(flight.least_bytes <= sent <= flight.most_bytes for flight, sent in zip(flights, done, strict=True))
    benchmark.extra_info["wire_bytes"] = sum(done)
    benchmark.extra_info["operations"] = sum(step.count for step in rig.suite.steps(exchange))


@pytest.mark.parametrize("exchange", EXCHANGES)
@pytest.mark.parametrize("name", NAMES)
def test_exchange(benchmark: BenchmarkFixture, ring: KeyRing, name: str, exchange: str) -> None:
    """Carry out one exchange under one suite."""
    _time(benchmark, Rig(suite(name), ring), EXCHANGES[exchange])


@pytest.mark.parametrize("size_bytes", SIZES)
@pytest.mark.parametrize("name", NAMES)
def test_message(benchmark: BenchmarkFixture, ring: KeyRing, name: str, size_bytes: int) -> None:
    """Sign, seal, open and verify one message."""
    _time(benchmark, Rig(suite(name), ring), Message(size_bytes))
