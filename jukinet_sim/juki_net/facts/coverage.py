"""What becomes of each reported figure in a simulation of the network, and why; the figure itself is in `figures`.

The verdict is the one for a scenario that simulates all it can; a scenario without the flow or the key has less.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, get_args

from jukinet_sim.juki_net.facts._tables import read_table

Verdict = Literal["conserved", "derived", "structure", "not a flow"]
"""Put in as a volume and to come out exactly; arithmetic from other figures; a parameter or count; none of these."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The verdict on one reported figure, for a parameter the key of a scenario `where` it stands, and the reason."""

    key: str
    verdict: Verdict
    where: str
    reason: str


@cache
def coverage() -> Mapping[str, Coverage]:
    """Give the verdict on every reported figure by key, in the order of the report's table."""
    by_name: dict[str, Verdict] = {verdict: verdict for verdict in VERDICTS}
    rows = (Coverage(row["key"], by_name[row["verdict"]], row["where"], row["reason"]) for row in read_table("coverage.csv"))
    return MappingProxyType({row.key: row for row in rows})
