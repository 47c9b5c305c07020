"""Every suite there is, carried out in every way: what holds on this machine, and what can only be planned with here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from jukinet_sim.crypto.running.rig import KeyRing
from jukinet_sim.crypto.suite import Suite
from jukinet_sim.crypto.suites import suite as named
from jukinet_sim.crypto.suites import suites as every_suite
from jukinet_sim.crypto.testing import Conformance, conformance

SCHEMA = 1


def selftest(names: Iterable[str] = (), tell: Callable[[str], None] | None = None) -> dict[str, Any]:
    """Return the document of a self-test of these suites, or of all; `tell` hears of each before it begins.

    Raises UsageError for a suite that there is not.
    """
    wanted: tuple[Suite, ...] = tuple(map(named, names)) or every_suite()
    ring = KeyRing()
    found = []
    for suite in dict.fromkeys(wanted):
        if tell is not None:
            tell(suite.name)
        found.append(conformance(suite, ring))
    return document(found)


def document(found: Iterable[Conformance]) -> dict[str, Any]:
    """Return the document of what was found."""
    suites = [
        {
            "name": one.suite, "holds": None if one.cost_card_only else one.holds, "cost_card_only": one.cost_card_only,
            "claims": len(one.findings),
            "failed": [{"claim": finding.claim, "found": finding.found} for finding in one.failed],
        }
        for one in found
    ]  # fmt: skip
    return {"schema": SCHEMA, "holds": all(suite["holds"] is not False for suite in suites), "suites": suites}
