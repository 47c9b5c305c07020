"""What a page is made of: a first screen, sections of tables and charts, and a table of what was run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from jukinet_sim.report.charts.plot import Plot
from jukinet_sim.report.page.blocks import Block
from jukinet_sim.report.page.glance import Glance


@dataclass(frozen=True)
class Section:
    """A part of a page: its name in links, its heading, its charts and tables; `folded` is shown when it is opened."""

    name: str
    heading: Markup
    plots: Sequence[Plot] = ()
    blocks: Sequence[Block] = ()
    folded: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not (self.plots or self.blocks)


@dataclass(frozen=True)
class Page:
    """A page: its title and subtitles, the first screen of a run or the verdict of an experiment, and its sections."""

    title: Markup
    subtitles: Sequence[Markup]
    tone: str
    verdict: Markup
    sections: Sequence[Section]
    manifest: Sequence[tuple[Markup, Markup]]
    glance: Glance | None = None
    warnings: Sequence[Markup] = ()
    more: Sequence[Markup] = ()
    """What belongs to the verdict of an experiment and does not fit in it."""
