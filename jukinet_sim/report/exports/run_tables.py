"""A stored run to the tables that are exported: what people ask of it over all replications, and each replication alone.

Numbers are those of the store, unrounded and in SI; counts over all replications are sums, as in the result document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.metrics import Kind as PartKind
from jukinet_sim.report.exports.columns import count_column, figure_column, half_width_column
from jukinet_sim.report.rows import Kind, Tidy
from jukinet_sim.results.digest import Part, ReplicationDigest
from jukinet_sim.results.levels import figure_of

Document = Mapping[str, Any]
_KINDS: tuple[PartKind, ...] = ("flow", "station", "pool")
BY_REPLICATION = "by_replication"


def run_tables(
    document: Document, digests: Sequence[ReplicationDigest], level_units: Mapping[str, str]
) -> Iterator[tuple[str, Tidy]]:
    """Yield the tables of a run by name; those with nothing in them are left out.

    `document` has its places, `digests` are the replications that it is made from, in their order, and `level_units` says
    by its text in which unit the value of a service level is.
    """
    for kind in _KINDS:
        if document[f"{kind}s"]:
            yield f"{kind}s", _over_all(kind, document, digests[0].kinds()[kind])
            yield f"{kind}s_{BY_REPLICATION}", _each(kind, digests)
    yield from _judged(document, level_units)
    places = _places(document)
    if places.rows:
        yield "places", places


def _over_all(kind: PartKind, document: Document, parts: Mapping[str, Part]) -> Tidy:
    """Return a row for each part: counts summed over the replications, figures with the half-widths of their intervals."""
    columns: dict[str, Kind] = {"name": "text"}
    rows = []
    for name, part in parts.items():
        shown = document[f"{kind}s"][name]
        row: dict[str, Any] = {"name": name, **part.traits}
        columns |= dict.fromkeys(part.traits, "text")
        for key in part.counts:
            columns[column := count_column(kind, key)] = "count"
            row[column] = shown[key]
        for path in part.metrics:
            column = figure_column(kind, path)
            columns |= {column: "number", half_width_column(column): "number"}
            found = figure_of(shown, path) or {}
            row |= {column: found.get("value"), half_width_column(column): found.get("half_width")}
        rows.append(row)
    return Tidy(columns, rows)


def _each(kind: PartKind, digests: Sequence[ReplicationDigest]) -> Tidy:
    """Return a row for each replication and part."""
    columns: dict[str, Kind] = {"replication": "count", "name": "text"}
    rows = []
    for digest in digests:
        for name, part in digest.kinds()[kind].items():
            row: dict[str, Any] = {"replication": digest.replication, "name": name}
            for key, count in part.counts.items():
                columns[column := count_column(kind, key)] = "count"
                row[column] = count
            for path, value in part.metrics.items():
                columns[column := figure_column(kind, path)] = "number"
                row[column] = value
            rows.append(row)
    return Tidy(columns, rows)


_RECORD: dict[str, Kind] = {
    "reported": "number", "reads_low": "number", "reads_high": "number", "band_low": "number", "band_high": "number",
    "inside": "count", "needed": "count", "source": "text",
}  # fmt: skip
_VALUE: dict[str, Kind] = {"value": "number", "half_width": "number", "level": "number", "n": "count"}


def _judged(document: Document, level_units: Mapping[str, str]) -> Iterator[tuple[str, Tidy]]:
    """Yield measures, service levels, outputs and the record; the unit of each has a column, as it differs from row to row."""
    found = [
        ("measures", "name", [{"name": name, **one} for name, one in document.get("measures", {}).items()]),
        ("service_levels", "text", [{**one, "unit": level_units[one["text"]]} for one in document["slo"]]),
        ("outputs", "name", document.get("outputs", ())),
        ("record", "name", document.get("record", ())),
    ]
    for table, key, judged in found:
        if judged:
            yield table, _judged_over_all(key, judged)
            yield f"{table}_{BY_REPLICATION}", _judged_each(key, judged)


def _judged_over_all(key: str, judged: Sequence[Mapping[str, Any]]) -> Tidy:
    columns: dict[str, Kind] = {key: "text", "unit": "text", **_VALUE}
    verdict: dict[str, Kind] = {"met": "truth", "verdict": "text"}
    at: dict[str, Kind] = {"at_from": "text", "at_from_s": "number", "at_place": "text"}
    columns |= verdict if any("verdict" in one for one in judged) else {}
    columns |= at if any(one.get("at") for one in judged) else {}
    columns |= _RECORD if any("reads" in one for one in judged) else {}
    rows = []
    for one in judged:
        row = {key: one[key], "unit": one["unit"], **{name: one["value"][name] for name in _VALUE}}
        row |= {name: one.get(name) for name in verdict}
        row |= {name: (one.get("at") or {}).get(name.removeprefix("at_")) for name in at}
        row |= _recorded(one) if "reads" in one else {}
        rows.append(row)
    return Tidy(columns, rows)


def _recorded(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is on record beside a figure, and the band that it is held against."""
    band = one["band"] or {}
    low, high = one["reads"]
    return {
        "reported": one["says"], "reads_low": low, "reads_high": high, "band_low": band.get("low"),
        "band_high": band.get("high"), "inside": one["inside"], "needed": one["needed"], "source": one["source"],
    }  # fmt: skip


def _judged_each(key: str, judged: Sequence[Mapping[str, Any]]) -> Tidy:
    columns: dict[str, Kind] = {"replication": "count", key: "text", "unit": "text", "value": "number"}
    rows = [
        {"replication": number, key: one[key], "unit": one["unit"], "value": value}
        for one in judged
        for number, value in enumerate(one["value"]["per_replication"])
    ]
    return Tidy(columns, rows)


def _places(document: Document) -> Tidy:
    """Return a row for each single place of each group."""
    columns: dict[str, Kind] = {"kind": "text", "name": "text", "place": "text"}
    rows = []
    for kind in _KINDS[1:]:
        for name, part in document[f"{kind}s"].items():
            for place in part.get("places", ()):
                row: dict[str, Any] = {"kind": kind, "name": name, "place": place["name"]}
                for path, value in _values(place):
                    column = figure_column(kind, path)
                    columns |= {column: "number", half_width_column(column): "number"}
                    row |= {column: value["value"], half_width_column(column): value["half_width"]}
                rows.append(row)
    return Tidy(columns, rows)


def _values(part: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every value object of a part with its path."""
    for key, found in part.items():
        if isinstance(found, dict) and "per_replication" in found:
            yield f"{before}{key}", found
        elif isinstance(found, dict):
            yield from _values(found, f"{before}{key}.")
