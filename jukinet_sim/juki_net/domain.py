"""The one object through which the rest of the house meets the network of resident registers.

Whoever asks for its schema pays for its schema only; figures, places and the compiler come in when they are used.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jukinet_sim.juki_net.places.schema import GENERATED
from jukinet_sim.juki_net.provisions.schema import REPORTED
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.language.complaint import Complaint, Objection
from jukinet_sim.language.part import Part
from jukinet_sim.language.run import Run

if TYPE_CHECKING:
    from jukinet_sim.calendar import Period
    from jukinet_sim.juki_net.compile import Compiled
    from jukinet_sim.juki_net.crypto.counted import Counted
    from jukinet_sim.juki_net.machines.links import Crossing
    from jukinet_sim.juki_net.monitoring.figures import Watched
    from jukinet_sim.juki_net.operators.figures import Operated
    from jukinet_sim.juki_net.programme.timeline import Dated
    from jukinet_sim.juki_net.reported.check import ReportedCheck
    from jukinet_sim.juki_net.reported.figures import FigureRow
    from jukinet_sim.juki_net.reported.volumes import VolumeRow
    from jukinet_sim.network.model import Network

__all__ = [
    "DOMAIN", "Compiled", "Crossing", "Dated", "Domain", "FigureRow", "JukiNet", "Operated", "ReportedCheck", "Tile",
    "VolumeRow", "Watched",
]  # fmt: skip

EVERY = 20
"""Every so many-th municipality is kept where samples are taken, unless the scenario itself keeps fewer."""
LEAST = 50
"""Municipalities that are left at least, of a list that is short; one that is shorter still is not thinned out."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A place on a map of tiles; the names of places of its level begin with its code."""

    code: str
    name_en: str
    name_ja: str
    column: int
    row: int


class Domain:
    """What a scenario's `juki_net` part can be asked for."""

    key = "juki_net"
    """The key of its part of a scenario."""
    every_key = "juki_net.municipalities.every"
    """The key that says of how many municipalities one is kept."""
    map_level = "prefecture"
    """The level of places that a map shows."""

    def files(self, net: JukiNet) -> Iterator[tuple[str, ...]]:
        """Yield the keys, below `juki_net`, that name a data file."""
        if net.municipalities.source != GENERATED:
            yield "municipalities", "source"
        if net.provisions.source != REPORTED:
            yield "provisions", "source"

    def complaints(self, net: JukiNet, run: Run) -> Iterator[Complaint]:
        """Yield everything that is wrong with a part whose keys and values are right one by one."""
        from jukinet_sim.juki_net.checks import domain_complaints

        return domain_complaints(net, run)

    def doubts(self, run: Run) -> Iterator[Objection]:
        """Yield what is legal and probably not meant."""
        from jukinet_sim.juki_net.checks import domain_doubts

        return domain_doubts(run)

    def compile(self, part: Part[JukiNet]) -> Compiled:
        """Return the network with its volumes and faults. Raises ScenarioError for lists that cannot be read."""
        from jukinet_sim.juki_net.compile import compile_jukinet

        return compile_jukinet(part)

    def every(self, net: JukiNet) -> int:
        """Return of how many municipalities one is kept."""
        return net.municipalities.every

    def thinned(self, net: JukiNet, every: int | None, network: Network) -> JukiNet:
        """Return the part with every n-th municipality only.

        Without a number it is the largest up to `EVERY` that leaves `LEAST` municipalities of the network that was run,
        and never smaller than the part's own.
        """
        own = self.every(net)
        listed = own * sum(level.count for level in network.levels if level.name == "municipality")
        chosen = every if every is not None else max(own, min(EVERY, listed // LEAST))
        return net.model_copy(update={"municipalities": net.municipalities.model_copy(update={"every": chosen})})

    def reported_keys(self) -> Collection[str]:
        """Return the keys by which a figure may be called reported."""
        from jukinet_sim.juki_net import facts

        return facts.reported()

    def places_note(self, resolved: Mapping[str, Any] | None) -> str | None:
        """Return what must be known of the names of places, given the part as a run's manifest keeps it; None if nothing."""
        if resolved is None or resolved.get("municipalities", {}).get("source", GENERATED) != GENERATED:
            return None
        from jukinet_sim.juki_net.places.schema import GENERATED_NOTE

        return GENERATED_NOTE

    def printed(self, key: str) -> str | None:
        """Return how and where the report prints a figure; None for a key that it does not have."""
        from jukinet_sim.juki_net import facts

        if key not in facts.reported():
            return None
        found = facts.figure(key)
        return f"{found.value} {found.unit}, {found.period}, section {found.section}"

    def check(self, part: Part[JukiNet] | None, network: Network, document: Mapping[str, Any]) -> ReportedCheck:
        """Hold a result document against every reported figure; without a part there is nothing to hold it against."""
        from jukinet_sim.juki_net.reported.check import ReportedCheck, check_reported

        return ReportedCheck() if part is None else check_reported(part, network, document)

    def tiles(self) -> tuple[Tile, ...]:
        """Return a tile for each place of the level `map_level`, for a map on which all are of one size."""
        from jukinet_sim.juki_net import facts

        return tuple(
            Tile(row.code, row.name_en, row.name_ja, row.tile_col, row.tile_row) for row in facts.prefectures()
        )

    def capacity_key(self, net: JukiNet, station: str) -> str | None:
        """Return the key of a scenario by which a station or pool grows; None where there is none."""
        from jukinet_sim.juki_net.capacity_keys import capacity_key

        key = capacity_key(net, station)
        return None if key is None else f"{self.key}.{key}"

    def links(self, part: Part[JukiNet]) -> tuple[Crossing, ...]:
        """Return the links between the tiers, and what a message passes on each."""
        from jukinet_sim.juki_net.machines.links import crossings

        return crossings(part)

    def without_counts(self, stations: Mapping[str, Any]) -> dict[str, Any]:
        """Return the stations of a document that are machines; others stand for what is counted."""
        from jukinet_sim.juki_net.crypto import counted
        from jukinet_sim.juki_net.monitoring import names
        from jukinet_sim.juki_net.operators import figures

        counts = (counted.is_count, names.is_count, figures.is_count)
        return {name: part for name, part in stations.items() if not any(is_count(name) for is_count in counts)}

    def without_people(self, flows: Mapping[str, Any]) -> dict[str, Any]:
        """Return the flows of a document that something travels or is done by; others stand for people at their terminals."""
        from jukinet_sim.juki_net.operators.figures import is_person

        return {name: part for name, part in flows.items() if not is_person(name)}

    def operated(self, document: Mapping[str, Any]) -> Operated | None:
        """Return what a result document tells of operators; None where a scenario has none."""
        from jukinet_sim.juki_net.operators.figures import operated

        return operated(document)

    def suites_used(self, stations: Mapping[str, Any]) -> tuple[Counted, ...]:
        """Return which suites messages used, by link; nothing where suites were not exchanged."""
        from jukinet_sim.juki_net.crypto.counted import counted

        return counted(stations)

    def watched(self, document: Mapping[str, Any]) -> Watched | None:
        """Return what a result document tells of monitoring and attacks; None where a scenario has neither."""
        from jukinet_sim.juki_net.monitoring.figures import watched

        return watched(document)

    def reported_period(self) -> Period:
        """Return the days that the report is about."""
        from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS

        return REPORTED_NINE_MONTHS

    def reported_business_days(self) -> float:
        """Return the business days of that period, as the report's calls in all and calls a day mean them."""
        from jukinet_sim.juki_net import facts

        return facts.number("call_centre_calls_2012_04_12") / facts.number("call_centre_calls_per_day")

    def suite_outputs(self, network: Network) -> list[str]:
        """Return what is looked at when cipher suites are compared on a network, by the names by which one asks for it."""
        from jukinet_sim.juki_net.crypto.outputs import usual_outputs

        return list(usual_outputs(network))

    def log_on(self, part: Part[JukiNet], method: str, people: int) -> dict[str, Any]:
        """Return the document of a log-on by a method with the figures that a part states, where so many operators are known.

        Raises UsageError for an unknown method and figures that it cannot use.
        """
        from jukinet_sim.juki_net.operators.explained import log_on_in

        return log_on_in(part, method, people)

    def cadences(self) -> tuple[str, ...]:
        """Return the names that say on which days files are sent, sorted; a family of names as its pattern, last."""
        from jukinet_sim.juki_net.cadences import CADENCE_NAMES

        return (*sorted(CADENCE_NAMES), "monthly from YYYY-MM (rows of provisions only)")


DOMAIN = Domain()
"""The network of resident registers."""
