"""Which station, pool or state a step means: the one of its group at the place that the job carries."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from jukinet_sim.engine import layout as L
from jukinet_sim.engine.reference.parts import Job
from jukinet_sim.engine.reference.pools import Bucket, Pool
from jukinet_sim.engine.reference.queueing import QueueingStation
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.engine.reference.sharing import SharedStation
from jukinet_sim.engine.reference.stations import Station
from jukinet_sim.network import model as M


class Sites:
    """All stations, pools and states, by group and place."""

    def __init__(self, run: Run, give_up: Callable[[Job], None]) -> None:
        program = run.program
        self.network = run.network
        self.stations: dict[str, list[Station]] = {}
        for model, first, count in zip(self.network.stations, program.station_first, program.station_count, strict=True):
            kind = SharedStation if model.discipline == "ps" else QueueingStation
            self.stations[model.name] = [kind(run, first + place, place, model, give_up) for place in range(count)]
        self.pools: dict[str, list[Pool]] = {}
        for pool, first, count in zip(self.network.pools, program.pool_first, program.pool_count, strict=True):
            made = Pool if pool.refill_per_s is None else Bucket
            self.pools[pool.name] = [made(run, first + place, place, pool) for place in range(count)]
        self.states: list[int] = program.states.tolist()
        """Values by group and place; a group begins at its `program.state_first`."""
        self._first_state = {s.name: (s, at) for s, at in zip(self.network.states, program.state_first, strict=True)}

    def all_stations(self) -> Iterator[Station]:
        """Every single station, by its index."""
        for group in self.stations.values():
            yield from group

    def station(self, job: Job, step: M.Visit) -> Station:
        """Where a job is served."""
        group = self.stations[step.station]
        return group[self._place(job, group[0].model.per, step.at)]

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
