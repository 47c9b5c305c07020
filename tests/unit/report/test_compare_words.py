"""What a comparison says of a figure: less, more, the same, or not told apart."""

from __future__ import annotations

from typing import Any

import pytest

from jukinet_sim.report.compare_table import _said
from jukinet_sim.statistics.paired import difference


def said(a: list[float], b: list[float]) -> str:
    """The sentences about one figure of two scenarios, from its values in each replication."""
    found = difference(a, b)
    values: list[dict[str, Any]] = [{"value": sum(x) / len(x), "half_width": 1.0, "n": len(x), "level": 0.95} for x in (a, b)]
    one = {
        "value": found.value, "half_width": found.half_width, "level": 0.95, "n": len(a), "verdict": found.verdict,
        "correlation": found.correlation, "independent_replications": None,
    }  # fmt: skip
    metric = {"name": "calls", "unit": "", "values": values, "differences": [one]}
    document: Any = {"replications": len(a), "seed": 1, "level": 0.95, "metrics": [metric], "slo": []}
    return "\n".join(_said(document, ["A", "B"]))


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        ([4.0, 5.0, 6.0], [4.0, 5.0, 6.0], "the same in every replication: calls"),
        ([4.0, 5.0, 6.0], [4.0, 15.0, 7.0], "not told apart from chance: calls; more replications"),
        ([4.0, 5.0, 6.0], [14.0, 15.1, 16.0], "calls is more"),
    ],
)
def test_what_is_not_decided_is_not_called_the_same(a: list[float], b: list[float], words: str) -> None:
    """Equal to the last bit is one thing, an interval that holds 0 another."""
    assert words in said(a, b)
