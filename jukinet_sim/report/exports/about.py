"""What exported numbers are of: the run, by what it was made, and every figure of its scenario with its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jukinet_sim.report.figure_rows import figure_rows
from jukinet_sim.report.rows import Tidy
from jukinet_sim.scenario.schema import Scenario

_TOLD = (
    "scenario", "title", "verb", "status", "limit", "warm_up_note", "hash", "seed", "replications", "engine", "rule_version",
    "fingerprint", "warm_up_s", "events", "visits", "places_note",
)  # fmt: skip
_NOTES = (
    ("units", "the end of a column's name: times in seconds, rates per second, fractions from 0 to 1"),
    ("half_width", "of the interval over replications; empty with one replication"),
    ("counts", "sums over the replications, in tables by replication those of one"),
)


def about_table(document: Mapping[str, Any], described: Mapping[str, Any]) -> Tidy:
    """Return what there is to say of a run or an experiment as a whole; `described` is its manifest or its record."""
    said = [(key, document[key]) for key in _TOLD if document.get(key) is not None]
    said += [("variant", " ".join(document["variant"]))] if document.get("variant") else []
    said.append(("code_version", described.get("code_version")))
    said += [(f"version of {name}", version) for name, version in (described.get("packages") or {}).items()]
    return Tidy({"key": "text", "value": "text"}, [{"key": key, "value": value} for key, value in [*said, *_NOTES]])


def assumptions_table(scenario: Scenario) -> Tidy:
    """Return a row for every figure of a scenario that is reported, derived or assumed."""
    rows = [
        {
            "key": row.key, "status": row.status, "value_si": row.value, "low_si": row.low, "high_si": row.high,
            "unit_si": row.unit, "value": row.shown, "range": row.shown_range, "reason": row.reason,
        }
        for row in figure_rows(scenario)
    ]  # fmt: skip
    return Tidy(
        {
            "key": "text", "status": "text", "value_si": "number", "low_si": "number", "high_si": "number", "unit_si": "text",
            "value": "text", "range": "text", "reason": "text",
        },
        rows,
    )  # fmt: skip
