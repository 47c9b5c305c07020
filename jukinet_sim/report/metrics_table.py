"""The catalogue of metrics to tables: what can be judged, summed and ranked of a flow, a station and a pool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jukinet_sim import metrics
from jukinet_sim.report.terminal import Table, table

_COLUMNS = ("metric", "of a", "unit", "sum", "rank", "window", "place", "what it is")
_UNITS = {"fraction": "%"}


def list_metrics() -> Iterator[str | Table]:
    """Yield the tables of all metrics, latencies with their points in one row."""
    yield "Service levels (slo) can bound every metric. Those marked sum can be summed by measures, and those marked"
    yield "rank are kept of every place of a station or pool (--worst STATION:METRIC). Those marked window can be"
    yield "judged in the busiest bin or a stretch of the run (window: busiest 1 h), those marked place at one place"
    yield "or the worst one (place: worst). Points of a latency are mean, p50, p90, p95, p99 and max: wait.p99."
    rows: list[tuple[str, ...]] = []
    for kind in metrics.KINDS:
        rows += [("",) * len(_COLUMNS)] if rows else []
        grouped: dict[str, list[metrics.Metric]] = {}
        for metric in metrics.of_kind(kind).values():
            grouped.setdefault(metric.name.partition(".")[0], []).append(metric)
        for members in grouped.values():
            rows += [_row(members)] if len(members) > 1 else map(_one, members)
    yield table(_COLUMNS, rows, left=len(_COLUMNS))
    yield ""
    yield "jukinet explain METRIC   tells where one stands in the result document, such as: jukinet explain wait.p99"


def explain_metric(found: Iterable[metrics.Metric]) -> Iterator[str]:
    """Yield the lines about the metrics of one name."""
    for metric in found:
        yield f"{metric.name} (metric of a {metric.kind})"
        yield f"  {metric.meaning}"
        unit = _UNITS.get(metric.dimension, metric.unit)
        yield f"  unit      {unit or 'a plain number'}{'; per replication' if metric.summed else ''}"
        if metric.keys:
            yield f"  in --json {metric.kind}s.NAME.{metric.path}.value"
        if metric.kind == "measure":
            continue
        bound = {"time": "2 s", "rate": "10 /s", "fraction": "80 %", "number": "5"}[metric.dimension]
        yield f"  judge it  slo: [{{{metric.kind}: NAME, metric: {metric.name}, below: {bound}}}]"
        if metric.summed:
            yield f"  sum it    measures: {{M: {{unit: {metric.unit}, sum: [{{{metric.kind}: NAME, metric: {metric.name}}}]}}}}"
        yield from _where(metric, bound)
        if metric.by_place:
            yield f"  rank by it  --worst NAME:{metric.name}"


def _where(metric: metrics.Metric, bound: str) -> Iterator[str]:
    """Yield how to judge it in a window and at a place, and what is then the busiest and the worst."""
    keys = [*(["window: busiest 1 h"] if metric.windowed else []), *(["place: worst"] if metric.placed else [])]
    if not keys:
        return
    yield f"  where     slo: [{{{metric.kind}: NAME, metric: {metric.name}, {', '.join(keys)}, below: {bound}}}]"
    said = [f"the busiest bin has the {metric.busiest} value"] if metric.windowed else []
    said += [f"the worst place the {metric.worst} one"] if metric.placed else []
    yield f"            {', '.join(said)}"


def _row(members: list[metrics.Metric]) -> tuple[str, ...]:
    """Return the row of a latency, whose points are told once for all."""
    name, _, _ = members[0].name.partition(".")
    ranks = " ".join(member.name.partition(".")[2] for member in members if member.by_place)
    placed = " ".join(member.name.partition(".")[2] for member in members if member.placed)
    return f"{name}.POINT", members[0].kind, members[0].unit, "", ranks, "yes", placed, members[0].meaning.rpartition(":")[0]


def _one(metric: metrics.Metric) -> tuple[str, ...]:
    unit = _UNITS.get(metric.dimension, metric.unit)
    yes = {True: "yes", False: ""}
    marks = (yes[one] for one in (metric.summed, metric.by_place, metric.windowed, metric.placed))
    return metric.name, metric.kind, unit, *marks, metric.meaning
