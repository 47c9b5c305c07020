"""The 44 rows of the table of provisions to agencies, April to December 2012.

Recipients, affairs and records are reported; `mode_assumed` and `cadence_assumed` are ours and say so in their names.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jukinet_sim.juki_net.facts._tables import read_table


@dataclass(frozen=True, slots=True)
class Provision:
    """One row: who received records for which affairs, how many, and how we assume they were provided."""

    row: int
    slug: str
    recipient: str
    recipient_en: str
    recipient_ja: str
    affairs_en: str
    affairs_ja: str
    records: int
    mode_assumed: str
    cadence_assumed: str


@cache
def provisions() -> tuple[Provision, ...]:
    """Give all rows in the table's order."""
    assumed = {row["slug"]: row for row in read_table("assumed/provision_cadences.csv")}
    return tuple(
        Provision(
            row=int(row["row"]),
            slug=row["slug"],
            recipient=row["recipient"],
            recipient_en=row["recipient_en"],
            recipient_ja=row["recipient_ja"],
            affairs_en=row["affairs_en"],
            affairs_ja=row["affairs_ja"],
            records=int(row["records"]),
            mode_assumed=assumed[row["slug"]]["mode"],
            cadence_assumed=assumed[row["slug"]]["cadence"],
        )
        for row in read_table("reported/provisions_2012_04_12.csv")
    )
