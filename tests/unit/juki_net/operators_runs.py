"""Small nations with operators, and what a run of them has counted."""

from __future__ import annotations

from typing import Any

from jukinet_sim.engine.choose import make_engine
from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication, conduct
from jukinet_sim.network import model as M
from jukinet_sim.results.summary import digest
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import shipped_folder

SCENARIOS = shipped_folder()
DAY = "{from: 2012-05-14, to: 2012-05-14}"
"""A Monday."""
OCCASIONS = ("log-on.opening", "log-on.change", "log-on.time-out")


def nation(*sets: str, period: str = DAY, every: int = 20) -> M.Network:
    """A part of the nation of fy2012.yaml for a day or two, with some of its keys set."""
    fixed = [f"run.period={period}", f"juki_net.municipalities.every={every}"]
    return compile_network(load(SCENARIOS / "fy2012.yaml", sets=[*fixed, *(f"juki_net.{one}" for one in sets)]))


def operators(*sets: str, period: str = DAY, every: int = 20) -> M.Network:
    """The same, with keys of its operators."""
    return nation(*(f"operators.{one}" for one in sets), period=period, every=every)


class Run:
    """One replication and its counts by name."""

    def __init__(self, network: M.Network, seed: int = 1) -> None:
        program = compile_program(network)
        self.result: Replication = conduct(make_engine("fast", program, seed, 0), program, 0)
        self.kinds = digest(self.result, program).kinds()

    def arrived(self, name: str, kind: str = "flow") -> int:
        """How many jobs came, or visits were offered."""
        return int(self.kinds[kind][name].counts["arrived"])

    def counted(self, event: str, method: str) -> int:
        """How often an event was counted in log-ons by a method."""
        return self.arrived(f"log_ons.{event}.{method}", "station")

    @property
    def log_ons(self) -> int:
        """Log-ons at all occasions."""
        return sum(self.arrived(name) for name in OCCASIONS)

    def series(self, flow: str, what: str) -> Any:
        """What of a flow was counted in each bin."""
        return self.kinds["flow"][flow].series[what]


def terminals(network: M.Network) -> int:
    """Terminals at which operators sit."""
    return network.level("terminal_of_municipality").count
