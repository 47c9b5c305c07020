"""What there is to export of a run folder or of the folder of an experiment: its document, its tables, its visits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.again import read_experiment
from jukinet_sim.experiments.experiment import kept_sources, read_record
from jukinet_sim.experiments.listing import is_experiment
from jukinet_sim.report.exports.about import about_table, assumptions_table
from jukinet_sim.report.exports.run_tables import run_tables
from jukinet_sim.report.exports.series_table import series_tables
from jukinet_sim.report.kept_run import KeptRun, read_kept_run
from jukinet_sim.report.rows import Tidy
from jukinet_sim.report.tidy import tidy
from jukinet_sim.results.damage import reading
from jukinet_sim.results.rows import FOLDER, rows_path

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Exported:
    """A run or an experiment that is exported."""

    folder: Path
    document: Document
    tables: Mapping[str, Tidy]
    run: KeptRun | None = None
    """The run itself; an experiment has none of its own."""

    @cached_property
    def visits(self) -> list[int]:
        """The replications whose visits are kept, in order."""
        found = (path.stem for path in (self.folder / FOLDER).glob("*.npz"))
        return sorted(int(name) for name in found if name.isascii() and name.isdigit() and rows_path(self.folder, int(name)))

    def visits_wanted(self, replication: int | None) -> list[int]:
        """Return the replications whose visits are asked for, all that are kept for None. Raises UsageError."""
        if replication is None:
            return self.visits
        if replication not in self.visits:
            known = f"kept are {self.visits[0]} to {self.visits[-1]}" if self.visits else "none are kept"
            raise UsageError(f"--replication {replication}: {self.folder} has no visits of it; {known}")
        return [replication]


def read_exported(folder: Path) -> Exported:
    """Return what there is to export. Raises StoreError, and UsageError where nothing is finished yet."""
    if is_experiment(folder):
        return _experiment(folder)
    run = read_kept_run(folder)
    with reading(folder):
        return Exported(folder, run.document, dict(_tables(run)), run)


def _tables(run: KeptRun) -> Iterator[tuple[str, Tidy]]:
    """Yield the tables of a run; `about` says what they are of."""
    yield "about", about_table(run.document, run.described)
    yield from run_tables(run.document, run.digests, {level.text: level.of.unit for level in run.scenario.slo})
    yield from series_tables(run.document, run.digests, run.first_day)
    assumptions = assumptions_table(run.scenario)
    if assumptions.rows:
        yield "assumptions", assumptions


def _experiment(folder: Path) -> Exported:
    """Return an experiment with one table, whose rows are those that the answer has in Python."""
    document = read_experiment(folder).in_place().document
    record = read_record(folder)
    assert document is not None  # an answer that is there has a document
    assert record is not None
    scenario = kept_sources(folder, record)[0].scenario
    with reading(folder):
        answer = tidy(document, scenario, everything=True)
        return Exported(folder, document, {"about": about_table(document, record), str(document["verb"]): answer})
