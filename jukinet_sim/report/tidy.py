"""The document of each verb to flat rows, one for each figure and whatever it was found at.

A figure has the same name in all of them, such as `query sojourn.p99`, so that frames of different verbs join. Times are in
seconds, rates per second, fractions between 0 and 1; the column `unit` says which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from jukinet_sim import metrics
from jukinet_sim.experiments.figures import unit_of
from jukinet_sim.report.rows import Columns, Kind, Tidy, kind_of
from jukinet_sim.scenario.schema import Scenario

Document = Mapping[str, Any]
Unit = Callable[[str], str]
_VALUE: Columns = {"value": "number", "half_width": "number", "level": "number", "n": "count"}
_RUN: Columns = {
    "kind": "text", "name": "text", "metric": "text", "figure": "text", **_VALUE, "unit": "text", "verdict": "text",
}  # fmt: skip
_COMPARE: Columns = {
    "figure": "text", "scenario": "text", **_VALUE, "unit": "text", "difference": "number",
    "difference_half_width": "number", "difference_n": "count", "verdict": "text", "correlation": "number",
    "independent_replications": "count",
}  # fmt: skip
_POINT: Columns = {
    "figure": "text", **_VALUE, "unit": "text", "replications": "count", "slo_met": "truth", "run": "text", "error": "text",
}  # fmt: skip
_TRIED: Columns = {
    "replications": "count", "meets": "truth", "likely": "truth", "service_level": "text", **_VALUE, "unit": "text",
    "verdict": "text", "run": "text", "error": "text",
}  # fmt: skip
_PARAMETER: Columns = {
    "output": "text", "unit": "text", "method": "text", "key": "text", "effect": "number", "half_width": "number",
    "interaction": "number", "first": "number", "first_half_width": "number", "total": "number", "total_half_width": "number",
    "chance": "number", "now": "text", "source": "text", "note": "text",
}  # fmt: skip
_FITTED: Columns = {
    "kind": "text", "name": "text", "value": "number", "low": "number", "high": "number", "was": "number", "text": "text",
    "observed": "number", "simulated": "number", "relative": "number", "error": "number", "unit": "text",
}  # fmt: skip


def tidy(document: Document, scenario: Scenario, *, everything: bool = False) -> Tidy:
    """Return the rows of a document of any verb; `everything` has figures in it that people are not shown."""
    levels = {level.text: level.of.unit for level in scenario.slo}
    unit = cache(lambda name: levels[name] if name in levels else unit_of(name, scenario))
    return _VERBS[document.get("verb", "run")](document, unit, everything)


def _value(value: Mapping[str, Any] | None) -> dict[str, Any]:
    return {} if value is None else {key: value[key] for key in _VALUE}


def _run(document: Document, unit: Unit, _: bool) -> Tidy:
    """Return a row for each figure of each part, and for each measure, output, entry of the record and service level."""
    shared = _shared(document)
    rows = [row for kind in metrics.KINDS if kind != "measure" for row in _parts(document, kind, shared)]
    rows += [
        {"kind": "measure", "name": name, "figure": name, **_value(one["value"]), "unit": one["unit"]}
        for name, one in document.get("measures", {}).items()
    ]
    rows += [
        {"kind": "output", "figure": one["name"], **_value(one["value"]), "unit": one["unit"]}
        for one in document.get("outputs", ())
    ]
    rows += [
        {"kind": "record", "figure": one["name"], **_value(one["value"]), "unit": one["unit"], "verdict": one["verdict"]}
        for one in document.get("record", ())
    ]
    rows += [
        {"kind": "slo", "figure": one["text"], **_value(one["value"]), "unit": unit(one["text"]), "verdict": one["verdict"]}
        for one in document["slo"]
    ]
    return Tidy(_RUN, rows)


def _shared(document: Document) -> set[str]:
    """Return names that parts of several kinds have; their figures say the kind."""
    names = [name for kind in ("flows", "stations", "pools") for name in document[kind]]
    return {name for name in names if names.count(name) > 1}


def _parts(document: Document, kind: metrics.Kind, shared: set[str]) -> Iterator[dict[str, Any]]:
    for name, part in document[f"{kind}s"].items():
        called = f"{kind} {name}" if name in shared else name
        for metric in metrics.of_kind(kind).values():
            found = _found(part, metric, document["replications"])
            if found is not None:
                yield {
                    "kind": kind, "name": name, "metric": metric.name, "figure": f"{called} {metric.name}", **found,
                    "unit": metric.unit,
                }  # fmt: skip


def _found(part: Mapping[str, Any], metric: metrics.Metric, replications: int) -> dict[str, Any] | None:
    """Return a figure of a part; of counts, which a document has summed up, the mean over replications."""
    if isinstance(metric.source, metrics.Count) and metric.source.key in part:
        return {"value": part[metric.source.key] / replications, "n": replications}
    found: Any = part
    for key in metric.keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return _value(found) if metric.keys and found is not None else None


def _compare(document: Document, _: Unit, __: bool) -> Tidy:
    """Return a row for each figure and scenario; the first scenario has no difference."""
    rows = []
    for metric in document["metrics"]:
        for number, scenario in enumerate(document["scenarios"]):
            row = {"figure": metric["name"], "scenario": scenario, "unit": metric["unit"], **_value(metric["values"][number])}
            if number:
                one = metric["differences"][number - 1]
                row |= {
                    "difference": one["value"], "difference_half_width": one["half_width"], "difference_n": one["n"],
                    **{key: one[key] for key in ("verdict", "correlation", "independent_replications")},
                }  # fmt: skip
            rows.append(row)
    return Tidy(_COMPARE, rows)


def _sweep(document: Document, unit: Unit, everything: bool) -> Tidy:
    """Return a row for each point and figure; a point that could not be run has one row that says why."""
    points, rows = document["points"], []
    for number, point in enumerate(points):
        told = {"point": number, **point["set"], **{key: point[key] for key in ("replications", "slo_met", "run", "error")}}
        names = [name for name in (point["metrics"] if everything else document["shown"]) if name in point["metrics"]]
        rows += [{**told, "figure": name, "unit": unit(name), **_value(point["metrics"][name])} for name in names] or [told]
    return Tidy({"point": "count", **_axes(document["axes"], points), **_POINT}, rows)


def _axes(keys: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, Kind]:
    return {key: kind_of([row["set"].get(key) for row in rows]) for key in keys}


def _size(document: Document, unit: Unit, _: bool) -> Tidy:
    """Return a row for each value tried and service level: first what was searched, then growth by its factor."""
    growth = document["growth"]
    tried, grown = document["evaluated"], growth["evaluated"] if growth else []
    rows = [
        {
            "search": search, **one["set"], **{key: one[key] for key in ("replications", "meets", "likely", "run", "error")},
            "service_level": level["text"], **_value(level["value"]), "unit": unit(level["text"]),
            "verdict": level["verdict"],
        }
        for search, found in (("vary", tried), ("growth", grown))
        for one in found
        for level in one["slo"]
    ]  # fmt: skip
    return Tidy({"search": "text", **_axes(document["keys"], tried), "growth": "number", **_TRIED}, rows)


def _sensitivity(document: Document, _: Unit, __: bool) -> Tidy:
    """Return a row for each parameter; which effects and indices it has depends on the method."""
    told = {"output": document["output"], "unit": document["unit"], "method": document["method"]}
    return Tidy(_PARAMETER, [{**told, **one} for one in document["parameters"]])


def _calibrate(document: Document, _: Unit, __: bool) -> Tidy:
    """Return a row for each parameter that was fitted, and for each figure that was observed."""
    fitted = [{"kind": "parameter", "name": name, **one} for name, one in document["parameters"].items()]
    return Tidy(_FITTED, fitted + [{"kind": "residual", "name": one["what"], **one} for one in document["residuals"]])


_VERBS: Mapping[str, Callable[[Document, Unit, bool], Tidy]] = {
    "run": _run, "compare": _compare, "sweep": _sweep, "size": _size, "sensitivity": _sensitivity, "calibrate": _calibrate,
}  # fmt: skip
