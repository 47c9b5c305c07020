"""What pools and buckets are asked for, against hand-made sums and against runs in which nobody waits."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import numpy as np
import pytest

from jukinet_sim.chance import distributions as dist
from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.experiments.plan import make_plan
from jukinet_sim.network.model import (
    Acquire,
    Branch,
    Closed,
    Delay,
    Flow,
    Loop,
    Network,
    Piecewise,
    PlaceLevel,
    Poisson,
    Pool,
    Release,
    Retry,
    Scheduled,
    Spawn,
    SpeedFrom,
    State,
    Station,
    Step,
    Switch,
    Visit,
    frozen_floats,
)
from jukinet_sim.report.limits_table import limits_notes, limits_table
from jukinet_sim.report.load_table import pool_warnings
from jukinet_sim.report.terminal import show
from jukinet_sim.theory.limits import limits
from jukinet_sim.theory.peaks import Hours
from jukinet_sim.theory.pools import PoolLoad, pools_asked

WIDE = Station("s", 10_000)


def second(times: float = 1.0) -> Delay:
    """A delay of so many seconds."""
    return Delay(dist.constant(times))


def visit(mean_s: float = 2.0, per_record_s: float = 0.0) -> Visit:
    """A service of exponential length."""
    return Visit("s", dist.exponential(mean_s), per_record_s)


def network(*route: Step, pools: tuple[Pool, ...] = (Pool("p", 10_000), Pool("q", 10_000)), **flow: object) -> Network:
    """One flow of half a job a second with this route, and room for everybody."""
    flows = (replace(Flow("f", route, Poisson(0.5)), **flow),)  # type: ignore[arg-type]  # any field, by name
    return Network("pools", 20_000.0, (WIDE,), flows, pools)


def asked(one: Network, pool: int = 0) -> float:
    """Tokens of a pool asked for at once."""
    return pools_asked(one)[pool].asked


def at(label: str, step: Step) -> Step:
    """A step that a branch can lead to."""
    return replace(step, label=label)


def halves(one: str | None, other: str) -> Branch:
    """Go on at either label, or leave the network."""
    return Branch(((one, 0.5), (other, 0.5)))


P, GIVE, NEXT = Acquire("p"), Release("p"), second(0.0)
THREE_IN_FOUR = Branch((("again", 0.75), (None, 0.25)))
PAST = (
    P, second(1.0), halves("keep", "give"), at("give", GIVE), Branch((("end", 1.0),)),
    at("keep", second(10.0)), at("end", NEXT),
)  # fmt: skip
ENDS_EARLY = Loop((P, second(2.0), halves(None, "on"), at("on", GIVE)), times=3)
GIVES_AT_RANDOM = Loop((second(2.0), halves("give", "on"), at("give", GIVE), Branch((("on", 1.0),)), at("on", NEXT)), times=1)
ROUTES: dict[str, tuple[tuple[Step, ...], float]] = {
    # Seconds for which a job holds tokens of p in all.
    "plain": ((P, visit(2.0), second(3.0), GIVE, second(9.0)), 5.0),
    "never released": ((P, visit(2.0), second(3.0)), 5.0),
    "nested": ((P, second(1.0), Acquire("q"), visit(2.0), Release("q"), second(4.0), GIVE), 7.0),
    "crossed": ((P, second(1.0), Acquire("q"), second(2.0), GIVE, second(4.0), Release("q")), 3.0),
    "twice": ((P, second(1.0), P, second(2.0), GIVE, second(4.0), GIVE), 1.0 + 2 * 2.0 + 4.0),
    "again": ((P, second(1.0), GIVE, second(5.0), P, second(2.0), GIVE), 3.0),
    # Round and round, four times on average.
    "back, token in hand": ((P, at("again", second(2.0)), THREE_IN_FOUR), 8.0),
    "back to the acquire": ((at("again", P), second(2.0), GIVE, THREE_IN_FOUR), 8.0),
    "past the release": (PAST, 1.0 + 0.5 * 10.0),
    "leaves with it": ((P, second(1.0), halves(None, "on"), at("on", second(4.0)), GIVE), 3.0),
    "rounds inside": ((P, Loop((second(2.0),), times=7), GIVE), 14.0),
    "rounds around": ((Loop((P, second(2.0), GIVE, second(1.0)), times=7),), 14.0),
    "rounds that end early": ((ENDS_EARLY,), 2.0 * (1.0 + 0.5 + 0.25)),
    "taken before, perhaps given back in a round": ((P, GIVES_AT_RANDOM, second(4.0)), 2.0 + 0.5 * 4.0),
}


@pytest.mark.parametrize("name", ROUTES)
def test_held_by_hand(name: str) -> None:
    """Tokens in use are arrivals a second times the seconds for which each job holds one (Little's law)."""
    route, held_s = ROUTES[name]
    assert asked(network(*route)) == pytest.approx(0.5 * held_s, rel=1e-9)


@pytest.mark.parametrize("name", ROUTES)
def test_held_in_a_run_without_waits(name: str) -> None:
    """Where nobody waits, the time average of tokens in use comes out as asked for, within five standard errors."""
    one = replace(network(*ROUTES[name][0]), horizon_s=4000.0)
    program = compile_program(one)
    runs = [conduct(make_engine("fast", program, 3, k), program, k) for k in range(4)]
    means = [run.pool_sums["in_use_area"][0] / one.horizon_s for run in runs]
    error = max(float(np.std(means, ddof=1)) / 2.0, 0.01 * float(np.mean(means)))
    assert abs(float(np.mean(means)) - asked(one)) < 5.0 * error


def test_records_in_hand() -> None:
    """A visit inside a loop over records takes so long as its lot asks, for every number of records that jobs bring."""
    sizes = (1, 250, 999)
    route = (P, Loop((visit(2.0, 0.01),), per_records=100), GIVE)
    one = network(*route, arrivals=Scheduled(frozen_floats([0.0, 1.0, 2.0]), sizes))
    held = sum(2.0 * -(-size // 100) + 0.01 * size for size in sizes)
    assert asked(one) == pytest.approx(held / one.horizon_s, rel=1e-9)


def test_spawned_jobs_and_retries() -> None:
    """What spawned jobs hold counts; jobs that try again count once, as at stations."""
    flows = (
        Flow("parent", (Spawn("child"), Spawn("child"), second(1.0)), Poisson(0.5), retry=Retry(3, dist.constant(1.0))),
        Flow("child", (P, second(3.0), GIVE)),
    )
    one = Network("spawn", 1000.0, (WIDE,), flows, (Pool("p", 2),))
    assert asked(one) == pytest.approx(0.5 * 2 * 3.0)
    assert not pools_asked(one)[0].stable


def test_switches_by_the_share_of_time() -> None:
    """A state that has a value for a quarter of the run lengthens a quarter of the jobs."""
    route = (P, Switch("slow", ((0, "on"),)), second(8.0), replace(second(1.0), label="on"), GIVE)
    one = replace(network(*route), states=(State("slow", 0, None, ((15_000.0, None, 1),)),))
    assert asked(one) == pytest.approx(0.5 * (1.0 + 0.25 * 8.0), rel=1e-6)


def test_the_fastest_speed_counts() -> None:
    """What is held is the least it can be: servers that ever work twice as fast halve a service."""
    one = network(P, visit(4.0), GIVE)
    fast = replace(one, stations=(replace(WIDE, speed=(SpeedFrom(100.0, 2.0),)),))
    assert asked(fast) == pytest.approx(asked(one) / 2.0)


def towns(*, weights: tuple[float, ...] = (1.0, 3.0, 1.0), tokens: tuple[int, ...] | int = 1, at_: str = "origin") -> Network:
    """A pool in each of three towns."""
    level = PlaceLevel("towns", 3, frozen_floats(weights), labels=("Aga", "Bibai", "Chino"))
    side = "destination" if at_ == "destination" else "origin"
    flow = Flow("f", (Acquire("p", side), second(2.0), Release("p", side)), Poisson(0.5), origin="towns", destination="towns")
    return Network("towns", 10_000.0, (WIDE,), (flow,), (Pool("p", tokens, per="towns"),), (level,))


@pytest.mark.parametrize("at_", ["origin", "destination"])
def test_the_most_loaded_place(at_: str) -> None:
    """A pool per place is judged by the place with the most for its tokens."""
    (load,) = pools_asked(towns(at_=at_))
    assert (load.worst_place, load.worst_asked) == (1, pytest.approx(0.6))
    (load,) = pools_asked(towns(tokens=(1, 9, 1)))
    assert (load.worst_place, load.worst_load) == (0, pytest.approx(0.2))


def test_buckets_by_their_refill() -> None:
    """A bucket is asked for tokens a second, however many it can gather."""
    bucket = (Pool("b", 50, refill_per_s=2.0),)
    (load,) = pools_asked(network(Loop((Acquire("b"),), times=3), visit(), pools=bucket))
    assert (load.asked, load.able, load.worst_load, load.stable) == (1.5, 2.0, 0.75, True)
    (load,) = pools_asked(network(Loop((Acquire("b"),), times=5), visit(), pools=bucket))
    assert (load.worst_load, load.stable) == (1.25, False)


def test_who_leaves_does_not_pile_up() -> None:
    """Jobs that time out, and those of a closed flow, let no queue grow without end; patience is not for pools."""
    route, small = (P, second(4.0), GIVE), (Pool("p", 1),)
    over = network(*route, pools=small)

    def stable(**flow: object) -> bool:
        return pools_asked(network(*route, pools=small, **flow))[0].stable

    assert not pools_asked(over)[0].stable
    assert stable(timeout=dist.constant(9.0))
    assert not stable(timeout=dist.constant(9.0), retry=Retry(None, dist.constant(1.0)))
    assert not stable(patience=dist.constant(9.0))
    assert stable(arrivals=Closed(50, dist.constant(1.0)))


def test_a_closed_flow_is_no_faster_than_its_pool() -> None:
    """Fifty jobs that need a token for 4 s each get round a quarter of a time a second (Denning and Buzen's bound)."""
    (load,) = pools_asked(network(P, second(4.0), GIVE, pools=(Pool("p", 1),), arrivals=Closed(50, dist.constant(1.0))))
    assert load.taken_per_s == pytest.approx(0.25)
    assert load.worst_load == pytest.approx(1.0)


def test_ranked_with_the_stations() -> None:
    """The limits name the pool first where it is busier, at the place and in the hour in which it is."""
    day = Piecewise(frozen_floats([0.0, 3600.0, 7200.0]), frozen_floats([0.1, 0.8, 0.1]))
    one = towns()
    flow = replace(one.flows[0], arrivals=day, route=(*one.flows[0].route, Visit("s", dist.constant(0.5))))
    one = replace(one, flows=(flow,), stations=(Station("s", 1),))
    first, second_ = limits(Hours(one))
    assert (first.kind, first.station, first.place, first.start_s) == ("pool", "p", "Bibai", 3600.0)
    assert first.utilisation == pytest.approx(0.8 * 0.6 * 2.0)
    assert (first.flow, first.flow_share, second_.station) == ("f", pytest.approx(1.0), "s")
    stream = StringIO()
    show([limits_table((first, second_), None), *limits_notes((first, second_))], stream)
    assert "station or pool" in stream.getvalue()
    assert "A pool's tokens count as held for demands and delays only" in stream.getvalue()


def warnings(one: Network) -> list[str]:
    """What is said of the pools of a network."""
    hours = Hours(one)
    return pool_warnings(hours.pool_loads, hours.pool_peaks, one)


def test_overloaded_pools_and_buckets_are_warned_of() -> None:
    """The warning says what is asked for, what there is and what to do; `plan` knows the names."""
    pools = (Pool("p", 1), Pool("b", 10, refill_per_s=0.25))
    one = network(P, second(4.0), GIVE, Acquire("b"), pools=pools)
    assert warnings(one) == [
        "warning: pool p is asked for 2 tokens at once (0.5 a second, each held for at least 4 s) and has 1 token: it cannot "
        "keep up, its queue grows to the end; give it more tokens or hold them for less",
        "warning: bucket b is asked for 0.5 tokens a second and gets 0.25: it cannot keep up, its queue grows to the end; "
        "refill it faster or let fewer jobs come",
    ]
    plan = make_plan(one, engine="auto", replications=1, jobs=1)
    assert (plan.short, plan.unstable) == (("pool p", "bucket b"), ())
    assert warnings(network(P, second(1.0), GIVE, pools=(Pool("p", 1),))) == []


@pytest.mark.parametrize(("tokens", "said"), [(1, True), (1000, False)])
def test_a_busy_hour_of_a_bucket(tokens: int, said: bool) -> None:
    """An hour that asks for more than comes is noted, unless what has gathered in the bucket lets it through."""
    day = Piecewise(frozen_floats([0.0, 3600.0, 7200.0]), frozen_floats([0.01, 0.2, 0.01]))
    one = network(Acquire("b"), visit(), pools=(Pool("b", tokens, refill_per_s=0.1),), arrivals=day)
    found = warnings(one)
    assert bool(found) is said
    assert all(line.startswith("note: bucket b keeps up on average, but is asked for 200 %") for line in found)


def test_loads_without_jobs() -> None:
    """A pool that nobody asks has a load of nothing."""
    (load,) = pools_asked(network(visit(), pools=(Pool("p", 1),)))
    assert load == PoolLoad("p", False, 0.0, 0.0, 0.0, 1.0, None, 0.0, 0.0, 1.0, 0.0)
