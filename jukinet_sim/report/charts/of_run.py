"""The charts of a run: which parts of it each shows, the worst of them first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.report.charts.busiest import busiest_plot, busiest_rows
from jukinet_sim.report.charts.convergence import convergence_plot, convergence_rows
from jukinet_sim.report.charts.gantt import gantt_plot, gantt_rows
from jukinet_sim.report.charts.heat import heat_plot, heat_rows
from jukinet_sim.report.charts.latency import latency_plot, latency_rows
from jukinet_sim.report.charts.plot import Plot
from jukinet_sim.report.charts.series import SeriesOf, series_plot, series_rows
from jukinet_sim.report.charts.tile_map import map_plot, map_rows
from jukinet_sim.report.charts.time_axis import TimeAxis
from jukinet_sim.report.kept_run import KeptRun
from jukinet_sim.results.levels import by_level

MOST_FLOWS, MOST_STATIONS = 12, 24
Document = Mapping[str, Any]


def run_plots(run: KeptRun) -> Iterator[Plot]:
    """Yield the charts that a run has something to show in."""
    document = run.document
    axis = TimeAxis(run.first_day, run.end_s)
    flows, stations = flows_shown(document), stations_shown(document)
    yield from _map(run, stations)
    series = [
        ("flow-series", "chart.flow_series", SeriesOf("flow", flows, ("in_system",))),
        ("station-series", "chart.station_series", SeriesOf("station", _struck(document, stations), ("busy", "queue"))),
    ]
    for name, title, of in series:
        rows = series_rows(run.digests, of, axis)
        if rows:
            yield series_plot(name, title, rows, axis, document["warm_up_s"])
    yield from _gantt(run)
    heat = heat_rows(document["stations"], stations, axis)
    if heat:
        yield heat_plot(heat, axis)
    busiest = busiest_rows(document["stations"], stations)
    if busiest:
        yield busiest_plot(busiest, instead_of_series=not heat)
    latency = latency_rows(document["flows"], _slowest(document, flows))
    if latency:
        yield latency_plot(latency)
    convergence = convergence_rows(headlines(document))
    if convergence:
        yield convergence_plot(convergence)


def _gantt(run: KeptRun) -> Iterator[Plot]:
    """Yield the chart of what changes on a date, where anything does."""
    period = run.scenario.run.period
    rows = [] if period is None else gantt_rows(run.compiled[1], period.first_day, period.last_day)
    if rows and period is not None:
        yield gantt_plot(rows, period.first_day, run.end_s)


def flows_shown(document: Document) -> list[str]:
    """Return the flows that charts show: those that miss a service level, others that are judged, then those with most jobs."""
    levels = sorted(document["slo"], key=lambda level: bool(level["met"]))
    judged = [name for level in levels for name in document["flows"] if _is_about(level["text"], name)]
    largest = sorted(document["flows"], key=lambda name: -document["flows"][name]["completed"])
    active = [name for name in dict.fromkeys((*judged, *largest)) if document["flows"][name]["completed"]]
    return active[:MOST_FLOWS]


def stations_shown(document: Document) -> list[str]:
    """Return the stations that charts show, the one with the busiest hour first, none to which nobody came."""
    stations = DOMAIN.without_counts(document["stations"])
    visited = [name for name, part in stations.items() if part["arrived"] or part["in_station"]["value"]]
    return sorted(visited, key=lambda name: -busiest_hour(stations[name]))[:MOST_STATIONS]


def _struck(document: Document, stations: Sequence[str]) -> list[str]:
    """Return stations with those first at which somebody waited because of an incident."""
    waited = [watch["station"] for watch in document.get("incidents", ()) if "station" in watch and watch["places_waiting"]]
    return list(dict.fromkeys((*waited, *stations)))


def busiest_hour(station: Mapping[str, Any]) -> float:
    """Return the utilisation of a station in its busiest hour, or of the whole run where no hours were kept."""
    hour = station.get("busiest_hour")
    value = (hour["utilisation"] if hour else station["utilisation"])["value"]
    return float(value or 0.0)


def headlines(document: Document) -> list[tuple[str, Mapping[str, Any]]]:
    """Return what a run is asked for, by name: service levels, measures, outputs; else the mean sojourn of its flows."""
    found = [(level["text"], level["value"]) for level in document["slo"]]
    found += [(name, one["value"]) for name, one in document.get("measures", {}).items()]
    found += [(one["name"], one["value"]) for one in document.get("outputs", ())]
    return found or [(f"{name} sojourn.mean", flow["sojourn_s"]["mean"]) for name, flow in document["flows"].items()]


def _is_about(text: str, name: str) -> bool:
    return text.removeprefix("flow ").startswith(f"{name} ")


def _slowest(document: Document, flows: Sequence[str]) -> list[str]:
    """Return flows in the order of their 99th percentile, the longest first."""
    return sorted(flows, key=lambda name: -(document["flows"][name]["sojourn_s"]["p99"]["value"] or 0.0))


def _map(run: KeptRun, stations: Sequence[str]) -> Iterator[Plot]:
    """Yield the map where places lie in those that it shows, first of all with what an incident did, else what is busiest."""
    tree = run.tree
    if tree is None or DOMAIN.map_level not in tree.levels:
        return
    rows = map_rows(by_level(run.document, tree, DOMAIN.map_level))
    if not rows:
        return
    there = {(row["group"], row["metric"]) for row in rows}
    waited = [watch.get("station") or watch["pool"] for watch in run.document.get("incidents", ()) if watch["places_waiting"]]
    wanted = [*((group, "longest_queue_s") for group in waited), *((name, "utilisation_highest") for name in stations)]
    yield map_plot(rows, next((pair for pair in wanted if pair in there), (rows[0]["group"], rows[0]["metric"])))
