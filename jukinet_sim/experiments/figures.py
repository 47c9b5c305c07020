"""The digest of a replication to one flat row: every figure by one name, such as `query sojourn.p99` or `db utilisation`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from jukinet_sim import metrics
from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.results import measures, objectives
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.scenario.schema import Scenario

LARGEST = 5
"""Flows and stations whose figures are taken where a scenario says not what matters: those with most records, most load."""


@dataclass(frozen=True, slots=True)
class Row:
    """One replication: its figures by name, what each service level is about, and whether somebody waits for ever in it.

    An undefined figure is None.
    """

    values: Mapping[str, float | None]
    slo: tuple[float | None, ...]
    stuck: bool


def read_row(scenario: Scenario, digest: ReplicationDigest) -> Row:
    """Return the row of a replication of a scenario."""
    measured = measures.in_replication(digest, scenario.measures)
    asked = (*scenario.slo, *scenario.outputs, *scenario.record)
    found = [objectives.in_replication(digest, one, measured) for one in asked]
    values = {**measured, **_figures(digest), **dict(zip((one.name for one in asked), found, strict=True))}
    return Row(values, tuple(found[: len(scenario.slo)]), bool(digest.stuck))


def _figures(digest: ReplicationDigest) -> dict[str, float | None]:
    """Return every figure of every flow, station and pool."""
    found: dict[str, float | None] = {}
    window_s = digest.window_s[1] - digest.window_s[0]
    kinds = digest.kinds()
    shared = {name for name, times in Counter(name for parts in kinds.values() for name in parts).items() if times > 1}
    for kind in ("flow", "station", "pool"):
        for name, part in kinds[kind].items():
            called = f"{kind} {name}" if name in shared else name
            for metric in metrics.of_kind(kind).values():
                if not metric.summed and metric.path in part.metrics:
                    found[f"{called} {metric.name}"] = part.metrics[metric.path]
                elif metric.summed and _is_kept(metric, part.counts):
                    found[f"{called} {metric.name}"] = measures.quantity(metric, part, window_s)
    return found


def _is_kept(metric: metrics.Metric, counts: Mapping[str, int]) -> bool:
    """Whether a part has what a sum is made of."""
    if isinstance(metric.source, metrics.Count):
        return metric.source.key in counts
    return metric.needs is None


def unit_of(name: str, scenario: Scenario) -> str:
    """Return the unit of a figure; empty for a fraction and for a plain number."""
    if name in scenario.measures:
        return scenario.measures[name].unit
    for one in (*scenario.slo, *scenario.outputs, *scenario.record):
        if one.name == name:
            return one.of.unit
    found = [metric.unit for metric in metrics.CATALOGUE if name.endswith(f" {metric.name}")]
    return found[0] if found else ""


def names_that_matter(scenario: Scenario, rows: Sequence[Row]) -> list[str]:
    """Return the names of what a scenario judges and measures, and the mean sojourn of its flows with most records.

    Where it judges and measures nothing, the 99th percentile as well, and the utilisation of the stations used most.
    """
    named = [one.name for one in (*scenario.slo, *scenario.outputs, *scenario.record)] + list(scenario.measures)
    known = rows[0].values if rows else {}

    def largest(end: str) -> list[str]:
        found = [name for name in known if name.endswith(end) and known[name] is not None]
        return sorted(found, key=lambda name: -(known[name] or 0.0))[:LARGEST]

    flows = [name.removesuffix(" records") for name in largest(" records")]
    if named:
        return list(dict.fromkeys([*named, *(f"{flow} sojourn.mean" for flow in flows)]))
    return [f"{flow} sojourn.{point}" for flow in flows for point in ("mean", "p99")] + largest(" utilisation")


def check_names(asked: Iterable[str], rows: Sequence[Row]) -> list[str]:
    """Return figures that somebody asked for by name. Raises UsageError for one that no row has."""
    known = rows[0].values if rows else {}
    for name in asked:
        if name not in known:
            cure = one_of(name, known, "jukinet explain metrics lists what there is")
            raise UsageError(f'there is no figure "{name}"; {cure}')
    return list(asked)
