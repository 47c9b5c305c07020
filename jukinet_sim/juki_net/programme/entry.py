"""Records that are entered in bulk, such as those of residents whom the register did not hold before."""

from __future__ import annotations

from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.nation import MUNICIPALITY
from jukinet_sim.juki_net.programme.schema import Entry
from jukinet_sim.juki_net.updates.forwarding import Forwarding
from jukinet_sim.language.compile_steps import NO_ARRIVALS
from jukinet_sim.network import model as M


def entry(machines: Machines, forwarding: Forwarding, name: str, spec: Entry, path: str) -> tuple[M.Flow, int]:
    """Return the flow of an entry and how many records of it come in the run; a fault where the run ends in the middle of it.

    Each municipality hands in as many as it has residents in proportion, and forwards them one after another.
    """
    nation = machines.nation
    begins_s = nation.seconds_of(spec.at)
    ends_s, horizon_s = begins_s + spec.within.value, nation.period.seconds
    counter = (
        *machines.handling("municipal_firewall", "origin", "municipal_firewall", ""),
        *machines.handling("cs", "origin", "cs", ""),
    )
    route = (*counter, *forwarding.steps(spec.message.value, "forward"))
    there = float(nation.residents_on(spec.at.date()).sum()) / facts.REGISTER_POPULATION
    count = round(spec.enters.value * there * nation.spec.volume.value)
    share = M.frozen_floats(nation.residents)
    if begins_s >= horizon_s or ends_s <= 0.0 or count == 0:
        return M.Flow(name, route, NO_ARRIVALS, origin=MUNICIPALITY, share=share), 0
    if begins_s < 0.0 or ends_s > horizon_s:
        what = f"the run, {nation.period.first} to {nation.period.last}, begins or ends in the middle of this entry"
        nation.fault(f"{path}.at", what, "change its date or the run's period")
        return M.Flow(name, route, NO_ARRIVALS, origin=MUNICIPALITY, share=share), 0
    edges = [(0.0, 0.0), (begins_s, 1.0), (ends_s, 0.0)]
    start_s, weight = zip(*(edges if begins_s > 0.0 else edges[1:]), strict=True)
    arrivals = M.ExactCount(count, M.frozen_floats(start_s), M.frozen_floats(weight), max(horizon_s, ends_s + 1.0))
    return M.Flow(name, route, arrivals, origin=MUNICIPALITY, share=share), count
