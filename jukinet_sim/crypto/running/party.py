"""One who takes part in sessions: its suites in order of preference, who it is, whom it trusts, and at what date it lives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from jukinet_sim.crypto.digests import hashed
from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.plans.frames import CONTEXT_BYTES
from jukinet_sim.crypto.running.checking import Peer, Trust, check_chain
from jukinet_sim.crypto.running.hierarchy import Identity
from jukinet_sim.crypto.running.keys import Ticket
from jukinet_sim.crypto.signatures.joined import Signature
from jukinet_sim.crypto.suite import Suite
from jukinet_sim.crypto.tally import Tell, silent

CONTEXTS = {side: f"{side} of session".encode()[:CONTEXT_BYTES].ljust(CONTEXT_BYTES) for side in ("client", "server")}
"""What is put in front of a transcript that a side signs, so that no signature of one side passes for one of the other."""


@dataclass(frozen=True, repr=False)
class Party:
    """A party; it has an identity for the signature of each of its suites, and remembers the sessions it served."""

    suites: tuple[Suite, ...]
    identities: Mapping[Signature, Identity]
    trust: Trust
    at: dt.datetime
    expected: str | None = None
    """The only peer it talks to; None for any that its roots vouch for."""
    sessions: dict[bytes, Ticket] = field(default_factory=dict)
    tell: Tell = silent

    def best(self, offered: list[str]) -> Suite:
        """Return the first of its suites that is offered. Raises AuthenticationFailed where there is none."""
        for suite in self.suites:
            if suite.name in offered:
                return suite
        raise AuthenticationFailed("there is no common suite")

    def own(self, name: str) -> Suite:
        """Return its suite of this name. Raises AuthenticationFailed where it has none."""
        return self.best([name])

    def identity(self, suite: Suite) -> Identity:
        """Return who it is under a suite."""
        return self.identities[suite.signature]

    def check(self, suite: Suite, chain: list[bytes]) -> Peer:
        """Return whom a chain belongs to. Raises AuthenticationFailed, for one who is not expected as well."""
        peer = check_chain(suite.signature, chain, self.trust, self.at, self.tell)
        if self.expected is not None and peer.name != self.expected:
            raise AuthenticationFailed("a peer is not the expected one")
        return peer

    def sign(self, suite: Suite, side: str, transcript: bytes) -> bytes:
        """Return its signature of what was seen so far."""
        return suite.signature.sign(self.identity(suite).privates, CONTEXTS[side] + transcript, self.tell)

    def verify(self, suite: Suite, side: str, transcript: bytes, peer: Peer, signature: bytes) -> None:
        """Check the signature of the other side. Raises AuthenticationFailed."""
        suite.signature.verify(peer.publics, signature, CONTEXTS[side] + transcript, self.tell)

    def digest(self, suite: Suite, *seen: bytes) -> bytes:
        """Return the digest of what was seen."""
        return hashed(suite.record_protection.digest, b"".join(seen), self.tell)
