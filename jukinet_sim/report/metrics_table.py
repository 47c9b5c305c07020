"""The catalogue of metrics to tables: what can be judged, summed and ranked of a flow, a station and a pool."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from jukinet_sim import metrics
from jukinet_sim.report.terminal import Table, table

_COLUMNS = ("metric", "of a", "unit", "sum", "rank", "where", "what it is")
_UNITS = {"fraction": "%"}


def list_metrics() -> Iterator[str | Table]:
    """Yield the tables of all metrics, latencies with their points in one row."""
    yield (
        "Service levels (slo) can bound every metric. Those marked sum can be summed by measures, and those marked\n"
        "rank are kept of every place of a station or pool (--worst STATION:METRIC). Those marked w can be judged\n"
        "in a window of the run (window: busiest 1 h), those marked p at one place or the worst (place: worst), of a\n"
        "latency its mean and max. Points of a latency are mean, p50, p90, p95, p99 and max: wait.p99."
    )
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
    first = members[0]
    return f"{name}.POINT", first.kind, first.unit, "", ranks, _marks(first), first.meaning.rpartition(":")[0]


def _one(metric: metrics.Metric) -> tuple[str, ...]:
    unit = _UNITS.get(metric.dimension, metric.unit)
    yes = {True: "yes", False: ""}
    return metric.name, metric.kind, unit, yes[metric.summed], yes[metric.by_place], _marks(metric), metric.meaning


def _marks(metric: metrics.Metric) -> str:
    """Return in what it can be judged: w in a window, p at a place."""
    return " ".join([*("w" if metric.windowed else ""), *("p" if metric.placed else "")])
