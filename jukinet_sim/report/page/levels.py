"""Service levels as the first screen shows them: how near each is to its bound, where and when, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jukinet_sim.language.slo import Slo
from jukinet_sim.report.measures_table import chance_of, range_of
from jukinet_sim.report.numbers import UNDEFINED, Unit, interval, plain
from jukinet_sim.report.run_table import unit_of_bound, when_and_where


@dataclass(frozen=True)
class LevelRow:
    """A service level: its value with what chance and what assumptions do to it, and its share of the bound, 1 at the bound.

    `by_assumption` is None where nothing was sampled; `verdict` is met, missed or undecided.
    """

    text: str
    value: str
    by_chance: str
    by_assumption: str | None
    mostly_by: str
    used: float | None
    verdict: str
    where: str

    @property
    def used_shown(self) -> str:
        """The share of the bound in per cent."""
        return UNDEFINED if self.used is None else f"{plain(float(f'{100.0 * self.used:.3g}'))} %"

    @property
    def bar(self) -> int:
        """The length of a bar, in per cent of the bound, full where it is reached."""
        return 0 if self.used is None else max(0, min(100, round(100.0 * self.used)))


def level_rows(document: Mapping[str, Any], scenario_levels: Sequence[Slo]) -> list[LevelRow]:
    """Return a row for each service level: those that are missed first, then the nearest to its bound."""
    sampled = {one["name"]: one for one in document.get("assumptions", {}).get("headlines", ())}
    rows = [
        _row(level, slo, sampled.get(level["text"]) or sampled.get(slo.name), anything=bool(sampled))
        for level, slo in zip(document["slo"], scenario_levels, strict=True)
    ]
    order = {"missed": 0, "undecided": 1, "met": 2}
    return sorted(rows, key=lambda row: (order[row.verdict], -(row.used or 0.0)))


def _row(level: Mapping[str, Any], slo: Slo, headline: Mapping[str, Any] | None, *, anything: bool) -> LevelRow:
    value, unit = level["value"], unit_of_bound(level["text"])
    alone = {**value, "half_width": None, "per_replication": (value["value"],)}
    shown = f"{interval(alone, unit)} {unit.name}".rstrip()
    by_assumption = None if not anything else UNDEFINED
    mostly = ""
    if headline is not None and headline["value"]["value"] is not None:
        by_assumption = range_of(headline, unit)
        mostly = (headline["mostly_by"] or "") if headline["beyond_chance"] else ""
    return LevelRow(
        level["text"], shown, _chance(value, unit), by_assumption, mostly,
        share_of_bound(value["value"], slo), level["verdict"], when_and_where(level.get("at")),
    )  # fmt: skip


def _chance(value: Mapping[str, Any], unit: Unit) -> str:
    """Return what chance does to a value; n/a with one replication."""
    if value["value"] is None:
        return UNDEFINED
    shown = chance_of(value, unit)
    return shown if value["half_width"] is None else f"± {shown}"


def share_of_bound(value: float | None, slo: Slo) -> float | None:
    """Return how much of a bound is used up: 1 where it is reached, more where it is missed; None where that has no meaning."""
    if value is None or slo.bound <= 0.0:
        return None
    if slo.below is not None:
        return value / slo.bound
    return slo.bound / value if value > 0.0 else None
