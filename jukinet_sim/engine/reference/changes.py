"""What changes from outside: outages, schedules and speeds of stations and values of states by date, breakdowns by chance."""

from __future__ import annotations

import numpy as np

from jukinet_sim.engine import journal as J
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.reference.draws import checked
from jukinet_sim.engine.reference.run import Run
from jukinet_sim.engine.reference.sites import Sites
from jukinet_sim.engine.reference.stations import Station
from jukinet_sim.network import model as M


def plan_dated_changes(run: Run, sites: Sites) -> None:
    """Plan every dated change of the calendar."""

    def change(number: int) -> None:
        what, word, value = run.program.timeline[number].tolist()
        if what == L.STATE:
            sites.states[word] = value
        else:
            _change_station(sites.station_at(word), what, value)

    run.env.plan_dates(run.program.timeline_s, change)


def set_clocks(run: Run, sites: Sites) -> None:
    """Set the clock of everything that breaks down."""
    for word, server, key, hash_, _, _ in run.program.clocks.tolist() if run.program.clocks.any() else []:
        Clock(run, sites.station_at(word), server, key, hash_).set(0.0)


class Clock:
    """The failures and repairs of one server, or of a station as a whole (server -1)."""

    def __init__(self, run: Run, station: Station, server: int, key: int, hash_: int) -> None:
        assert station.model.breakdowns is not None
        self.model: M.Breakdowns = station.model.breakdowns
        self.run, self.station, self.server, self.key, self.hash = run, station, server, key, hash_
        self.cycle = 0
        self.broken = False

    def set(self, now: float) -> None:
        """Plan the next failure or repair. Raises Limit where its time is none."""
        up, down = self.run.draws.breakdown(self.key, self.hash, self.cycle, self.model)
        self.run.env.after(now + checked(down if self.broken else up), self._strike, clock=True)

    def _strike(self) -> None:
        self.broken = not self.broken
        now, kind = self.run.env.now, L.E_FAIL if self.broken else L.E_REPAIR
        self.run.journal.note(J.MARK, now, self.key, self.station.word, kind)
        if self.server < 0:
            _change_outages(self.station, 1 if self.broken else -1)
        else:
            _change_condition(self.station, self.server, self.broken)
        if not self.broken:
            self.cycle += 1
        self.set(now)
        self.station.put_to_work()


def _change_station(station: Station, what: int, value: int) -> None:
    """Carry out a dated change of a station."""
    if what == L.OUTAGE:
        _change_outages(station, value)
    elif what == L.SERVERS:
        station.catch_up()
        station.crew.schedule(value)
        _book(station)
        station.end_shifts()
    else:
        station.catch_up()
        old, station.speed = station.speed, float(np.int64(value).view(np.float64))
        station.rescale(old)
    station.put_to_work()


def _change_outages(station: Station, change: int) -> None:
    """Begin an outage (+1) or end one (-1); the first to begin stops every job, so that the queue gets them in server order."""
    station.catch_up()
    station.crew.outages += change
    if change > 0 and station.crew.outages == 1:
        for server in reversed(list(station.crew)):
            station.stop(server)
    _book(station)


def _change_condition(station: Station, server: int, broken: bool) -> None:
    """Let a server break or be repaired."""
    station.catch_up()
    station.crew.set_broken(server, broken)
    if broken:
        station.stop(station.crew[server])
    _book(station)


def _book(station: Station) -> None:
    """Book how many servers are scheduled and do not work."""
    run, crew = station.run, station.crew
    run.journal.note(J.CAPACITY, run.env.now, station.special, crew.scheduled, crew.not_working)
    run.tally.si[station.word + L.S_USABLE] = crew.working
