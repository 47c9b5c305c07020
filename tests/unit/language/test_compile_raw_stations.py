"""Words about stations, pools and states of a scenario file to the network model, in SI."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load

HEAD = """
scenario: words
run: {horizon: 2 d}
network:
  places: {town: {count: 4}}
"""
FLOW = """
  flows:
    query:
      arrivals: {poisson: 1 /s}
      origin: town
      route: [{visit: web, demand: {exponential: 20 ms}}]
"""
Compile = Callable[[str], M.Network]


@pytest.fixture
def compiled(tmp_path: Path) -> Compile:
    """Return a function that compiles a network with the sections given."""

    def compile_text(sections: str) -> M.Network:
        path = tmp_path / "words.yaml"
        path.write_text(HEAD + sections + FLOW, encoding="utf-8")
        return compile_network(load(path))

    return compile_text


@pytest.fixture
def station(compiled: Compile) -> Callable[[str], M.Station]:
    """Return a function that compiles one station."""

    def compile_station(body: str) -> M.Station:
        return compiled(f"  stations: {{web: {{{body}}}}}\n").stations[0]

    return compile_station


Compiled = Callable[[str], M.Station]


def test_a_plain_station_has_every_default(station: Compiled) -> None:
    """Without further words a station is first come first served, unlimited, always there and of speed 1."""
    assert station("servers: 2") == M.Station("web", 2)


@pytest.mark.parametrize("discipline", ["fifo", "priority", "ps"])
def test_the_discipline_is_kept(station: Compiled, discipline: str) -> None:
    """Each discipline goes into the model by its own name."""
    assert station(f"servers: 2, discipline: {discipline}").discipline == discipline


def test_a_capacity_may_be_smaller_than_the_servers(station: Compiled) -> None:
    """The most jobs present is kept as it is written."""
    assert station("servers: 5, capacity: 3").capacity == 3


def test_a_schedule_of_servers_is_kept_with_its_period(station: Compiled) -> None:
    """The table is in seconds, and the station's number of servers is the most that the table has."""
    built = station("servers: [{at: 0 s, servers: 1}, {at: 8 h, servers: 3}, {at: 17 h, servers: 0}], repeat: 24 h")
    assert built.schedule == M.Schedule((0.0, 8 * 3600.0, 17 * 3600.0), (1, 3, 0), 86400.0)
    assert built.servers == 3


def test_a_schedule_without_a_period_holds_to_the_end(station: Compiled) -> None:
    """Without `repeat` the table does not begin anew."""
    assert station("servers: [{at: 0 s, servers: 2}, {at: 1 h, servers: 1}]").schedule == M.Schedule((0.0, 3600.0), (2, 1))


@pytest.mark.parametrize("per", ["server", "station"])
def test_breakdowns_are_distributions_in_seconds(station: Compiled, per: str) -> None:
    """Times to failure and repair are in seconds, and fail one server or all."""
    built = station(f"servers: 2, breakdowns: {{up: {{exponential: 1 h}}, down: {{constant: 2 min}}, per: {per}}}")
    assert built.breakdowns is not None
    assert (built.breakdowns.up, built.breakdowns.down) == (exponential(3600.0), constant(120.0))
    assert built.breakdowns.per == per


def test_changes_of_speed_are_dated_in_seconds(station: Compiled) -> None:
    """Factors hold from their instant on, at one place or at all."""
    built = station("servers: 1, per: town, speed: [{at: 0 s, factor: 1}, {at: 1 d, factor: 0.5, place: 3}]")
    assert built.speed == (M.SpeedFrom(0.0, 1.0), M.SpeedFrom(86400.0, 0.5, 3))


def test_outages_come_again_until_the_end_of_the_run(station: Compiled) -> None:
    """An outage every 12 h from hour 6 on falls four times into two days."""
    built = station("servers: 1, outages: [{at: 6 h, for: 1 min, every: 12 h}]")
    assert built.outages == tuple(M.Outage(hour * 3600.0, 60.0) for hour in (6, 18, 30, 42))


def test_a_pool_that_refills_is_a_token_bucket(compiled: Compile) -> None:
    """The rate is per second; a pool without it holds tokens that are given back."""
    pools = "  pools: {lines: {tokens: 2}, bucket: {tokens: 9, refill: 120 /min}}\n"
    network = compiled(f"  stations: {{web: {{servers: 1}}}}\n{pools}")
    assert network.pools == (M.Pool("lines", 2), M.Pool("bucket", 9, refill_per_s=2.0))


def test_states_hold_their_dated_changes(compiled: Compile) -> None:
    """A change is its second, its place (None for all) and the new value."""
    suite = "{per: town, start: 1, changes: [{at: 10 h, to: 2}, {at: 12 h, place: 3, to: 0}]}"
    states = compiled(f"  stations: {{web: {{servers: 1}}}}\n  states: {{suite: {suite}, mode: {{}}}}\n").states
    assert states == (M.State("suite", 1, "town", ((36000.0, None, 2), (43200.0, 3, 0))), M.State("mode"))
