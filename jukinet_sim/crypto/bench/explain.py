"""Why an exchange takes as long as it does: operation by operation, and what is left of the measured total."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jukinet_sim.crypto.bench.document import SCHEMA, described
from jukinet_sim.crypto.bench.figures import Figures, figures, noise
from jukinet_sim.crypto.bench.points import points_of
from jukinet_sim.crypto.bench.run import Watch, bench, is_random
from jukinet_sim.crypto.costs.card import Card
from jukinet_sim.crypto.exchanges import Batch, Certificate, Exchange
from jukinet_sim.crypto.steps import Step
from jukinet_sim.crypto.suite import Suite

_MOST_RECORDS, _MOST_BYTES, _MOST_REVOKED = 50, 2**20, 10_000


def explain_measured(suite: Suite, exchange: Exchange, seconds: float, watch: Watch | None = None) -> dict[str, Any]:
    """Return the document of an exchange whose operations, and itself as a whole, are timed in the same rounds.

    A large batch is cut down to what can be repeated; the document says to what.
    """
    small = repeatable(exchange)
    done = bench([suite], points_of(suite, (small,)), (small,), seconds, watch, single=True)
    whole = figures(done.exchanges[suite.name, small])
    random = is_random(suite, small)
    costs = {point: _typical(figures(timed), random) for point, timed in done.operations.items()}
    found = _document(suite, exchange, small, costs)
    measured = _typical(whole, random)
    noisy, grade = noise(done.rounds.gauge)
    return {
        **found, "card": None, "measured_s": measured, "explained_share": found["total_s"] / measured,
        "noise": {"median_over_best": noisy, "grade": grade}, "rounds": done.rounds.rounds,
        "seconds": done.rounds.seconds,
    }  # fmt: skip


def explain_by_card(suite: Suite, exchange: Exchange, card: Card) -> dict[str, Any]:
    """Return the document of an exchange by the costs of a card, without what calls from Python add.

    Raises UsageError listing what the card lacks.
    """
    steps = suite.steps(exchange)
    card.total_s(steps)
    costs = {(step.operation, step.size): card.cost(step.operation).mean_s(step.size) for step in steps}
    return {**_document(suite, exchange, exchange, costs), "card": card.name, "measured_s": None, "explained_share": None}


def repeatable(exchange: Exchange) -> Exchange:
    """Return the exchange, or what of it can be carried out again and again."""
    if isinstance(exchange, Certificate):
        return replace(exchange, revoked=min(exchange.revoked, _MOST_REVOKED))
    if not isinstance(exchange, Batch):
        return exchange
    if exchange.granularity == "record":
        return replace(exchange, records=min(exchange.records, _MOST_RECORDS))
    return replace(exchange, records=min(exchange.records, max(1, _MOST_BYTES // max(exchange.record_bytes, 1))))


def _document(
    suite: Suite, asked: Exchange, exchange: Exchange, costs: Mapping[tuple[str, int], float]
) -> dict[str, Any]:
    steps = suite.steps(exchange)
    rows = [_row(step, costs[step.operation, step.size]) for step in steps]
    total = sum(row["total_s"] for row in rows)
    sides = dict.fromkeys(step.side for step in steps)
    return {
        "schema": SCHEMA, "suite": suite.name, "exchange": described(asked),
        "carried_out": None if exchange == asked else described(exchange), "steps": rows, "total_s": total,
        "sides_s": {side: sum(row["total_s"] for row in rows if row["side"] == side) for side in sides},
        "wire_bytes": [
            {"side": flight.side, "least_bytes": flight.least_bytes, "most_bytes": flight.most_bytes}
            for flight in suite.wire(exchange)
        ],
    }  # fmt: skip


def _row(step: Step, cost_s: float) -> dict[str, Any]:
    return {
        "side": step.side, "operation": step.operation, "count": step.count, "size_bytes": step.size, "each_s": cost_s,
        "total_s": step.count * cost_s,
    }  # fmt: skip


def _typical(found: Figures, random: bool) -> float:
    """Return the median, but the mean of what takes another time at each call: medians do not add up there."""
    return found.mean_s if random else found.median_s
