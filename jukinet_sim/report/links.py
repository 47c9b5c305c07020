"""The links of the national network to a table: what each is for, and what a message passes on its way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from jukinet_sim.report.terminal import table

if TYPE_CHECKING:
    from jukinet_sim.juki_net.domain import Crossing

from jukinet_sim.report.terminal import Table


def list_links(crossings: Sequence[Crossing]) -> Iterator[str | Table]:
    """Yield a row for each link, with the stations that a message crosses in this scenario."""
    yield "Links take a message from one machine to another: {send: LINK, message: NAME}."
    rows = []
    for i, link in enumerate(crossings):
        rows += [("", "")] if i else []
        rows += [(link.name, link.meaning), ("", "  " + " > ".join(link.steps))]
    yield table(("link", "what for, and what a message passes"), rows, left=2)
