"""A stored run to a page: what is on it, in the order in which a planner reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from jukinet_sim.experiments.theory_check import LEAST_REPLICATIONS, validated
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.network.model import Network
from jukinet_sim.report.backlog_table import backlog_tables
from jukinet_sim.report.charts.of_run import run_plots
from jukinet_sim.report.charts.plot import Plot
from jukinet_sim.report.check_table import check_tables
from jukinet_sim.report.figure_rows import FigureRow, figure_rows
from jukinet_sim.report.kept_run import KeptRun
from jukinet_sim.report.limits_table import file_lines, limits_notes, limits_table
from jukinet_sim.report.measures_table import assumption_tables, measures_table
from jukinet_sim.report.monitoring_table import monitoring_tables
from jukinet_sim.report.monthly_table import monthly_table
from jukinet_sim.report.operators_table import operators_tables
from jukinet_sim.report.page.blocks import Block, blocks, grid
from jukinet_sim.report.page.glance import glance
from jukinet_sim.report.page.limiting import Ranking, limiting, ranking
from jukinet_sim.report.page.manifest import run_manifest
from jukinet_sim.report.page.model import Page, Section
from jukinet_sim.report.page.places import places_blocks
from jukinet_sim.report.page.texts import say, text
from jukinet_sim.report.record_table import record_tables
from jukinet_sim.report.run_table import (
    failures_tables,
    flows_table,
    outputs_table,
    pools_table,
    stations_table,
    suites_tables,
    troubles_tables,
    visited_stations,
)
from jukinet_sim.report.timeline_table import timeline_table
from jukinet_sim.scenario.compile import check_reported
from jukinet_sim.theory.files import file_times

if TYPE_CHECKING:
    pass

_LIMITS_SHOWN = 12


def run_page(run: KeptRun) -> Page:
    """Return the page of a run."""
    network, _ = run.compiled
    found, figures = ranking(network), figure_rows(run.scenario)
    first = glance(run, limiting(run.document, run.scenario, found), figures)
    sections = [section for section in _sections(run, network, found, figures) if not section.is_empty]
    title = run.document.get("title") or run.document["scenario"]
    subtitles = [text(run.scenario.description)] if run.scenario.description else []
    return Page(text(title), subtitles, first.tone, first.verdict, sections, run_manifest(run), first, first.warnings)


def _sections(run: KeptRun, network: Network, found: Ranking, figures: list[FigureRow]) -> Iterator[Section]:
    plots = {plot.name: plot for plot in run_plots(run)}
    document = run.document
    struck = blocks(lambda words: backlog_tables(document, words, everything=_are_few(document)))
    yield Section("incidents", say("page.incidents"), blocks=struck)
    yield Section("where", say("page.where"), _some(plots, "map"), places_blocks(run))
    yield Section("when", say("page.when"), _some(plots, "heat", "station-series", "flow-series", "busiest"))
    yield Section("latency", say("page.latency"), _some(plots, "latency"))
    yield Section("limits", say("page.limits"), blocks=_limits(run, network, found))
    yield Section("measures", say("page.measures"), blocks=_measures(run))
    yield Section("flows", say("page.flows"), blocks=_flows(run), folded=len(document["flows"]) > _MANY)
    yield Section("stations", say("page.stations"), blocks=_stations(run))
    yield Section("months", say("page.months"), _some(plots, "gantt"), _months(run))
    yield Section("people", say("page.people"), blocks=blocks(lambda _: operators_tables(DOMAIN.operated(document))))
    yield Section("guards", say("page.guards"), blocks=blocks(lambda _: monitoring_tables(DOMAIN.watched(document))))
    yield Section("crypto", say("page.crypto"), blocks=blocks(lambda _: suites_tables(document["stations"])))
    yield from _checked(run, network)
    yield Section("convergence", say("page.convergence"), _some(plots, "convergence"))
    yield Section("assumptions", say("page.assumptions"), blocks=_figures(figures), folded=True)


_MANY = 20
_MOST_BACKLOGS = 60


def _are_few(document: Mapping[str, Any]) -> bool:
    """Whether every back-log of a run can be shown."""
    return all(len(watch["backlogs"]) <= _MOST_BACKLOGS for watch in document.get("incidents", ()))


def _some(plots: Mapping[str, Plot], *names: str) -> list[Plot]:
    return [plots[name] for name in names if name in plots]


def _limits(run: KeptRun, network: Network, found: Ranking) -> list[Block]:
    """Return the table of `validate --limits`, its first lines."""
    if not found:
        return []
    shown = found[:_LIMITS_SHOWN]
    return blocks(
        lambda _: [limits_table(shown, run.first_day), " ".join(limits_notes(shown)), *file_lines(file_times(network))]
    )


def _measures(run: KeptRun) -> list[Block]:
    document = run.document
    found = [] if "measures" not in document else blocks(lambda words: [measures_table(document["measures"], words)])
    if "outputs" in document:
        found += blocks(lambda words: [outputs_table(document["outputs"], words)])
    if "record" in document:
        found += blocks(lambda words: record_tables(document, words))
    if "assumptions" in document:
        found += blocks(lambda words: assumption_tables(document["assumptions"], words))
    return found


def _flows(run: KeptRun) -> list[Block]:
    flows = run.document["flows"]
    return blocks(lambda words: [flows_table(flows, words, everything=True), *failures_tables(flows, words)])


def _months(run: KeptRun) -> list[Block]:
    """Return what changes on dates, and the table by months that the scenario asks for."""
    document, period = run.document, run.scenario.run.period
    found = []
    changed = None if period is None else timeline_table(run.compiled[1], period.first_day, period.last_day, bars=False)
    if changed is not None:
        found += blocks(lambda _: [changed])
    if "monthly" in document:
        found += blocks(lambda words: [monthly_table(document["monthly"], words)])
    return found


def _stations(run: KeptRun) -> list[Block]:
    visited, _ = visited_stations(DOMAIN.without_counts(run.document["stations"]), everything=False)
    found = []
    if visited:
        found += blocks(lambda words: [stations_table(visited, words, everything=True), *troubles_tables(visited, words)])
    if run.document["pools"]:
        found += blocks(lambda words: [pools_table(run.document["pools"], words)])
    return found


def _checked(run: KeptRun, network: Network) -> Iterator[Section]:
    """Yield what `check` says of the run."""
    reported, theory = check_reported(run.loaded, network, run.document), validated(network, run.document)
    yield Section(
        "check", say("page.reported" if reported.volumes else "page.theory"),
        blocks=blocks(lambda words: check_tables(reported, theory, words.language, judged_from=LEAST_REPLICATIONS)),
        folded=bool(reported.volumes),
    )  # fmt: skip


def _figures(figures: list[FigureRow]) -> list[Block]:
    """Return the table of every figure with its source."""
    if not figures:
        return []
    heads = [say(f"column.{name}") for name in ("key", "status", "value", "range", "reason")]
    rows = [(row.key, say(f"status.{row.status}"), row.shown, row.shown_range, row.reason) for row in figures]
    return [grid(heads, rows, left=len(heads))]
