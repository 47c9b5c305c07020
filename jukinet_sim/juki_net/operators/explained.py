"""A log-on by the figures of one scenario, for those who want to see the chain behind a run."""

from __future__ import annotations

from typing import Any

from jukinet_sim.authentication.listing import explained
from jukinet_sim.authentication.methods import method
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.operators.chosen import setting, stated
from jukinet_sim.juki_net.operators.seats import days, seats
from jukinet_sim.juki_net.operators.working_day import WorkingDay
from jukinet_sim.juki_net.read import read_nation
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.language.part import Part


def log_on_in(part: Part[JukiNet], name: str, people: int) -> dict[str, Any]:
    """Return the document of a log-on by a method, the scenario's own or another, with the figures that a scenario states.

    Raises UsageError for an unknown method, and ValueError for a scenario without operators.
    """
    spec = part.spec.operators
    if spec is None:
        raise ValueError("the scenario has no operators")
    nation = read_nation(part)
    machines = Machines(nation)
    day = WorkingDay(nation, spec, seats(machines, spec), days(machines, spec))
    one, values = method(name), stated(spec, name)
    if values is None:
        own = {parameter.name for parameter in one.parameters}
        values = {key: figure.value for key, figure in spec.parameters.items() if key in own}
    return explained(one, values, setting(nation, spec, day.renewals), people)
