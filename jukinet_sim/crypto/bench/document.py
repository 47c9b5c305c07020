"""A bench as a JSON document: every operation and exchange with its figures, and suites compared within the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from jukinet_sim.crypto.bench import host
from jukinet_sim.crypto.bench.figures import Ratio, figures, noise, ratio
from jukinet_sim.crypto.bench.rounds import Timed
from jukinet_sim.crypto.bench.run import Bench, is_random
from jukinet_sim.crypto.exchanges import Exchange

SCHEMA = 1


def bench_document(done: Bench) -> dict[str, Any]:
    """Return the document of a bench; times in seconds of processor time, of exchanges for both sides together."""
    noisy, grade = noise(done.rounds.gauge)
    first = done.suites[0].name
    exchanges = [
        {
            "suite": name, "exchange": described(exchange), "time_s": _figures(timed),
            "ratio": None if name == first else _ratio(_against(done, name, first, exchange)),
            "wire_bytes": _wire(done, name, exchange),
        }
        for (name, exchange), timed in done.exchanges.items()
    ]  # fmt: skip
    operations = [
        {"operation": operation, "size_bytes": size, "time_s": _figures(timed)}
        for (operation, size), timed in sorted(done.operations.items())
    ]
    return {
        "schema": SCHEMA, "suites": [suite.name for suite in done.suites], "seconds": done.rounds.seconds,
        "rounds": done.rounds.rounds, "noise": {"median_over_best": noisy, "grade": grade},
        "host": {"processor": host.processor(), "instruction_set": host.instruction_set(), "library": host.library()},
        "exchanges": exchanges, "operations": operations,
        "binding_s": {kind: _figures(timed) for kind, timed in done.binding.items()},
    }  # fmt: skip


def _against(done: Bench, name: str, first: str, exchange: Exchange) -> Ratio:
    """Return an exchange's ratio to that of the first suite: of means where signing starts anew at random."""
    random = any(is_random(suite, exchange) for suite in done.suites if suite.name in (name, first))
    return ratio(done.exchanges[name, exchange], done.exchanges[first, exchange], means=random)


def described(exchange: Exchange) -> dict[str, Any]:
    """Return an exchange as a document."""
    return {"kind": exchange.kind, **asdict(exchange)}


def _figures(timed: Timed) -> Mapping[str, float]:
    found = figures(timed)
    return {
        "best": found.best_s, "median": found.median_s, "iqr": found.iqr_s, "mean": found.mean_s, "samples": found.samples,
    }  # fmt: skip


def _ratio(found: Ratio) -> dict[str, Any]:
    return {"value": found.value, "low": found.low, "high": found.high, "apart": found.apart}


def _wire(done: Bench, name: str, exchange: Exchange) -> list[dict[str, Any]]:
    suite = next(one for one in done.suites if one.name == name)
    return [asdict(flight) for flight in suite.wire(exchange)]
