"""Small nations for the tests of monitoring and attacks, and what one replication of them brings."""

from __future__ import annotations

from dataclasses import replace

from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import conduct
from jukinet_sim.network import model as M
from jukinet_sim.results.digest import Part
from jukinet_sim.results.summary import digest
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder

SCENARIOS = shipped_folder()
NOTHING_ELSE = (
    "juki_net.flows=null", "juki_net.groups=null", "measures=null", "slo=null", "juki_net.updates.per_year=0",
    "juki_net.provisions.volume=0", "juki_net.monitoring.log_analysis=null", "juki_net.attacks=null",
    "juki_net.monitoring.ids.classes=null", "juki_net.operators=null",
)  # fmt: skip
"""Settings that leave the monitoring of fy2012 and no traffic."""


def nation(*more: str, period: str = "{from: 2012-04-02, to: 2012-04-03}", every: int = 50, seed: int = 1) -> M.Network:
    """Some days, two unless said, of a small nation that has the monitoring of fy2012."""
    sets = [f"run.period={period}", f"juki_net.municipalities.every={every}", f"run.seed={seed}", *more]
    return compile_network(load(SCENARIOS / "fy2012.yaml", sets=sets))


def attacked(attack: str, *more: str, period: str = "{from: 2012-04-02, to: 2012-04-06}") -> M.Network:
    """A working week in which there is nothing but one attack."""
    return nation(*NOTHING_ELSE, f"juki_net.attacks={{it: {attack}}}", *more, period=period)


def outcome(network: M.Network, replication: int = 0) -> dict[str, dict[str, Part]]:
    """Flows, stations and pools of one replication by name; nobody here asks for the busiest hours of stations."""
    program = compile_program(replace(network, busiest_hours=False))
    return digest(conduct(make_engine("fast", program, 1, replication), program, replication), program).kinds()
