"""Measures of a scenario against the network it compiled to: every name they sum up must be there and have what is summed."""

from __future__ import annotations

from jukinet_sim.errors import Fault
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.load import Loaded
from jukinet_sim.scenario.measure_checks import Lacking, lacks, subject_complaints


def measure_faults(loaded: Loaded, network: Network) -> list[Fault]:
    """Return the faults of measures about flows, stations and pools whose names only the compiled network has."""
    lacking: Lacking = {
        "flow": {flow.name: lacks(due=flow.due_s is not None) for flow in network.flows},
        "station": {station.name: lacks(shared=station.discipline == "ps") for station in network.stations},
        "pool": {pool.name: lacks(refilled=pool.refill_per_s is not None) for pool in network.pools},
    }
    found = (complaint.objection for complaint in subject_complaints(loaded.scenario, lacking))
    return [loaded.fault(".".join(str(key) for key in one.path), one.what, one.cure) for one in found]
