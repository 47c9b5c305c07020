"""What each flow with an exact volume must have completed in a drained replication, and the reported figure it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from jukinet_sim.network.juki_net import PROVISION, expected_volumes
from jukinet_sim.scenario.juki_net import REPORTED
from jukinet_sim.scenario.load import Loaded

PROVISIONS = "provisions_2012_04_12"
"""The key of the total of the 44 rows."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Jobs, or records of files, that must come out, and the key of the reported figure that they are, if any."""

    count: int
    kind: Literal["jobs", "records"]
    key: str | None = None


def expected_of(loaded: Loaded) -> dict[str, Expected]:
    """Return what must come out by flow, provisions in the order of their rows; none for a generic network."""
    net = loaded.scenario.juki_net
    of_the_report = net is not None and net.provisions.source == REPORTED
    expected = {}
    for volume in expected_volumes(loaded):
        provided = volume.flow.startswith(PROVISION) and of_the_report
        key = PROVISIONS if provided else key_of(volume.reported)
        expected[volume.flow] = Expected(volume.count, "records" if volume.in_files else "jobs", key)
    return expected


def key_of(note: str | None) -> str | None:
    """Return the key that a figure called reported names, without a remark that may follow it."""
    return re.split(r"[\s:,;]", note.strip())[0] if note else None
