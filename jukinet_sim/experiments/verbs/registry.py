"""The verbs of experiments by name, fetched when they are wanted."""

from __future__ import annotations

from importlib import import_module

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.experiment import Carrier

_HOMES = {
    "calibrate": "jukinet_sim.experiments.verbs.calibrate.carry",
    "crypto-compare": "jukinet_sim.experiments.verbs.suites",
    "compare": "jukinet_sim.experiments.verbs.compare",
    "sensitivity": "jukinet_sim.experiments.verbs.sensitivity.carry",
    "size": "jukinet_sim.experiments.verbs.size.size",
    "sweep": "jukinet_sim.experiments.verbs.sweep",
}


def carrier(verb: str) -> Carrier:
    """Return what carries a verb out. Raises UsageError for one that this version does not know."""
    if verb not in _HOMES:
        raise UsageError(f'this version of jukinet-sim knows no experiment called "{verb}"; show it with the one that made it')
    found: Carrier = import_module(_HOMES[verb]).carry_out
    return found
