"""Claims to the one document that `verify` writes: what was claimed, with which versions of what, and whether all holds."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from importlib import metadata
from typing import Any

from jukinet_sim.engine.protocol import RULE_VERSION
from jukinet_sim.results.manifest import code_version
from jukinet_sim.verify.acceptance import BIN, FARTHEST, LEVEL, RISK_ABOVE, RISK_BELOW, RISK_OF_TOO_FEW
from jukinet_sim.verify.battery import Order
from jukinet_sim.verify.claim import Claim

SCHEMA = 1
_PACKAGES = ("jukinet-sim", "numpy", "numba", "simpy")


def verification(order: Order, claims: Sequence[Claim]) -> dict[str, Any]:
    """Return the document; `--only` leaves it marked as part of a battery."""
    return {
        "schema": SCHEMA,
        "size": order.size,
        "engine": order.engine,
        "only": sorted(order.only),
        "seed": order.seed,
        "retest_seed": order.retest_seed,
        "rule_version": RULE_VERSION,
        "code_version": code_version(),
        "versions": {**{name: _version(name) for name in _PACKAGES}, "python": platform.python_version()},
        "rules": {
            "interval_level": LEVEL,
            "risk_that_coverage_seems_too_low": RISK_BELOW,
            "risk_that_coverage_seems_too_high": RISK_ABOVE,
            "risk_that_too_few_decisions_seem_right": RISK_OF_TOO_FEW,
            "largest_z": FARTHEST,
            "relative_error_of_a_histogram": BIN,
        },
        "holds": all(claim.holds for claim in claims),
        "failed": [claim.name for claim in claims if not claim.holds],
        "claims": [claim.as_json() for claim in claims],
    }


def _version(package: str) -> str | None:
    """Return the installed version of a package, None where it runs from a source tree."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None
