"""The links of the national network to a table: what each is for, and what a message passes on its way."""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.network import model as M
from jukinet_sim.network.juki_net import LINKS, crossings
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.scenario.load import Loaded


def list_links(loaded: Loaded) -> Iterator[str | Table]:
    """Yield a row for each link, with the stations that a message crosses in this scenario."""
    yield "Links take a message from one machine to another: {send: LINK, message: NAME}."
    rows, steps = [], crossings(loaded)
    for i, (name, link) in enumerate(LINKS.items()):
        rows += [("", "")] if i else []
        rows += [(name, link.meaning), ("", "  " + " > ".join(map(_word, steps[name])))]
    yield table(("link", "what for, and what a message passes"), rows, left=2)


def _word(step: M.Step) -> str:
    """Name what a step of a link is."""
    if isinstance(step, M.Visit):
        return step.station if step.at == "origin" else f"{step.station} there"
    return f"{step.delay.mean * 1000.0:.3g} ms" if isinstance(step, M.Delay) else type(step).__name__.lower()
