"""What the records of the members of one part, such as the stations of a group, have counted up to an instant.

Everything is read as it stands and nothing is brought up to date, so that no sum of the run is split.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.program import Program
from jukinet_sim.engine.tally import Tally
from jukinet_sim.network.focus import Focus

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Inside = Callable[[], tuple[Ints, Floats, Ints]]
"""Flow, time of arrival and records of each job in the system."""

_SUMS = {
    "flow": {"sojourn": L.F_SOJOURN, "wait": L.F_WAIT, "wait_gone": L.F_GONE_WAIT},
    "station": {"wait": L.S_WAIT},
    "pool": {"wait": L.P_WAIT},
}
_COUNTS = {
    "flow": {
        "arrived": L.F_ARRIVED, "completed": L.F_COMPLETED, "records": L.F_RECORDS, "lost": L.F_LOST,
        "abandoned": L.F_ABANDONED, "retried": L.F_RETRIED, "late": L.F_LATE, "late_records": L.F_LATE_RECORDS,
    },
    "station": {},
    "pool": {"taken": L.P_TAKEN},
}  # fmt: skip
_AREAS = {
    "flow": {"in_system_area": (L.F_AREA_SYSTEM, L.F_T_SYSTEM)},
    "station": {"busy_area": (L.S_AREA_BUSY, L.S_T_BUSY), "waiting_area": (L.S_AREA_QUEUE, L.S_T_QUEUE)},
    "pool": {"in_use_area": (L.P_AREA_IN_USE, L.P_T), "queue_area": (L.P_AREA_QUEUE, L.P_T_QUEUE)},
}
"""Areas with the time of their last change."""
_SPECIAL_COUNTS = {"refused": L.Q_REFUSED, "abandoned": L.Q_ABANDONED}
_WORDS = {"flow": L.FLOW_WORDS, "station": L.STATION_WORDS, "pool": L.POOL_WORDS}


@dataclass(frozen=True)
class Part:
    """Which records belong to the parts of a focus, or to the one place of them that it looks at."""

    kind: str
    groups: tuple[int, ...]
    """Numbers of the flows, or of the one group of stations or pools."""
    rows: Any
    """The records: a slice of a group, a list of flows."""
    whole: bool
    """Whether these are all members of the group, to which its histograms belong."""


def part_of(focus: Focus, program: Program) -> Part:
    """Return the records that a focus looks at."""
    network = program.network
    if focus.kind == "flow":
        numbers = {flow.name: i for i, flow in enumerate(network.flows)}
        groups = tuple(numbers[name] for name in focus.parts)
        return Part("flow", groups, list(groups), True)
    firsts, counts = (
        (program.station_first, program.station_count) if focus.kind == "station" else (program.pool_first, program.pool_count)
    )
    names = [s.name for s in network.stations] if focus.kind == "station" else [p.name for p in network.pools]
    numbers = {name: i for i, name in enumerate(names)}
    groups = tuple(numbers[name] for name in focus.parts)
    if len(groups) > 1:
        rows = [firsts[group] + place for group in groups for place in range(counts[group])]
        return Part(focus.kind, groups, rows, False)
    first, count = firsts[groups[0]], counts[groups[0]]
    if focus.place is not None:
        return Part(focus.kind, groups, slice(first + focus.place, first + focus.place + 1), count == 1)
    return Part(focus.kind, groups, slice(first, first + count), True)


class Members:
    """The records of a part in a tally; quantities have a number for each of them."""

    def __init__(self, part: Part, tally: Tally, inside: Inside) -> None:
        self.part = part
        self._tally, self._inside = tally, inside
        self._records = {"flow": tally.fi, "station": tally.si, "pool": tally.pi}[part.kind].reshape(-1, _WORDS[part.kind])
        if part.kind == "station":
            network = tally.program.network
            # Whether stations are special, or shared, is a matter of their group.
            at = self._records[part.rows, L.S_SPECIAL] // L.SPECIAL_WORDS  # -1 for a plain one
            self._is_special = at >= 0
            self._special_at: Any = at[self._is_special]
            if len(self._special_at) and self._special_at[-1] - self._special_at[0] + 1 == len(self._special_at):
                # A group's records stand in a row, and a slice of them is not copied.
                self._special_at = slice(int(self._special_at[0]), int(self._special_at[-1]) + 1)
            shared = np.array([network.stations[g].discipline == "ps" for g in self._records[part.rows, L.S_GROUP]])
            self._shared = shared if shared.any() else None

    @property
    def count(self) -> int:
        """How many records there are."""
        return len(self._here())

    def quantity(self, name: str, t: float) -> Floats:
        """Return what has been counted up to an instant, a negative number of it where the name begins with a minus."""
        if name.startswith("-"):
            return -self.quantity(name[1:], t)
        kind = self.part.kind
        if name in _AREAS[kind]:
            return self._area(*_AREAS[kind][name], self._level(name), t)
        if name in _COUNTS[kind]:
            return self._here()[:, _COUNTS[kind][name]].astype(np.float64)
        if name in _SUMS[kind]:
            found = self._sum(_SUMS[kind][name])
            return found if kind != "station" else self._unshared(found)
        return self._late_inside(name, t) if kind == "flow" else self._of_station(name, t)

    def _here(self) -> Ints:
        found: Ints = self._records[self.part.rows]
        return found

    def _sum(self, word: int) -> Floats:
        numbers = self._here().view(np.float64)
        return np.asarray(numbers[:, word] + numbers[:, word + 1])

    def _area(self, word: int, changed: int, level: Ints, t: float) -> Floats:
        numbers = self._here().view(np.float64)
        since = np.where(level != 0, t - numbers[:, changed], 0.0)
        return np.asarray(numbers[:, word] + numbers[:, word + 1] + level * since)

    def _level(self, name: str) -> Ints:
        here = self._here()
        if name == "in_use_area":
            return here[:, L.P_TOKENS] - here[:, L.P_FREE]
        words = {"in_system_area": L.F_IN_SYSTEM, "busy_area": L.S_BUSY, "waiting_area": L.S_QUEUE, "queue_area": L.P_QUEUE}
        found: Ints = here[:, words[name]]
        return found

    def _unshared(self, values: Floats) -> Floats:
        """Nobody waits where servers are shared."""
        return values if self._shared is None else np.where(self._shared, 0.0, values)

    def _of_station(self, name: str, t: float) -> Floats:
        here, special = self._here(), self._tally.qi.reshape(-1, L.SPECIAL_WORDS)[self._special_at]
        if name == "queue_area":
            return self._unshared(self.quantity("waiting_area", t))
        if name == "present_area":
            return self.quantity("waiting_area", t) + (self.quantity("busy_area", t) + self.quantity("kept_area", t))
        if name in _SPECIAL_COUNTS:
            return self._spread(special[:, _SPECIAL_COUNTS[name]])
        started = here[:, L.S_STARTED] - self._spread(special[:, L.Q_RESUMED])
        match name:
            case "started":
                return np.asarray(started)
            case "completed":
                return self._spread(special[:, L.Q_DONE], started - here[:, L.S_BUSY])
            case "arrived":
                return self._spread(special[:, L.Q_OFFERED], started + here[:, L.S_QUEUE])
            case "wait_gone":
                numbers = special.view(np.float64)
                return self._spread(numbers[:, L.Q_GONE_WAIT] + numbers[:, L.Q_GONE_WAIT + 1])
            case "server_area":
                scheduled = _area_of(special, L.Q_AREA_SCHEDULED, L.Q_SCHEDULED, L.Q_T_CAPACITY, t)
                return self._spread(scheduled, here[:, L.S_USABLE] * t)
            case "kept_area":
                return self._spread(_area_of(special, L.Q_AREA_KEPT, L.Q_KEPT, L.Q_T_KEPT, t))
            case "down_area":
                return self._spread(_area_of(special, L.Q_AREA_DOWN, L.Q_DOWN, L.Q_T_CAPACITY, t))
        raise KeyError(name)

    def _spread(self, values: Any, elsewhere: Any = 0.0) -> Floats:
        """Return the values of special stations among those of all, plain ones having what is `elsewhere`."""
        found = np.zeros(len(self._is_special)) + elsewhere
        found[self._is_special] = values
        return found

    def _late_inside(self, name: str, t: float) -> Floats:
        """Jobs, or their records, that are in the system at t and late already; they are not asked for where nobody is."""
        here = self._here()
        found = np.zeros(len(here))
        if not here[:, L.F_IN_SYSTEM].any():
            return found
        flows, births, records = self._inside()
        for i, group in enumerate(self.part.groups):
            late = (flows == group) & (t - births > here.view(np.float64)[i, L.F_DUE])
            found[i] = records[late].sum() if name == "late_records_inside" else late.sum()
        return found

    @property
    def shared(self) -> bool:
        """Whether servers are shared here, so that every wait is 0."""
        return self.part.kind == "station" and self._shared is not None

    def histogram(self, name: str) -> Ints:
        """Return the histogram of the one group, as it stands; a part that loses nobody has none of who left."""
        tally, group = self._tally, self.part.groups[0]
        flow = {"sojourn_histogram": tally.sojourns, "wait_histogram": tally.flow_waits, "gone_histogram": tally.flow_gone}
        found = {
            "flow": flow,
            "station": {"wait_histogram": tally.station_waits, "gone_histogram": tally.station_gone},
            "pool": {"wait_histogram": tally.pool_waits},
        }[self.part.kind][name]
        row: Ints = found[group if group < len(found) else 0]
        return row


def _area_of(special: Ints, area: int, level: int, changed: int, t: float) -> Floats:
    """Server-seconds up to t at special stations."""
    numbers = special.view(np.float64)
    return np.asarray(numbers[:, area] + numbers[:, area + 1] + special[:, level] * (t - numbers[:, changed]))
