"""The charts of an experiment: what its answer rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jukinet_sim.report.charts.differences import difference_plot, difference_rows, short_names
from jukinet_sim.report.charts.effects import effect_plot, effect_rows
from jukinet_sim.report.charts.plot import Plot
from jukinet_sim.report.charts.tried import growth_plot, growth_rows, search_plot, search_rows, sweep_plot, sweep_rows

Document = Mapping[str, Any]


def experiment_plots(document: Document) -> Iterator[Plot]:
    """Yield the charts that an experiment has something to show in."""
    make = _OF.get(document["verb"])
    if make is not None:
        yield from make(document)


def _compare(document: Document) -> Iterator[Plot]:
    rows = difference_rows(document)
    if rows:
        yield difference_plot(rows, short_names(document["scenarios"])[0])


def _sweep(document: Document) -> Iterator[Plot]:
    rows = sweep_rows(document)
    if rows:
        yield sweep_plot(rows, document["axes"])


def _size(document: Document) -> Iterator[Plot]:
    searched, grown = search_rows(document), growth_rows(document)
    if searched:
        yield search_plot(searched, document["keys"][0])
    if grown:
        yield growth_plot(grown)


def _sensitivity(document: Document) -> Iterator[Plot]:
    rows = effect_rows(document)
    if rows:
        yield effect_plot(rows, document)


_OF = {"compare": _compare, "crypto-compare": _compare, "sweep": _sweep, "size": _size, "sensitivity": _sensitivity}
