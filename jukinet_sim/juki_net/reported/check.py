"""A result document held against the report: the rows of provisions, and every other figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jukinet_sim.calendar import Period
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.compile import compile_jukinet
from jukinet_sim.juki_net.reported.expected import expected_of
from jukinet_sim.juki_net.reported.figures import FigureRow, judged
from jukinet_sim.juki_net.reported.stated import stated
from jukinet_sim.juki_net.reported.volumes import VolumeRow, conserved
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.language.part import Part
from jukinet_sim.network.model import Network


@dataclass(frozen=True)
class ReportedCheck:
    """What `check` says of the report: rows of provisions, other figures in its order, and where it contradicts itself."""

    volumes: tuple[VolumeRow, ...] = ()
    figures: tuple[FigureRow, ...] = ()
    contradictions: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        """Whether every volume that was put in exactly came out exactly."""
        return not any(row.difference for row in self.volumes) and not any(row.failed for row in self.figures)


def check_reported(part: Part[JukiNet], network: Network, document: Mapping[str, Any]) -> ReportedCheck:
    """Return a row for every reported figure, given the network that was run and what came out."""
    if part.run.period is None:
        return ReportedCheck()
    expected = expected_of(part.spec, compile_jukinet(part).volumes)
    period = Period(part.run.period.first_day, part.run.period.last_day)
    volumes = conserved(expected, document)
    figures = judged(document, expected, stated(part.spec, network), period)
    return ReportedCheck(volumes, figures, tuple(found.text for found in facts.contradictions()) if volumes else ())
