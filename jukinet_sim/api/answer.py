"""The answer of a verb: its document, read-only, and where it is kept; rows and frames of it are made when asked for."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jukinet_sim.api import frames
from jukinet_sim.api.visits import visit_table
from jukinet_sim.base.errors import UsageError
from jukinet_sim.report.tidy import tidy

if TYPE_CHECKING:
    from jukinet_sim.report.rows import Tidy
    from jukinet_sim.report.terminal import Table
    from jukinet_sim.scenario.schema import Scenario


@dataclass(frozen=True, repr=False)
class Answer:
    """What came of a verb; `document` is what the command line prints with --json, `folder` None where nothing is kept.

    Frames have a row for each figure and point, scenario or value; their columns are those of `rows`.
    """

    verb: str
    document: Mapping[str, Any]
    folder: Path | None
    scenario: Scenario = field(compare=False)

    @property
    def status(self) -> str:
        """`complete`, or `partial` where a limit stopped something or jobs wait for ever."""
        return str(self.document["status"])

    def __getitem__(self, key: str) -> Any:
        return self.document[key]

    def rows(self, *, everything: bool = False) -> list[dict[str, Any]]:
        """Return flat rows, None where something is missing; of a sweep with every figure, not only those shown."""
        return self._tidy(everything).dicts()

    def to_pandas(self, *, everything: bool = False) -> Any:
        """Return the rows as a `pandas.DataFrame`. Raises UsageError where pandas is not installed."""
        return frames.pandas_frame(self._tidy(everything))

    def to_polars(self, *, everything: bool = False) -> Any:
        """Return the rows as a `polars.DataFrame`. Raises UsageError where polars is not installed."""
        return frames.polars_frame(self._tidy(everything))

    def to_arrow(self, *, everything: bool = False) -> Any:
        """Return the rows as a `pyarrow.Table`. Raises UsageError where pyarrow is not installed."""
        return frames.arrow_table(self._tidy(everything))

    def _tidy(self, everything: bool) -> Tidy:
        return tidy(self.document, self.scenario, everything=everything)

    def _tables(self) -> Iterable[str | Table]:
        from jukinet_sim.report.experiments import experiment_tables
        from jukinet_sim.report.words import Words

        return experiment_tables(self.document, Words("en"))

    def __str__(self) -> str:
        """Return the tables that the command line prints."""
        from jukinet_sim.report.terminal import show

        stream = io.StringIO()
        show(self._tables(), stream)
        return stream.getvalue().strip("\n")

    def __repr__(self) -> str:
        kept = "nothing kept" if self.folder is None else f"kept in {self.folder}"
        return f"<{self.verb} of {self.document['scenario']}: {self.status}, {kept}>"

    def _repr_html_(self) -> str:
        return f"<pre>{escape(str(self))}</pre>"


class RunAnswer(Answer):
    """What came of a run."""

    flows = property(lambda self: self.document["flows"], doc="Every flow by name.")
    stations = property(lambda self: self.document["stations"], doc="Every station by name.")
    slo = property(lambda self: self.document["slo"], doc="Every service level with its verdict.")
    record = property(lambda self: self.document.get("record", []), doc="What is on record beside what was simulated.")

    def visits(self, replication: int = 0) -> Any:
        """Return the visits of a replication as a `pyarrow.Table`, a row for each, as `visits/README.md` of its folder says.

        Columns of words are dictionaries, so that a row takes 45 bytes. Raises UsageError where the run kept none, or where
        pyarrow is not installed, and StoreError for a replication that is not there.
        """
        if self.folder is None:
            raise UsageError('the run was not kept, and its visits with it; give out="runs"')
        if self.scenario.run.records != "visits":
            raise UsageError('the run kept no visits; run it with set={"run.records": "visits"}')
        return visit_table(self.folder, replication)

    def _tables(self) -> Iterable[str | Table]:
        from jukinet_sim.report.run_table import run_tables

        name = self.document["scenario"] if self.folder is None else self.folder.name
        return run_tables(self.document, "en", everything=False, name=name)


class CompareAnswer(Answer):
    """What came of a comparison."""

    metrics = property(lambda self: self.document["metrics"], doc="Every figure with its values and differences.")

    @property
    def differences(self) -> list[dict[str, Any]]:
        """The rows of all scenarios but the first, with how they differ from it."""
        first = self.document["scenarios"][0]
        return [row for row in self.rows() if row["scenario"] != first]


class SweepAnswer(Answer):
    """What came of a sweep."""

    points = property(lambda self: self.document["points"], doc="Every point with its settings and figures.")


class SensitivityAnswer(Answer):
    """What came of the question which assumption decides."""

    parameters = property(lambda self: self.document["parameters"], doc="Every parameter, what decides most first.")
    measure_first = property(lambda self: self.document["measure_first"], doc="What to measure first, None for nothing.")


class CalibrateAnswer(Answer):
    """What came of a fit to what was observed."""

    parameters = property(lambda self: self.document["parameters"], doc="Every fitted key with its value and interval.")
    residuals = property(lambda self: self.document["residuals"], doc="What was observed beside what is simulated.")

    @property
    def settings(self) -> list[str]:
        """The fitted values as settings, which `set` of every verb takes."""
        return [str(one["setting"]) for one in self.document["parameters"].values()]

    @property
    def override(self) -> Path | None:
        """The override file with the fitted values, which `override` of every verb takes; None where nothing is kept."""
        return None if self.folder is None else Path(self.document["override"])


class SizeAnswer(Answer):
    """What came of a search for what is enough."""

    answer = property(lambda self: self.document["answer"], doc="The value, or values by key, that are enough; None: no such.")
    growth = property(lambda self: self.document["growth"], doc="How much growth the answer carries, None if not asked.")
    evaluated = property(lambda self: self.document["evaluated"], doc="Every value that was tried.")
