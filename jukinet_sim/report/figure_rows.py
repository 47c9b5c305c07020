"""Every figure of a scenario with where it comes from, as rows: in SI for programs, in its author's units for people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from jukinet_sim.language.base import Figure, in_si
from jukinet_sim.language.figures import figures
from jukinet_sim.report.kinds import show_value
from jukinet_sim.scenario.schema import Scenario


@dataclass(frozen=True)
class FigureRow:
    """A figure: its key, status and reason, its value and range in SI (`unit` empty for a plain number) and in words."""

    key: str
    status: str
    reason: str
    value: float
    low: float | None
    high: float | None
    unit: str
    shown: str
    shown_range: str

    @property
    def is_assumption(self) -> bool:
        """Whether something about it is assumed: it is, or it is derived from something that is and has a range."""
        return self.status == "assumed" or (self.status == "derived" and self.low is not None and self.low != self.high)


def figure_rows(scenario: Scenario) -> list[FigureRow]:
    """Return a row for every figure of a scenario, in its order."""
    return [_row(".".join(map(str, path)), figure) for path, figure in figures(scenario)]


def _row(key: str, figure: Figure[Any]) -> FigureRow:
    low, high = figure.range or (None, None)
    return FigureRow(
        key, figure.status, " ".join((figure.note or "").split()), figure.value, low, high,
        in_si(figure, figure.value).removeprefix(repr(figure.value)).strip(),
        show_value(figure, None), " to ".join(_ends(figure)),
    )  # fmt: skip


def _ends(figure: Figure[Any]) -> Iterator[str]:
    """Yield both ends of a range as their author would write them."""
    inner = type(figure).model_fields["value"]
    for end in figure.range or ():
        yield show_value(end, inner.annotation, tuple(inner.metadata))
