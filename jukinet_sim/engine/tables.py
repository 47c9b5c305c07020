"""What is shared while a network is laid out as tables: numbers of its parts, and the tails that grow as rows refer to them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance.sampling import Samplers
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import routes
from jukinet_sim.network import model as M

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Tables:
    """The numbers of stations, pools, flows and states, and the shared tails of a program under construction."""

    def __init__(self, network: M.Network) -> None:
        self.network = network
        self.samplers = Samplers()
        self.tail_f: list[float] = []
        self.tail_i: list[int] = []
        self.cumulative: list[float] = []
        self.guide: list[int] = []
        self.parents: list[int] = []
        self._away: dict[str, int] = {}
        self.levels = {level.name: level for level in network.levels}
        self.stations = {s.name: i for i, s in enumerate(network.stations)}
        self.pools = {p.name: i for i, p in enumerate(network.pools)}
        self.counted = M.counted_pools(network)
        self.flows = {f.name: i for i, f in enumerate(network.flows)}
        self.station_count = tuple(self.places(s.per) for s in network.stations)
        self.pool_count = tuple(self.places(p.per) for p in network.pools)
        self.station_first = running(self.station_count)
        self.pool_first = running(self.pool_count)
        self.states = {s.name: i for i, s in enumerate(network.states)}
        self.state_first = running(tuple(self.places(s.per) for s in network.states))
        self.turns = 0
        """States besides those of the network: whose turn it is where stations are chosen one after the other."""
        self.special = tuple(routes.special_stations(network))
        self.ranks = {priority: rank for rank, priority in enumerate(sorted({f.priority for f in network.flows}))}

    def places(self, level: str | None) -> int:
        """Places of a level; 1 for none."""
        return 1 if level is None else self.levels[level].count

    def which(self, flow: M.Flow, level: str | None, at: M.Which, name: str) -> int:
        """Give the job's place slot that selects a member of a group kept per `level`."""
        if level is None:
            return L.NO_PLACE
        start = flow.origin if at == "origin" else flow.destination
        if start == level:
            return L.ORIGIN if at == "origin" else L.DESTINATION
        if start is not None and self.levels[start].within == level:
            return L.ORIGIN_PARENT if at == "origin" else L.DESTINATION_PARENT
        raise routes.refuse(
            f"flow {flow.name} uses {name}, which stands once per {level}, but its jobs have no {at} there",
            f"give the flow `{at}: {level}` or a level within it",
        )

    def new_turns(self, level: str | None) -> int:
        """Give where a state of its own begins that tells whose turn it is at each place of a level."""
        at = sum(self.places(state.per) for state in self.network.states) + self.turns
        self.turns += self.places(level)
        return at

    def place_table(self, name: str | None, share: Floats | None) -> list[int]:
        """Give where a level's cumulative weights stand, how many, where their parents and who is away stand; -1 for none."""
        if name is None:
            return [-1, 0, -1, -1]
        level = self.levels[name]
        weights = level.weights if share is None else share
        cumulative = np.cumsum(weights) / np.sum(weights)
        cumulative[np.nonzero(weights)[0][-1] :] = 1.0
        at = len(self.cumulative)
        assert len(self.guide) <= at
        self.guide.extend([0] * (at - len(self.guide)))
        self.cumulative.extend(cumulative.tolist())
        self.guide.extend(np.searchsorted(cumulative, np.arange(level.count) / level.count, side="right").tolist())
        parent = -1
        if level.within is not None:
            parent = len(self.parents)
            self.parents.extend(level.parent)
        return [at, level.count, parent, self._away_table(level)]

    def _away_table(self, level: M.PlaceLevel) -> int:
        """Give where among the parents it stands who of a level is away and who stands for them; -1 if nobody ever is.

        There stand the number of instants, that of places that are ever away, where among the cumulative weights the instants
        stand, for each place of the level its number among those (-1 for the others), and for each instant who stands for each.
        """
        if not level.changes:
            return -1
        if level.name not in self._away:
            if any(not (0 <= change.place < level.count and M.OTHERS <= change.to < level.count) for change in level.changes):
                raise routes.refuse(f"a place that {level.name} does not have is away", f"name places below {level.count}")
            try:
                instants = level.standing_in()
            except M.NowhereError as error:
                raise routes.refuse(str(error), "let those who are there stand for others") from None
            places = sorted({place for _, away in instants for place in away})
            self._away[level.name] = len(self.parents)
            number = {place: k for k, place in enumerate(places)}
            self.parents += [len(instants), len(places), len(self.cumulative)]
            self.parents += [number.get(place, -1) for place in range(level.count)]
            self.parents += [away.get(place, place) for _, away in instants for place in places]
            self.cumulative += [at_s for at_s, _ in instants]
        return self._away[level.name]

    def station_words(self, group: int, place: int | None) -> range:
        """Where the stations of a group, or the one at a place, stand."""
        first, count = self.station_first[group] + (place or 0), self.station_count[group] if place is None else 1
        return range(first * L.STATION_WORDS, (first + count) * L.STATION_WORDS, L.STATION_WORDS)

    def state_words(self, index: int, place: int | None) -> range:
        """Where the values of a state, or the one at a place, stand."""
        first = self.state_first[index] + (place or 0)
        return range(first, first + (self.places(self.network.states[index].per) if place is None else 1))


def running(counts: tuple[int, ...]) -> tuple[int, ...]:
    """Give the sum of all counts before each."""
    total = 0
    firsts = []
    for count in counts:
        firsts.append(total)
        total += count
    return tuple(firsts)


def ints(values: object, width: int | None = None) -> Ints:
    """Give a read-only array with at least one row."""
    array = np.array(values, dtype=np.int64)
    if array.size == 0:
        array = np.zeros((1, width) if width else 1, dtype=np.int64)
    array.setflags(write=False)
    return array


def floats(values: object, width: int | None = None) -> Floats:
    """Give a read-only array, with at least one row where it has columns."""
    array = np.array(values, dtype=np.float64)
    if array.size == 0 and width:
        array = np.zeros((1, width), dtype=np.float64)
    array.setflags(write=False)
    return array
