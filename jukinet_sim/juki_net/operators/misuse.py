"""Wrong persons who try to get in: so many a year by each way, and those for whom it leads in where they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jukinet_sim.authentication.methods import methods as every_method
from jukinet_sim.authentication.plan import Plan, Way
from jukinet_sim.base.suggest import one_of
from jukinet_sim.calendar import fraction_of_year
from jukinet_sim.chance.distributions import constant
from jukinet_sim.juki_net.nation import MUNICIPALITY, Nation
from jukinet_sim.juki_net.operators.chosen import Chosen
from jukinet_sim.juki_net.operators.names import BOTH, GOT_IN, METHOD, MISUSE, NEW, OLD, PEOPLE
from jukinet_sim.juki_net.operators.schema import Operators
from jukinet_sim.juki_net.operators.seats import Seats
from jukinet_sim.language.compile_steps import count_or_none
from jukinet_sim.network import model as M

NOTHING = constant(0.0)


def misuse(nation: Nation, spec: Operators, seats: Seats, methods: Sequence[Chosen]) -> Iterator[M.Flow]:
    """Yield the attempts by each way of the scenario, and those that succeed; a fault for a way that no method at all knows.

    By one that other methods know, and those in use do not, nobody gets in.
    """
    known = ways(methods) | {way.name for one in every_method() for way in one.plan().ways}
    share = M.frozen_floats(seats.operators) if seats.operators.any() else None
    for name, year in spec.misuse.items():
        if name not in known:
            what = f'no method knows the way "{name}"'
            nation.fault(f"operators.misuse.{name}", what, one_of(name, known, "delete it"))
            continue
        count = round(year.value * nation.share * fraction_of_year(nation.profile(spec.hours), nation.period))
        arrivals = count_or_none(count if share is not None else 0, nation.shape(spec.hours))
        people = tuple(sorted(set(seats.operators.tolist())))
        yield M.Flow(MISUSE + name, tuple(_route(name, methods, people)), arrivals, origin=MUNICIPALITY, share=share)
        yield M.Flow(MISUSE + name + GOT_IN, (M.Delay(NOTHING, "in"),), origin=MUNICIPALITY)


def ways(methods: Sequence[Chosen]) -> set[str]:
    """Return the ways that some of these methods know."""
    return {way.name for one in methods for way in one.plan.ways}


def succeeds(plans: Sequence[Plan], way: str, people: int) -> float:
    """Return the probability that a way leads in where these methods hold, the weakest of which decides."""
    return max((one.succeeds(people) for plan in plans for one in plan.ways if one.name == way), default=0.0)


def _route(name: str, methods: Sequence[Chosen], people: tuple[int, ...]) -> Iterator[M.Step]:
    """Yield an attempt: by the method, or methods, that hold there, and by how many operators there are where that matters."""
    holding = {OLD: methods[:1], BOTH: methods, NEW: methods[1:]} if len(methods) > 1 else {OLD: methods}
    if len(holding) > 1:
        yield M.Switch(METHOD, tuple((value, f"held.{value}") for value in holding), label="holds")
    for value, some in holding.items():
        plans = [one.plan for one in some]
        yield M.Delay(NOTHING, f"held.{value}")
        if any(_way(plan, name).each_person for plan in plans):
            yield M.Switch(PEOPLE, tuple((n, f"of.{value}.{n}") for n in people), label=f"people.{value}")
            for n in people:
                yield _tries(succeeds(plans, name, n), f"of.{value}.{n}")
        else:
            yield _tries(succeeds(plans, name, 1), f"tries.{value}")
    yield M.Spawn(MISUSE + name + GOT_IN, "got-in")


def _tries(probability: float, label: str) -> M.Step:
    return M.Branch((("got-in", probability), (None, 1.0 - probability)), label)


def _way(plan: Plan, name: str) -> Way:
    return next((way for way in plan.ways if way.name == name), Way(name, 0.0, ""))
