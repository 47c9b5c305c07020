"""Outages of equipment: when it fails at random, when somebody notices, and when it works again.

An outage lasts until it has been noticed, an alarm has been handled, somebody has come and the repair is done. Failures are
drawn by the run's seed when the scenario is compiled: other replications of a run have the same ones.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jukinet_sim.calendar import fraction_of_year, opening_times
from jukinet_sim.design.chance import uniform_pairs
from jukinet_sim.juki_net.incidents.schema import StationOutage
from jukinet_sim.juki_net.monitoring.schema import Equipment, Monitoring
from jukinet_sim.juki_net.nation import AGENCY, MUNICIPALITY, PREFECTURE, Nation
from jukinet_sim.language.compile_calendar import extended
from jukinet_sim.network import model as M

LEVELS: dict[str, str | None] = {
    "municipal_firewall": MUNICIPALITY,
    "cs_line": MUNICIPALITY,
    "prefecture_firewall": PREFECTURE,
    "prefecture_line": PREFECTURE,
    "national_firewall": None,
    "agency_firewall": None,
    "agency_line": AGENCY,
}
"""At which level of places equipment stands that may fail at random."""
MUNICIPAL_SIDE = ("municipal_firewall",)
"""Equipment that only the municipality watches, in office hours."""
_MOST_FAILURES = 100_000



@dataclass(frozen=True)
class Outage:
    """A station that is down at a place: since when, when it was noticed, and when it works again."""

    station: str
    place: int | None
    at_s: float
    noticed_s: float
    ends_s: float


Outages = tuple[Outage, ...]


class Noticing:
    """Tells when an outage that begins at an instant is noticed, and when it ends."""

    def __init__(self, nation: Nation, spec: Equipment) -> None:
        self.spec = spec
        # Somebody is in the office again within a fortnight of the end of the run, whether it is drained or not.
        self._open_s = opening_times(nation.shape(spec.hours, extended(nation.period, beyond=True)))

    def outage(self, station: str, place: int | None, at_s: float, repair_s: float) -> Outage:
        """Return an outage from its beginning and what its repair takes."""
        noticed_s = self._next_poll_s(at_s)
        if station in MUNICIPAL_SIDE:
            noticed_s = self._in_office_s(noticed_s)
        ends_s = noticed_s + self.spec.handling.value + self.spec.dispatch.value + repair_s
        return Outage(station, place, at_s, noticed_s, ends_s)

    def _next_poll_s(self, at_s: float) -> float:
        """Return when the first heartbeat is missing: heartbeats come at multiples of the interval from the run's start."""
        interval_s = self.spec.polled_every.value
        return (math.floor(at_s / interval_s) + 1) * interval_s

    def _in_office_s(self, at_s: float) -> float:
        """Return the first instant from this one on at which the office is open."""
        later = self._open_s[self._open_s[:, 1] > at_s]
        return max(at_s, float(later[0, 0])) if len(later) else at_s


def random_outages(nation: Nation, spec: Monitoring) -> Outages:
    """Return the outages of equipment that fails at random, in the order in which they begin.

    Failures of a kind of equipment are a Poisson process of all its units, each as likely as the others; a unit that is down
    cannot fail.
    """
    if spec.equipment is None:
        return ()
    noticing = Noticing(nation, spec.equipment)
    found: list[Outage] = []
    for station, failing in spec.equipment.failures.items():
        units = _units(nation, station)
        expected = failing.per_year.value * len(units) * fraction_of_year("uniform", nation.period)
        if expected > _MOST_FAILURES:
            what = f"this makes {expected:.3g} failures in the run"
            cure = f"write a smaller number; {_MOST_FAILURES:,} are possible"
            nation.fault(f"monitoring.equipment.failures.{station}.per_year", what, cure)
            continue
        down_until: dict[int | None, float] = {}
        for at_s, which in _instants(nation, station, expected):
            place = units[min(int(which * len(units)), len(units) - 1)]
            if at_s < down_until.get(place, 0.0):
                continue
            outage = noticing.outage(station, place, at_s, failing.repair.value)
            down_until[place] = outage.ends_s
            found.append(outage)
    return tuple(sorted(found, key=lambda one: one.at_s))


def repaired(nation: Nation, incident: StationOutage, at_s: float) -> Outage | None:
    """Return an outage on a date whose repair is stated; None where its end is, or where nobody watches equipment."""
    equipment = None if nation.spec.monitoring is None else nation.spec.monitoring.equipment
    if incident.repair is None or equipment is None:
        return None
    return Noticing(nation, equipment).outage(incident.outage, None, at_s, incident.repair)


def dated_outages(nation: Nation) -> Outages:
    """Return the outages on a date whose repair is stated, each as often as places are named."""
    dated = [one for one in nation.spec.incidents.values() if isinstance(one, StationOutage)]
    found = [(repaired(nation, one, nation.seconds_of(one.at)), _times(one)) for one in dated]
    return tuple(one for one, times in found if one is not None for _ in range(times))


def _times(incident: StationOutage) -> int:
    """Return at how many named places an outage is; a group is noticed as one."""
    return len(incident.places) if isinstance(incident.places, tuple) else 1


def _units(nation: Nation, station: str) -> list[int | None]:
    """Return the places that have such a piece of equipment; None stands for the one of the nation."""
    level = LEVELS[station]
    if level == PREFECTURE and station == "prefecture_firewall" and nation.spec.prefecture.firewall.per == "nation":
        level = None
    if level is None:
        return [None]
    if level == MUNICIPALITY:
        return list(np.nonzero(nation.residents)[0].tolist())
    return list(range(len(nation.codes(level))))


def _instants(nation: Nation, station: str, expected: float) -> list[tuple[float, float]]:
    """Return the instants of a Poisson process with so many events expected in the run, each with a uniform draw."""
    if expected == 0.0:
        return []
    mean_gap_s = nation.period.seconds / expected
    count, found = 0, np.zeros(1)
    pairs = np.zeros((0, 2))
    while found[-1] < nation.period.seconds:
        count += max(16, math.ceil(1.2 * expected))
        pairs = uniform_pairs(nation.run.seed, f"failures of {station}", count)
        found = np.cumsum(-mean_gap_s * np.log(pairs[:, 0]))
    inside = found < nation.period.seconds
    return list(zip(found[inside].tolist(), pairs[inside, 1].tolist(), strict=True))


def fail(stations: Sequence[M.Station], outages: Outages) -> tuple[M.Station, ...]:
    """Return stations with these outages."""
    added: dict[str, list[M.Outage]] = {}
    for one in outages:
        added.setdefault(one.station, []).append(M.Outage(one.at_s, one.ends_s - one.at_s, one.place))
    return tuple(
        replace(station, outages=(*station.outages, *added[station.name])) if station.name in added else station
        for station in stations
    )


def concerned_s(nation: Nation, outages: Outages) -> list[float]:
    """Return when outages begin, each once for every municipality on the network that it concerns; agencies' concern none."""
    of, connected = nation.places.prefecture, nation.places.connected
    found = []
    for one in outages:
        towns = 1
        if one.station in ("agency_firewall", "agency_line"):
            towns = 0
        elif one.place is None:
            towns = int(connected.sum())
        elif LEVELS[one.station] == PREFECTURE:
            towns = int(connected[of == one.place].sum())
        found += [one.at_s] * towns
    return found


def alarm_times(outages: Outages, horizon_s: float) -> list[float]:
    """Return when alarms are raised at the national centre, in order; what a municipality watches raises none there."""
    return sorted(one.noticed_s for one in outages if one.station not in MUNICIPAL_SIDE and one.noticed_s < horizon_s)
