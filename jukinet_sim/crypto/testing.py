"""Whether a suite keeps what its planning half says: for the suites here, and for those of other packages."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from jukinet_sim.crypto.conforming.certificates import certificates
from jukinet_sim.crypto.conforming.finding import Finding
from jukinet_sim.crypto.conforming.plans import as_planned
from jukinet_sim.crypto.conforming.records import records
from jukinet_sim.crypto.conforming.sessions import sessions
from jukinet_sim.crypto.running.rig import KeyRing, Rig
from jukinet_sim.crypto.suite import Suite


@dataclass(frozen=True, slots=True)
class Conformance:
    """What was found of a suite; `cost_card_only` says why nothing could be carried out here."""

    suite: str
    findings: tuple[Finding, ...]
    cost_card_only: str | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was found that does not hold."""
        return all(finding.holds for finding in self.findings)

    @property
    def failed(self) -> tuple[Finding, ...]:
        """What does not hold."""
        return tuple(finding for finding in self.findings if not finding.holds)


def conformance(suite: Suite, ring: KeyRing | None = None) -> Conformance:
    """Carry a suite out in every way, right and wrong, and return what holds; a ring of keys saves making them anew.

    Messages of 0 to 65,536 bytes arrive; changed bytes, wrong keys, expired and revoked certificates, wrong peers and
    downgrades are refused by AuthenticationFailed; `wire` holds the sizes sent and `steps` equals the operations counted.
    """
    reason = suite.available()
    if reason is not None:
        return Conformance(suite.name, (), reason)
    try:
        rig = Rig(suite, ring)
    except Exception as error:  # a suite of others may fail in any way
        return Conformance(suite.name, (Finding("a session can be opened", False, type(error).__name__),))
    found = [Finding("a session can be opened", True)]
    with warnings.catch_warnings():
        # Of what is tampered with, the library warns now and then before it is refused.
        warnings.simplefilter("ignore")
        for look in (as_planned, records, sessions, certificates):
            try:
                found.extend(look(rig))
            except Exception as error:  # the rest is still worth looking at
                found.append(Finding(f"{look.__name__} can be looked at", False, type(error).__name__))
    return Conformance(suite.name, tuple(found))
