"""A chart together with its rows: one specification for each language over the same data, which can be downloaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jukinet_sim.base.harmless import one_line
from jukinet_sim.report.charts.theme import config
from jukinet_sim.report.messages.say import Say

if TYPE_CHECKING:
    import altair as alt

    Chart = alt.Chart | alt.LayerChart | alt.FacetChart | alt.VConcatChart | alt.HConcatChart

ROWS = "rows"
"""The name under which a specification finds its rows."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Plot:
    """A chart: its name among files and in pages, the keys of its title and note, its rows, and what draws it."""

    name: str
    title: str
    rows: Sequence[Row]
    draw: Callable[[Say], Chart]
    note: str | None = None
    picked: Callable[[Say], str] | None = None
    """What it shows to begin with, where more can be picked: a picture says so, as nothing can be picked there."""

    def spec(self, language: str) -> dict[str, Any]:
        """Return the Vega-Lite specification in a language, without its rows."""
        spec: dict[str, Any] = self.draw(Say(language)).to_dict()
        spec.pop("config", None)
        return spec

    def data(self) -> list[dict[str, Any]]:
        """Return the rows as plain JSON, names harmless, numbers to the seven digits that a chart can show."""
        return [{key: _plain(value) for key, value in row.items()} for row in self.rows]

    def whole(self, language: str) -> dict[str, Any]:
        """Return a specification that stands alone, with its title, its rows, and colours for paper."""
        say = Say(language)
        below = [*([self.picked(say)] if self.picked else []), *([say(self.note)] if self.note else [])]
        title = {"text": say(self.title), **({"subtitle": [one_line(line) for line in below]} if below else {})}
        spec = self.spec(language)
        held = {**spec.get("datasets", {}), ROWS: self.data()}
        return {**spec, "title": title, "datasets": held, "config": config("white")}


def named_rows() -> Any:
    """Return what stands for the rows in a chart."""
    import altair as alt

    return alt.NamedData(name=ROWS)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return float(f"{value:.7g}")
    return one_line(value) if isinstance(value, str) else value
