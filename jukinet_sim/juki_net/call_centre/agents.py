"""How many agents answer, from hour to hour and on days on which there are more of them."""

from __future__ import annotations

import datetime as dt
import math

from jukinet_sim.calendar import DAY_S, opening_times
from jukinet_sim.juki_net.call_centre.schema import CallCentre
from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.network import model as M


def roster(nation: Nation, spec: CallCentre) -> M.Schedule:
    """Return the agents over the run, none while the centre is closed; a call that has begun is brought to its end.

    Whoever is left when the run ends, and is drained, is answered then, as if the next day had come.
    """
    changes: list[tuple[float, int]] = []
    for opens_s, lines_close_s in opening_times(nation.shape(spec.hours)).tolist():
        closes_s = lines_close_s + spec.stays.value
        for at_s, agents in _hours(nation, spec, opens_s, closes_s):
            if not changes or changes[-1][1] != agents:
                changes.append((at_s, agents))
        changes.append((closes_s, 0))
    end_s = nation.period.seconds
    if nation.run.drain:
        changes = [(at_s, agents) for at_s, agents in changes if at_s < end_s]
        changes.append((end_s, _agents(spec, nation.period.last)))
    if not changes or changes[0][0] > 0.0:
        changes.insert(0, (0.0, 0))
    joined = dict(changes)
    return M.Schedule(tuple(joined), tuple(joined.values()))


def _hours(nation: Nation, spec: CallCentre, opens_s: float, closes_s: float) -> list[tuple[float, int]]:
    """Return the agents from each change of the roster on, within one stretch of open hours; it may go on over midnights."""
    found = []
    for day in range(math.floor(opens_s / DAY_S), math.ceil(closes_s / DAY_S)):
        agents = _agents(spec, nation.period.first + dt.timedelta(days=day))
        times = [(entry.at, entry.share.value) for entry in spec.roster]
        # What held when the last day ended holds until the first entry of this one.
        shares = [(0.0, times[-1][1] if times else 1.0), *times]
        for i, (at, share) in enumerate(shares):
            begins = day * DAY_S + at
            ends = day * DAY_S + (shares[i + 1][0] if i + 1 < len(shares) else DAY_S)
            if ends > opens_s and begins < closes_s:
                found.append((max(begins, opens_s), math.ceil(agents * share - 1e-9)))
    return found


def _agents(spec: CallCentre, date: dt.date) -> int:
    """Return how many there are on a day in all."""
    for days in spec.reinforced:
        if days.first_day <= date <= days.last_day:
            return days.agents.value
    return spec.agents.value


