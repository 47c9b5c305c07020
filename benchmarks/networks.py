"""The networks that every contender runs: eight stations, a tree of towns, and a row of places of any length.

All of them go through the scenario language, as a user's would; `lasting` changes nothing but the horizon.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.generated import row_yaml, tree_yaml
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from jukinet_sim.theory.traffic import expected_visits

EIGHT_STATIONS = Path(__file__).parent / "eight_stations.yaml"
BUSY_STATIONS = Path(__file__).parent / "busy_stations.yaml"


def eight_stations() -> Network:
    """The eight stations of `eight_stations.yaml`."""
    return compile_network(load(EIGHT_STATIONS))


def busy_stations() -> Network:
    """The eight busier stations of `busy_stations.yaml`."""
    return compile_network(load(BUSY_STATIONS))


def tree(towns: int = 1742, counties: int = 47) -> Network:
    """Towns in counties in a nation."""
    return _from_text(tree_yaml(towns, counties))


def row(places: int) -> Network:
    """As many equal places, with one station each."""
    return _from_text(row_yaml(places))


def lasting(network: Network, horizon_s: float) -> Network:
    """The same network over another horizon (s)."""
    return replace(network, horizon_s=horizon_s)


def of_visits(network: Network, visits: float) -> Network:
    """The same network over the horizon in which about so many visits are expected."""
    return lasting(network, visits / visit_rate(network))


def visit_rate(network: Network) -> float:
    """Visits a simulated second, from the traffic equations."""
    return sum(expected_visits(network).values()) / network.horizon_s


def _from_text(text: str) -> Network:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.yaml"
        path.write_text(text, encoding="utf-8")
        return compile_network(load(path))
