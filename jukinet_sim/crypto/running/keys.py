"""What both sides of a session derive from its secret: record keys, confirmation keys, and what resumes it."""

from __future__ import annotations

from dataclasses import dataclass

from jukinet_sim.crypto.digests import DIGEST_BYTES, check_mac, derived, mac
from jukinet_sim.crypto.plans.session import key_material_bytes
from jukinet_sim.crypto.running.channel import Channel
from jukinet_sim.crypto.running.checking import Peer
from jukinet_sim.crypto.suite import Suite
from jukinet_sim.crypto.tally import Tell


@dataclass(frozen=True, repr=False)
class Ticket:
    """What resumes a session: its name, and the secret that each side has kept."""

    session_id: bytes
    suite: Suite
    secret: bytes
    peer: Peer


class SessionKeys:
    """Key material cut into its pieces; `client` and `server` each have a key for records and one to confirm with."""

    def __init__(self, suite: Suite, secret: bytes, transcript: bytes, tell: Tell) -> None:
        self._digest = suite.record_protection.digest
        material = derived(self._digest, secret, transcript, key_material_bytes(suite), tell)
        record, confirm = suite.record_protection.key_bytes, DIGEST_BYTES[self._digest]
        first = 2 * record
        second, third = first + confirm, first + 2 * confirm
        self._suite = suite
        self._record = {"client": material[:record], "server": material[record:first]}
        self._confirm = {"client": material[first:second], "server": material[second:third]}
        self.resumption = material[third:]

    def __repr__(self) -> str:
        return f"SessionKeys({self._suite.name!r})"

    def confirmation(self, side: str, transcript: bytes, tell: Tell) -> bytes:
        """Return what shows that a side has the keys and saw these flights."""
        return mac(self._digest, self._confirm[side], transcript, tell)

    def check(self, side: str, transcript: bytes, given: bytes, tell: Tell) -> None:
        """Check the confirmation of a side. Raises AuthenticationFailed."""
        check_mac(self._digest, self._confirm[side], transcript, given, tell)

    def channel(self, side: str, peer: Peer, tell: Tell) -> Channel:
        """Return a side's end of the session."""
        other = "server" if side == "client" else "client"
        return Channel(self._suite.record_protection, self._record[side], self._record[other], peer, tell)
