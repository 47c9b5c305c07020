"""The few figures of a run that are held against our assumptions, and what the samples say about each.

Amounts, such as measures, are those of the full run times the ratio of a sample to the sampled network's own value, because
a scaled nation has fewer of everything; latencies are taken from the samples as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.language.record import Recorded
from jukinet_sim.language.slo import Slo
from jukinet_sim.scenario.schema import Scenario
from jukinet_sim.statistics.student import two_sided_quantile

By = Literal["ratio", "absolute"]
FLOWS = 5
"""Flows whose sojourns are the headlines of a scenario without measures and service levels."""
PERCENTILES = (5.0, 95.0)
_UNITS = {"time": "s", "rate": "/s", "fraction": "fraction", "number": "number"}
_RISK = 0.01
_ROUNDING = 1e-9
LEAST_SAMPLES = 20
"""With fewer samples the largest of a hundred chance correlations looks like a cause, so none is named."""


@dataclass(frozen=True)
class Headline:
    """One figure of the result document: its name, the keys that lead to its value object, its unit, how it is scaled."""

    name: str
    keys: tuple[str | int, ...]
    unit: str
    by: By

    def value(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the value object in a document."""
        found: Any = document
        for key in self.keys:
            found = found[key]
        return found


    def of(self, values: Mapping[str, float | None]) -> float | None:
        """Return its value among the figures of one replication, None where it is undefined."""
        # A figure of a flow says so where something else bears the flow's name.
        return values[self.name] if self.name in values else values[f"flow {self.name}"]


def headlines(scenario: Scenario, document: Mapping[str, Any]) -> tuple[Headline, ...]:
    """Return every measure, and what every service level and entry of the record is about.

    Without any, mean and p99 sojourn of the largest flows.
    """
    found = [Headline(name, ("measures", name, "value"), one.unit, "ratio") for name, one in scenario.measures.items()]
    found += _judged(scenario)
    # Two bounds on one figure are one headline.
    return tuple({one.name: one for one in reversed(found)}.values())[::-1] or tuple(_largest(document))


def _judged(scenario: Scenario) -> Iterator[Headline]:
    """Yield what the service levels and what is on record and was not given are about, measures apart."""
    lists: Mapping[str, Sequence[Slo | Recorded]] = {"slo": scenario.slo, "record": scenario.record}
    for key, entries in lists.items():
        for number, one in enumerate(entries):
            if one.metric is not None and not (isinstance(one, Recorded) and one.given):
                by: By = "ratio" if one.of.amount else "absolute"
                yield Headline(one.name, (key, number, "value"), _UNITS[one.of.dimension], by)


def _largest(document: Mapping[str, Any]) -> Iterator[Headline]:
    """Yield mean and p99 sojourn of the flows with most records."""
    flows = document["flows"]
    for name in sorted(flows, key=lambda name: -flows[name]["records"])[:FLOWS]:
        for point in ("mean", "p99"):
            yield Headline(f"{name} sojourn.{point}", ("flows", name, "sojourn_s", point), "s", "absolute")


def judged(
    headline: Headline,
    full: Mapping[str, Any],
    baseline: float | None,
    drawn: Sequence[float | None],
    points: Mapping[str, Sequence[float]],
    *,
    scaled: bool,
) -> dict[str, Any]:
    """Return what the samples say about one headline, as the result document holds it.

    `full` is its value object in the run itself, `baseline` its value in the sampled network with the scenario's own
    values, `drawn` that of each sample, `points` each parameter's values in the same order; `scaled` tells whether the
    sampled network is another than that of the run.
    """
    kept = np.array([i for i, value in enumerate(drawn) if value is not None], dtype=np.int64)
    values = np.array([value for value in drawn if value is not None], dtype=np.float64)
    whole = _of_full_run(headline, full["value"], baseline, values, scaled=scaled)
    by, correlation, beyond = strongest(values, {name: np.array(x)[kept] for name, x in points.items()})
    return {
        "name": headline.name,
        "unit": headline.unit,
        "value": dict(full),
        "by": headline.by,
        **_ranges(whole),
        "of_run": None if whole is None else whole.tolist(),
        "unmoved": _why_unmoved(values),
        "mostly_by": by,
        "rank_correlation": correlation,
        "beyond_chance": beyond,
        "sampled": {"baseline": baseline, "n": len(values), **_ranges(values)},
    }


def _why_unmoved(values: NDArray[np.float64]) -> str | None:
    """Say why no sample moves a headline; None where samples move it, or are too few to tell."""
    if len(values) < 2 or np.ptp(values) > _ROUNDING * np.abs(values).max():
        return None
    if values.any():
        return "the same in every sample: no figure that is varied enters it"
    return "0 in every sample: no figure, as far as its range goes, brings one about"


def _of_full_run(
    headline: Headline, full: float | None, baseline: float | None, values: NDArray[np.float64], *, scaled: bool
) -> NDArray[np.float64] | None:
    """Return the samples as values of the full run; None where they say nothing about it."""
    if headline.by == "absolute":
        return values
    if full is not None and baseline:
        amounts = values * (full / baseline)
        return np.minimum(amounts, 1.0) if headline.unit == "fraction" else amounts
    # Nothing times any factor is nothing, and of nothing there is no ratio; unscaled, the samples speak for themselves.
    return values if not scaled or (baseline == 0.0 and full == 0.0 and not values.any()) else None


def _ranges(values: NDArray[np.float64] | None) -> dict[str, float | None]:
    """Return the 5th and 95th percentile and the extremes."""
    if values is None or not len(values):
        return dict.fromkeys(("low", "high", "min", "max"))
    low, high = np.percentile(values, PERCENTILES)
    return {"low": float(low), "high": float(high), "min": float(values.min()), "max": float(values.max())}


def strongest(values: NDArray[np.float64], points: Mapping[str, NDArray[np.float64]]) -> tuple[str | None, float | None, bool]:
    """Return the parameter with the largest rank correlation with values, that correlation, and if it is beyond chance.

    The last by Student's t with n - 2 degrees of freedom, at 1 % over all parameters together, from `LEAST_SAMPLES` on.
    """
    known = {name: rank_correlation(x, values) for name, x in points.items()}
    found = {name: rho for name, rho in known.items() if rho is not None}
    if not found:
        return None, None, False
    name = max(found, key=lambda name: abs(found[name]))
    degrees = len(values) - 2
    t = two_sided_quantile(1.0 - _RISK / len(points), degrees)
    enough = len(values) >= LEAST_SAMPLES
    return name, found[name], enough and abs(found[name]) > t / (degrees + t * t) ** 0.5


def rank_correlation(x: NDArray[np.float64], y: NDArray[np.float64]) -> float | None:
    """Return Spearman's rank correlation, ties given their mean rank; None for fewer than three or where nothing varies."""
    if len(x) < 3 or np.ptp(x) == 0.0 or np.ptp(y) == 0.0:
        return None
    return float(np.clip(np.corrcoef(_ranks(x), _ranks(y))[0, 1], -1.0, 1.0))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ranks from 1, equal values sharing the mean of theirs."""
    _, which, times = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(times)
    mean_rank: NDArray[np.float64] = last - (times - 1) / 2.0
    return mean_rank[which]
