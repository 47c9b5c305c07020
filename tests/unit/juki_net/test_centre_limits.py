"""What a common centre shares out: hosts, of which each prefecture may keep some busy, and connections."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.juki_net.machines.hosts import Limited, within_limits
from jukinet_sim.juki_net.nation import PREFECTURE
from jukinet_sim.network import model as M
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from tests.twins.compare import assert_twins
from tests.unit.juki_net.operators_runs import SCENARIOS, Run, nation

CARDS = "cards: {server: xeon-2012, hsm: hsm-2012}"
DAY = "{from: 2013-11-05, to: 2013-11-05}"
MOVE = "at: 12 h, waves: [{on: 2013-11-05}]"


def centre(server: str = "servers: 16", hsm: str = "servers: 6", when: str = MOVE) -> str:
    """A centre to which all prefectures move at noon."""
    hosts = f"firewall: {{servers: 4}}, hsm: {{{hsm}}}, server: {{{server}}}, line: 1 Gbit/s"
    return f"programme.prefecture_centre={{{hosts}, {when}}}"


def standing(*sets: str) -> M.Network:
    """A day of some of the nation with a centre from the start."""
    fixed = ["run.period={from: 2012-04-02, to: 2012-04-02}", "juki_net.municipalities.every=40"]
    return compile_network(load(SCENARIOS / "pooling-centre.yaml", sets=[*fixed, *(f"juki_net.{one}" for one in sets)]))


def sessions(text: str) -> str:
    """Sessions between machines."""
    return f"crypto={{suite: today, {CARDS}, sessions: {{{text}}}}}"


def pool(of: M.Network, name: str) -> M.Pool:
    """Return a pool by its name."""
    return next(one for one in of.pools if one.name == name)


class TestHosts:
    """How many hosts each prefecture may keep busy."""

    def test_the_same_for_each(self) -> None:
        """But for those that are named, and never more than there are."""
        limits = "{each: 2, prefectures: {'13': 5, '27': 99}}"
        stands = standing("prefecture.server.servers=16", f"prefecture.server.limits={limits}")
        comes = nation(centre(f"servers: 16, limits: {limits}"), period=DAY)
        for made, name in ((stands, "prefecture"), (comes, "centre")):
            tokens = pool(made, f"{name}_server_limit").tokens
            assert isinstance(tokens, tuple)
            assert (tokens[12], tokens[26], {*tokens[:12], *tokens[13:26], *tokens[27:]}) == (5, 16, {2})

    def test_by_residents(self) -> None:
        """So many times a prefecture's share of the hosts, rounded up, at least one."""
        made = nation(centre("servers: 40, limits: {overcommit: 3}"), period=DAY, every=1)
        tokens, people = pool(made, "centre_server_limit").tokens, made.level(PREFECTURE).weights
        assert tokens == tuple(max(1, math.ceil(3 * 40 * share)) for share in (people / people.sum()).tolist())

    def test_a_burst_of_one_does_not_hold_up_the_other(self) -> None:
        """Of four hosts each of two prefectures may have two: 40 jobs of 1 s take 20 s, and the other's begin at once."""
        level = M.PlaceLevel(PREFECTURE, 2, M.frozen_floats([1.0, 1.0]))
        at_s, places = [0.0] * 40 + [5.5, 5.5, 5.5], (0,) * 40 + (1,) * 3
        arrivals = M.Scheduled(M.frozen_floats(at_s), (1,) * 43, places)
        flow = M.Flow("f", (M.Visit("host", constant(1.0)),), arrivals, origin=PREFECTURE)
        hosts = Limited("host", (2, 2))
        made = M.Network(
            "n", 100.0, (M.Station("host", 4),), within_limits([flow], [hosts]), (hosts.pool,), (level,), series_bin_s=1.0
        )  # fmt: skip
        found = assert_twins(made)
        # In pairs: waits of 0, 1, .. 19 s twice; of the other's three one waits for its own second.
        assert found.flow_sums["sojourn"].tolist() == [2 * sum(range(1, 21)) + 1.0 + 1.0 + 2.0]
        assert found.station_sums["wait"].tolist() == [0.0]

    def test_whoever_jumps_to_the_hosts_holds_a_token(self) -> None:
        """A visit that others lead to, one in a loop and one at a destination are all within limits."""
        way = (
            M.Branch((("again", 0.5), ("later", 0.5))),
            M.Visit("host", exponential(1.0), label="again"),
            M.Loop((M.Visit("host", exponential(0.5)),), times=3, label="later"),
            M.Visit("host", exponential(0.5), at="destination"),
        )
        level = M.PlaceLevel(PREFECTURE, 3, M.frozen_floats([1.0, 1.0, 5.0]))
        flow = M.Flow("f", way, M.Poisson(1.0), origin=PREFECTURE, destination=PREFECTURE)
        hosts = Limited("host", (1, 1, 1))
        made = M.Network(
            "n", 2000.0, (M.Station("host", 9),), within_limits([flow], [hosts]), (hosts.pool,), (level,), focuses=()
        )  # fmt: skip
        found = assert_twins(made)
        # Whoever has a host has a token: both are held for as long in all.
        busy, held = float(found.station_sums["busy_area"].sum()), float(found.pool_sums["in_use_area"].sum())
        assert busy == pytest.approx(held, rel=1e-12)
        assert busy > 0.0

    def test_limits_that_nobody_meets_move_nothing(self) -> None:
        """Every job takes to the bit as long as without them."""
        usual = "prefecture.server.servers=90"
        plain, limited = (Run(standing(usual, *more)).result for more in ((), ("prefecture.server.limits={each: 90}",)))
        assert plain.flow_sums["sojourn"].tolist() == limited.flow_sums["sojourn"].tolist()

    @pytest.mark.parametrize(
        ("sets", "fault"),
        [
            (("prefecture.server.limits={each: 2}",), "each prefecture has servers of its own"),
            ((centre("servers: 4, limits: {each: 2, overcommit: 3}"),), "the same for each prefecture, or by residents"),
            ((centre("servers: 4, limits: {prefectures: {'13': 2}}"),), "the same for each prefecture, or by residents"),
            ((centre("servers: 4, limits: {each: 2, prefectures: {'99': 2}}"),), "no prefecture with the code"),
        ],
    )
    def test_what_cannot_be_is_refused(self, sets: tuple[str, ...], fault: str) -> None:
        """Before anything runs."""
        with pytest.raises(ScenarioError, match=fault):
            nation(*sets, period=DAY)


class TestConnections:
    """How many sessions security modules keep, before and after a prefecture has moved."""

    def test_whoever_moves_leaves_its_sessions_behind(self) -> None:
        """A move of all at noon opens as many sessions as a lifetime that ends at noon does: each town with traffic, twice."""
        name = "session.cs-prefecture"
        moved = Run(nation(centre(), sessions("lifetime: 24 h"), period=DAY, every=40))
        renewed = Run(nation(sessions("lifetime: 12 h"), period=DAY, every=40))
        once = Run(nation(sessions("lifetime: 24 h"), period=DAY, every=40))
        assert moved.arrived(name) == renewed.arrived(name) > once.arrived(name)

    def test_the_same_with_connections_for_all(self) -> None:
        """With as many connections as anybody may ask for, nobody waits for one, and every bit is as without a limit."""
        many = ", connections: 9000"
        runs = [
            Run(nation(centre(hsm=f"servers: 6{more}"), sessions(f"lifetime: 24 h{more}"), period=DAY, every=40))
            for more in ("", many)
        ]
        for flow in ("updates.per_event", "query-by-address"):
            sojourns = [run.kinds["flow"][flow].metrics["sojourn_s.mean"] for run in runs]
            assert sojourns[0] == pytest.approx(sojourns[1], rel=1e-9), flow
        assert runs[0].arrived("session.cs-prefecture") == runs[1].arrived("session.cs-prefecture")

    def test_few_at_the_centre_are_shared_by_all(self) -> None:
        """Two connections for everybody are at most two in use from noon on; a run that is drained ends, on both engines."""
        made = nation(
            centre(hsm="servers: 6, connections: 2"), sessions("lifetime: 6 h, connections: 50"), period=DAY, every=100
        )
        assert pool(made, "centre_hsm_connections") == M.Pool("centre_hsm_connections", 2, discipline="priority")
        found = assert_twins(replace(made, drain=True))
        assert found.complete
        places = {one.name: 1 if one.per is None else made.level(one.per).count for one in made.pools}
        first = sum(places[one.name] for one in made.pools[: [one.name for one in made.pools].index("centre_hsm_connections")])
        assert 0.0 < found.pool_sums["in_use_area"][first] <= 2 * 43_200.0
        ended = sum(np.sum(found.flow_counts[name]) for name in ("completed", "lost", "abandoned"))
        assert ended == np.sum(found.flow_counts["arrived"])

    @pytest.mark.parametrize(
        ("hsm", "text", "fault"),
        [
            ("servers: 6", "lifetime: 24 h, connections: 800", "nothing says how many the centre's do"),
            ("servers: 6, connections: 800", "lifetime: 24 h", "nothing says how many a prefecture's do"),
        ],
    )
    def test_limits_go_together(self, hsm: str, text: str, fault: str) -> None:
        """With the prefectures and at the centre, or with neither."""
        with pytest.raises(ScenarioError, match=fault):
            nation(centre(hsm=hsm), sessions(text), period=DAY)
