"""Dated changes as tables: repeats of a schedule written out, and what concerns one place or all of them."""

from __future__ import annotations

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine import layout as L
from jukinet_sim.engine.program import Program, compile_program
from jukinet_sim.network.model import (
    Flow,
    Network,
    Outage,
    PlaceLevel,
    Poisson,
    Schedule,
    SpeedFrom,
    State,
    Station,
    Visit,
    frozen_floats,
    unrolled,
)


def program(*stations: Station, states: tuple[State, ...] = ()) -> Program:
    """A network of two towns, whose every station somebody visits."""
    towns = PlaceLevel("town", 2, frozen_floats((1.0, 1.0)))
    visits = {s.name: (Visit(s.name, dist.exponential(1.0)),) for s in stations}
    flows = tuple(Flow(f"to-{name}", route, Poisson(1.0), origin="town") for name, route in visits.items())
    return compile_program(Network("dates", 10.0, stations, flows, levels=(towns,), states=states))


def changes(found: Program) -> list[tuple[float, int, int, int]]:
    """Instant, kind, station or place of a state, and value of each change, in order."""
    rows = zip(found.timeline_s, found.timeline.tolist(), strict=True)
    return [(float(t), k, word if k == L.STATE else word // L.STATION_WORDS, value) for t, (k, word, value) in rows]


@pytest.mark.parametrize(("repeat_s", "until_s"), [(None, 30.0), (7.0, 30.0), (7.0, 28.0), (7.0, 31.0), (0.1, 30.0)])
def test_repeats_are_written_out(repeat_s: float | None, until_s: float) -> None:
    """Every start of every round but the very first, before the end; round n begins n times the period after 0."""
    starts_s, servers = (0.0, 0.03, 0.05), (3, 1, 2)
    rounds = range(1 if repeat_s is None else 400)
    expected = [(n * (repeat_s or 0.0) + start_s, c) for n in rounds for start_s, c in zip(starts_s, servers, strict=True)]
    at_s, found = unrolled(Schedule(starts_s, servers, repeat_s), until_s)
    assert list(zip(at_s.tolist(), found.tolist(), strict=True)) == [one for one in expected[1:] if one[0] < until_s]


def test_a_schedule_is_that_of_every_place() -> None:
    """Each start is a change of both towns' stations, which stand behind the plain one."""
    desks = Station("desks", 4, "town", schedule=Schedule((0.0, 2.0), (4, 1), 5.0))
    expected = [(at_s, L.SERVERS, place, value) for at_s, value in ((2.0, 1), (5.0, 4), (7.0, 1)) for place in (1, 2)]
    assert changes(program(Station("plain", 1), desks)) == expected


def test_an_outage_of_one_place_and_of_all() -> None:
    """At one instant an outage begins before another one ends, so that those which touch are one."""
    desks = Station("desks", 1, "town", outages=(Outage(1.0, 2.0, 1), Outage(3.0, 1.0)))
    down = [(1.0, L.OUTAGE, 1, 1), (3.0, L.OUTAGE, 0, 1), (3.0, L.OUTAGE, 1, 1), (3.0, L.OUTAGE, 1, -1)]
    assert changes(program(desks)) == [*down, (4.0, L.OUTAGE, 0, -1), (4.0, L.OUTAGE, 1, -1)]


def test_speeds_and_states() -> None:
    """A speed stands as its bits, one from the very beginning is none of the changes; the last state written holds."""
    speeds = (SpeedFrom(0.0, 3.0), SpeedFrom(2.0, 0.5, 0), SpeedFrom(2.0, 0.25))
    state = State("mode", 0, "town", ((2.0, None, 7), (2.0, 1, 8), (1.0, 0, 9)))
    half, quarter = (int(np.float64(factor).view(np.int64)) for factor in (0.5, 0.25))
    expected = [
        (1.0, L.STATE, 0, 9), (2.0, L.SPEED, 0, half), (2.0, L.SPEED, 0, quarter), (2.0, L.SPEED, 1, quarter),
        (2.0, L.STATE, 0, 7), (2.0, L.STATE, 1, 7), (2.0, L.STATE, 1, 8),
    ]  # fmt: skip
    assert sorted(changes(program(Station("s", 1, "town", speed=speeds), states=(state,)))) == sorted(expected)
    in_order = [row for row in changes(program(Station("s", 1, "town", speed=speeds), states=(state,))) if row[2] != 1]
    assert [value for _, kind, _, value in in_order if kind == L.SPEED] == [half, quarter]


def test_nothing_changes() -> None:
    """A network without dates has no instants, and one row that nobody reads."""
    found = program(Station("plain", 1))
    assert (found.timeline_s.shape, found.timeline.shape) == ((0,), (1, L.DATED_COLUMNS))
