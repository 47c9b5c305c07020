"""Figures of experiments as people read them: what a column is called, in which unit, and what stands in a cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jukinet_sim import metrics
from jukinet_sim.report.numbers import PERCENT, PLAIN, UNDEFINED, Unit, interval, time_unit


def unit_for(name: str, values: Sequence[Mapping[str, Any]]) -> Unit:
    """Return the unit in which a figure is shown, by what the catalogue says of it; measures are in their own."""
    found = [metric for metric in metrics.CATALOGUE if name.partition(",")[0].endswith(f" {metric.name}")]
    if not found:
        return PLAIN
    if found[0].dimension == "time":
        return time_unit(values)
    return PERCENT if found[0].dimension == "fraction" else PLAIN


def short_keys(keys: Sequence[str]) -> list[str]:
    """Return the last words of keys, as few as tell them apart."""
    parts = [key.split(".") for key in keys]
    for length in range(1, max(map(len, parts), default=1) + 1):
        found = [".".join(part[-length:]) for part in parts]
        if len(set(found)) == len(set(keys)):
            return found
    return list(keys)


def heading(name: str, unit: Unit) -> str:
    """Return a figure's name with its unit."""
    return f"{name} [{unit.name}]" if unit.name else name


def cell(value: Mapping[str, Any] | None, unit: Unit) -> str:
    """Return a value object with its half-width, a dash for none."""
    return UNDEFINED if value is None else interval(value, unit)
