"""What each flow with an exact volume must have completed in a drained replication, and the reported figure it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from jukinet_sim.juki_net.flows.compile import Volume
from jukinet_sim.juki_net.provisions.compile import PROVISION
from jukinet_sim.juki_net.provisions.schema import REPORTED
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.language.figures import source_key

PROVISIONS = "provisions_2012_04_12"
"""The key of the total of the 44 rows."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Jobs, or records of files, that must come out, and the key of the reported figure that they are, if any."""

    count: int
    kind: Literal["jobs", "records"]
    key: str | None = None


def expected_of(net: JukiNet, volumes: Iterable[Volume]) -> dict[str, Expected]:
    """Return what must come out by flow, provisions in the order of their rows."""
    of_the_report = net.provisions.source == REPORTED
    expected = {}
    for volume in volumes:
        provided = volume.flow.startswith(PROVISION) and of_the_report
        key = PROVISIONS if provided else source_key(volume.reported)
        expected[volume.flow] = Expected(volume.count, "records" if volume.in_files else "jobs", key)
    return expected
