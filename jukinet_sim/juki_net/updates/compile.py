"""Resident-record updates: of large municipalities one by one, of small ones held until the daily send."""

from __future__ import annotations

from jukinet_sim.calendar import fraction_of_year
from jukinet_sim.juki_net.cadences import split_exact
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.nation import MUNICIPALITY
from jukinet_sim.juki_net.places.joining import with_joining
from jukinet_sim.juki_net.programme.traffic import changed
from jukinet_sim.juki_net.updates.forwarding import Forwarding
from jukinet_sim.language.compile_calendar import extended
from jukinet_sim.language.compile_steps import count_or_none, gate
from jukinet_sim.network import model as M

PER_EVENT, DAILY = "updates.per_event", "updates.daily"
UPDATES = "updates"
"""Both together, as changes of traffic name them."""


def update_flows(machines: Machines, forwarding: Forwarding) -> tuple[M.Flow, ...]:
    """Both flows; the one without municipalities of its size has no arrivals, so that service levels may name it."""
    nation = machines.nation
    updates, people = nation.spec.updates, nation.residents
    usual = nation.shape(updates.profile)
    shape = changed(nation.spec.programme, UPDATES, usual, nation.period)
    large = nation.places.population >= nation.spec.municipalities.per_event_from.value
    year = updates.per_year.value * nation.spec.volume.value
    more = 1.0 if shape is usual else shape.integral() / usual.integral()
    total = round(year * nation.share * fraction_of_year(nation.profile(updates.profile), nation.period) * more)
    masks, shapes = (large, ~large), (shape, shape)
    parts = [float(people[mask].sum()) for mask in masks]
    if nation.joining:
        # Each kind grows by those of its own who join.
        everybody = float(nation.residents_at_start.sum())
        joined = [with_joining(nation, shape, nation.period, people * mask, everybody) for mask in masks]
        shapes, parts = (joined[0], joined[1]), [one.integral() for one in joined]
        total = round(total * sum(parts) / shape.integral()) if total else 0
    counts = split_exact(total, parts) if total else (0, 0)
    drained = extended(nation.period, nation.run.drain)
    hold = gate(nation.shape(updates.daily_send, drained), updates.daily_send_spread.value, "daily_send")
    flows = []
    kinds = (
        (PER_EVENT, counts[0], shapes[0], large, (), updates.due),
        (DAILY, counts[1], shapes[1], ~large, (hold,), updates.daily_send_due),
    )
    for name, count, comes, mask, held, due in kinds:
        counter = (
            *machines.handling("municipal_firewall", "origin", "municipal_firewall", ""),
            *machines.handling("cs", "origin", "cs", ""),
        )
        route = (*counter, *held, *forwarding.steps(updates.message.value, "forward"))
        share = M.frozen_floats(people * mask) if count > 0 else None
        due_s = None if due is None else due.value
        flows.append(M.Flow(name, route, count_or_none(count, comes), origin=MUNICIPALITY, share=share, due_s=due_s))
    return tuple(flows)

