"""The document of any experiment as the tables of its verb."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from jukinet_sim.report.terminal import Table
from jukinet_sim.report.words import Words

_HOMES = {
    "calibrate": "jukinet_sim.report.calibrate_table:calibrate_tables",
    "crypto-compare": "jukinet_sim.report.suites_table:suites_tables",
    "compare": "jukinet_sim.report.compare_table:compare_tables",
    "sensitivity": "jukinet_sim.report.sensitivity_table:sensitivity_tables",
    "size": "jukinet_sim.report.size_table:size_tables",
    "sweep": "jukinet_sim.report.sweep_table:sweep_tables",
}


def experiment_tables(document: Mapping[str, Any], words: Words) -> Iterator[str | Table]:
    """Yield the tables and lines of an experiment's answer."""
    room, _, name = _HOMES[document["verb"]].partition(":")
    yield from getattr(import_module(room), name)(document, words)
