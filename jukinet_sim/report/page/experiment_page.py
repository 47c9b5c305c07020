"""The answer of an experiment to a page: what it says first, then the tables that the command prints."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jukinet_sim.report.charts.of_experiment import experiment_plots
from jukinet_sim.report.experiments import experiment_tables
from jukinet_sim.report.page.blocks import Block, Line, blocks
from jukinet_sim.report.page.manifest import experiment_manifest
from jukinet_sim.report.page.model import Page, Section
from jukinet_sim.report.page.texts import say, text
from jukinet_sim.report.page.verdicts import verdict_of

_MARKS = ("ANSWER", "NO ANSWER", "WARNING", "GROWTH", "MEASURE FIRST")


def experiment_page(document: Mapping[str, Any], folder: Path) -> Page:
    """Return the page of an experiment."""
    found = blocks(lambda words: experiment_tables(document, words))
    tone, verdict, more = verdict_of(document)
    leading = [block for block in found if _is_marked(block)]
    sections = [
        Section("answer", say("page.answer"), list(experiment_plots(document)), leading),
        Section("tables", say("page.tables"), blocks=[block for block in found if not _is_marked(block)]),
    ]
    title = say("verdict.experiment", verb=document["verb"], scenario=document["scenario"])
    warnings = [] if document["status"] == "complete" else [say("warning.partial", why=document["status"])]
    filled = [section for section in sections if not section.is_empty]
    return Page(title, (), tone, verdict, filled, experiment_manifest(document, folder), warnings=warnings, more=more)


def _is_marked(block: Block) -> bool:
    """Whether a line says the answer itself."""
    return isinstance(block, Line) and text(block.text).striptags().startswith(_MARKS)
