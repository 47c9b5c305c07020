"""A simulation of Japan's Basic Resident Register Network: a scenario file in, queueing results out.

The verbs `run`, `compare`, `compare_suites`, `sweep`, `size`, `sensitivity` and `calibrate`, `Study`, and the steps `load`,
`compile_network`, `simulate` and `summarise` are fetched on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = [
    "Study", "__version__", "calibrate", "compare", "compare_suites", "compile_network", "load", "run", "sensitivity",
    "simulate", "size", "summarise", "sweep",
]  # fmt: skip

_HOMES = {
    "load": "jukinet_sim.scenario.load",
    "compile_network": "jukinet_sim.scenario.compile",
    "simulate": "jukinet_sim.experiments.simulate",
    "summarise": "jukinet_sim.experiments.simulate",
    "run": "jukinet_sim.api.run",
    "compare": "jukinet_sim.api.verbs",
    "compare_suites": "jukinet_sim.api.verbs",
    "sweep": "jukinet_sim.api.verbs",
    "size": "jukinet_sim.api.verbs",
    "sensitivity": "jukinet_sim.api.verbs",
    "calibrate": "jukinet_sim.api.verbs",
    "Study": "jukinet_sim.api.study",
}


def __dir__() -> list[str]:
    """Name what there is, fetched or not."""
    return sorted({*globals(), *__all__})


def __getattr__(name: str) -> Any:
    """Fetch a public name from the room it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
