"""Which station, pool or state a step means: the one of its group at the place that the job carries."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.reference.counted import CountedPool
from jukinet_sim.engine.reference.parts import Job
from jukinet_sim.engine.reference.pools import Bucket, Pool
from jukinet_sim.engine.reference.queueing import QueueingStation
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.engine.reference.sharing import SharedStation
from jukinet_sim.engine.reference.stations import Station
from jukinet_sim.network import model as M


class _Groups(dict[str, list[Station]]):
    """Station groups by name, made when first asked for: of a large network a run may see little."""

    def __init__(self, run: Run, give_up: Callable[[Job, str | None], None]) -> None:
        super().__init__()
        self._run, self._give_up = run, give_up

    def __missing__(self, name: str) -> list[Station]:
        program = self._run.program
        number = program.group_of[name]
        model, first = program.network.stations[number], program.station_first[number]
        kind = SharedStation if model.discipline == "ps" else QueueingStation
        places = range(program.station_count[number])
        self[name] = [kind(self._run, first + place, place, model, self._give_up) for place in places]
        return self[name]

    def at(self, index: int) -> Station:
        """Return the single station of this index."""
        program = self._run.program
        number = bisect_right(program.station_first, index) - 1
        return self[program.network.stations[number].name][index - program.station_first[number]]


class Sites:
    """All stations, pools and states, by group and place."""

    def __init__(self, run: Run, give_up: Callable[[Job, str | None], None]) -> None:
        program = run.program
        self.network = run.network
        self._groups = _Groups(run, give_up)
        self.pools: dict[str, list[Pool]] = {}
        counted = M.counted_pools(self.network)
        for pool, first, count in zip(self.network.pools, program.pool_first, program.pool_count, strict=True):
            made = Bucket if pool.refill_per_s is not None else CountedPool if pool.name in counted else Pool
            self.pools[pool.name] = [made(run, first + place, place, pool) for place in range(count)]
        self.states: list[int] = program.states.tolist()
        """Values by group and place; a group begins at its `program.state_first`."""
        self._first_state = {s.name: (s, at) for s, at in zip(self.network.states, program.state_first, strict=True)}

    def stations(self) -> Iterator[Station]:
        """Every single station to which somebody has come, or something happened."""
        for group in self._groups.values():
            yield from group

    def station_at(self, word: int) -> Station:
        """Return the station whose record begins at a word."""
        return self._groups.at(word // L.STATION_WORDS)

    def station(self, job: Job, step: M.Visit) -> Station:
        """Where a job is served."""
        return self.chosen(job, step.station, step.at)

    def chosen(self, job: Job, name: str, at: M.Which) -> Station:
        """Return the station of a group at the job's place."""
        group = self._groups[name]
        return group[self._place(job, group[0].model.per, at)]

    def pool(self, job: Job, step: M.Acquire | M.Release) -> Pool:
        """Where a job's token comes from or goes."""
        group = self.pools[step.pool]
        return group[self._place(job, group[0].model.per, step.at)]

    def state(self, job: Job, step: M.Switch | M.Assign) -> int:
        """Where among `states` the value stands that a job reads or sets."""
        model, first = self._first_state[step.state]
        return first + self._place(job, model.per, step.at)

    def _place(self, job: Job, level: str | None, at: M.Which) -> int:
        if level is None:
            return 0
        flow = self.network.flows[job.flow]
        own = flow.origin if at == "origin" else flow.destination
        slot = L.ORIGIN if at == "origin" else L.DESTINATION
        return job.places[slot if own == level else slot + 1]
