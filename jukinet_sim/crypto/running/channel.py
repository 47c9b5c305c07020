"""An open session as each side has it: records sealed and opened under keys of its own for either way, in order."""

from __future__ import annotations

from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.records.base import ASSOCIATED_BYTES, Plain, RecordProtection, Sealer
from jukinet_sim.crypto.running.checking import Peer
from jukinet_sim.crypto.tally import Tell, silent


class Channel:
    """One side of a session: who is at the other end, and what it sends and receives.

    A record is bound to its number, so that one that is repeated, left out or moved does not open.
    """

    def __init__(
        self, protection: RecordProtection, outgoing: bytes, incoming: bytes, peer: Peer, tell: Tell = silent
    ) -> None:
        self.protection = protection
        self.peer = peer
        self._out, self._in = protection.sealer(outgoing, tell), protection.sealer(incoming, tell)
        self._sent = self._received = 0
        self._left_bytes = protection.bytes_per_key

    def __repr__(self) -> str:
        return f"Channel({self.protection.name!r}, peer={self.peer.name!r})"

    def send(self, plaintext: Plain, tell: Tell = silent) -> bytes:
        """Return the next record. Raises AuthenticationFailed when the key has protected all it may."""
        self._left_bytes -= len(plaintext)
        if self._left_bytes < 0:
            raise AuthenticationFailed("the key has protected all it may; open a new session")
        sealed = self._seal(self._out, plaintext, tell)
        self._sent += 1
        return sealed

    def _seal(self, sealer: Sealer, plaintext: Plain, tell: Tell) -> bytes:
        return sealer.seal(plaintext, self._sent.to_bytes(ASSOCIATED_BYTES, "big"), tell)

    def receive(self, sealed: bytes, tell: Tell = silent) -> bytes:
        """Return the plaintext of the next record. Raises AuthenticationFailed, after which the same record is still next."""
        plaintext = self._in.open(sealed, self._received.to_bytes(ASSOCIATED_BYTES, "big"), tell)
        self._received += 1
        return plaintext
