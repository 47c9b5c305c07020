"""The rows of the provisions table held against what came out of a run, record by record.

A row is expected to give what the scenario put in: its volume, over its period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.provisions.compile import PROVISION
from jukinet_sim.juki_net.reported.expected import PROVISIONS, Expected


@dataclass(frozen=True)
class VolumeRow:
    """Records of one row: as printed, as this scenario should give, and as simulated, over all replications.

    `reported` is None in a planner's own list; `difference` is simulated minus expected, summed over the replications.
    """

    slug: str
    reported: int | None
    expected: int
    simulated: float
    difference: int


def conserved(expected: Mapping[str, Expected], document: Mapping[str, Any]) -> tuple[VolumeRow, ...]:
    """Return the rows in their order; none where no flow provides records to agencies."""
    printed = {row.slug: row.records for row in facts.provisions()}
    times, rows = document["replications"], []
    for name, wanted in expected.items():
        if name.startswith(PROVISION):
            slug = name.removeprefix(PROVISION)
            records = document["flows"].get(name, {"records": 0})["records"]
            reported = printed[slug] if wanted.key == PROVISIONS else None
            rows.append(VolumeRow(slug, reported, wanted.count, records / times, records - wanted.count * times))
    return tuple(rows)
