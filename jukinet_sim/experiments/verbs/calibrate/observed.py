"""One observed figure: as the CSV said it, as a figure that a scenario can be asked for, and as a number in SI."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jukinet_sim import metrics
from jukinet_sim.base.units import parse_duration, parse_fraction, parse_number, parse_rate
from jukinet_sim.language.slo import Slo

COLUMNS = ("kind", "name", "metric", "from", "to", "value")
ERROR = "error"
_PARSERS = {"time": parse_duration, "fraction": parse_fraction, "rate": parse_rate, "number": parse_number}
_IN_SI = {"time": " s", "rate": " /s", "fraction": "", "number": ""}
_BARE = re.compile(r"[0-9.]+([eE][+-]?[0-9]+)?")


@dataclass(frozen=True)
class Observed:
    """A figure of a flow, a station or a pool over the whole run or a window of it.

    `value` and its standard `error`, None where none was given, are in SI. `level` is the figure as a service level whose
    bound is what was observed: of all that a scenario can say, only service levels can be about any figure in a window.
    """

    level: Slo
    value: float
    error: float | None

    @property
    def metric(self) -> metrics.Metric:
        """The metric in the catalogue."""
        return self.level.of

    @property
    def what(self) -> str:
        """The figure in words: `web utilisation, 8 h to 9 h`."""
        return self.level.name


def read_row(row: Mapping[str, Any]) -> Observed:
    """Return what a row of the CSV says; a cell that is empty is left out of it. A number without a unit is in SI.

    Raises ValidationError for a figure that nothing has, UnitError for a number that is none.
    """
    level = Slo.model_validate(figure_of(row) | {"below": in_si(row["value"], _dimension(row))})
    return Observed(level, level.bound, error_of(row))


def error_of(row: Mapping[str, Any]) -> float | None:
    """Return the standard error in a row, None for none. Raises UnitError."""
    return _PARSERS[_dimension(row)](in_si(row[ERROR], _dimension(row))) if ERROR in row else None


def figure_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys by which a service level names the figure of a row."""
    ends = {end: row[end] for end in ("from", "to") if end in row}
    return {row["kind"]: row["name"], "metric": row["metric"]} | ({"window": ends} if ends else {})


def in_si(text: str, dimension: metrics.Dimension) -> str:
    """Return a number with its unit, that of SI where it has none."""
    return f"{text}{_IN_SI[dimension]}" if _BARE.fullmatch(text.strip()) else text


def _dimension(row: Mapping[str, Any]) -> metrics.Dimension:
    """Return how the metric of a row is written; one that is not there is a plain number."""
    metric = metrics.of_kind(row["kind"]).get(row["metric"])
    return "number" if metric is None else metric.dimension
