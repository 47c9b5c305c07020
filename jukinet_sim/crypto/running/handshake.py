"""The two ends of a session being opened: each takes a flight and gives the next, or refuses it.

A transcript covers both hellos with everything that was offered, so that whoever strikes out the better suites on the way
is found out by the first signature or confirmation.
"""

from __future__ import annotations

from typing import Any

from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.crypto.establishment.base import KeyExchange, KeyTransport
from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.plans.frames import LENGTH_BYTES, RANDOM_BYTES, SESSION_ID_BYTES
from jukinet_sim.crypto.running.channel import Channel
from jukinet_sim.crypto.running.checking import Peer
from jukinet_sim.crypto.running.frames import pack, read, unpack, write
from jukinet_sim.crypto.running.keys import SessionKeys, Ticket
from jukinet_sim.crypto.running.party import Party
from jukinet_sim.crypto.suite import Suite

_FULL, _RESUMED = b"\x01", b"\x02"
_HELLO_FIELDS, _ANSWER_FIELDS = 5, 4


class ClientEnd:
    """The side that opens a session, offering all its suites with a key share for each that takes one."""

    def __init__(self, party: Party, ticket: Ticket | None = None) -> None:
        self._party, self._ticket = party, ticket
        self._kept: dict[str, Any] = {}
        self._hello = b""
        self._ended: tuple[SessionKeys, Peer, bytes, bytes, Suite] | None = None

    def hello(self) -> bytes:
        """Return the first flight."""
        if self._ticket is not None:
            name = self._ticket.suite.name.encode()
            self._hello = write(self._party.tell, _RESUMED, fresh(RANDOM_BYTES), name, self._ticket.session_id, b"")
            return self._hello
        offered = ",".join(suite.name for suite in self._party.suites).encode()
        shares = pack(*self._shares())
        self._hello = write(self._party.tell, _FULL, fresh(RANDOM_BYTES), offered, b"", shares)
        return self._hello

    def _shares(self) -> list[bytes]:
        shares = []
        for suite in self._party.suites:
            share = b""
            if isinstance(suite.key_establishment, KeyExchange):
                self._kept[suite.name], share = suite.key_establishment.start(self._party.tell)
            shares.append(share)
        return shares

    def finish(self, flight: bytes) -> bytes:
        """Take the server's flight and return the client's last. Raises AuthenticationFailed."""
        fields = read(flight, None, self._party.tell)
        if len(fields) < _ANSWER_FIELDS:
            raise AuthenticationFailed("a flight cannot be read")
        _, chosen, session_id, answer = fields[:_ANSWER_FIELDS]
        suite = self._party.own(chosen.decode("ascii", "replace"))
        # What the server wrote first, as it came: the fields with their lengths in front.
        seen = flight[: _ANSWER_FIELDS * LENGTH_BYTES + sum(map(len, fields[:_ANSWER_FIELDS]))]
        rest = fields[_ANSWER_FIELDS:]
        if self._ticket is not None:
            return self._resume(suite, seen, session_id, rest)
        if isinstance(suite.key_establishment, KeyTransport):
            return self._transport(suite, suite.key_establishment, seen, session_id, rest)
        assert isinstance(suite.key_establishment, KeyExchange)
        return self._exchange(suite, suite.key_establishment, seen, session_id, answer, rest)

    def _exchange(
        self, suite: Suite, establishment: KeyExchange, seen: bytes, session_id: bytes, answer: bytes, rest: list[bytes]
    ) -> bytes:
        if len(rest) < 2:
            raise AuthenticationFailed("a flight cannot be read")
        party, (*chain, signature, confirmation) = self._party, rest
        peer = party.check(suite, chain)
        transcript = party.digest(suite, self._hello, seen, peer.bodies)
        party.verify(suite, "server", transcript, peer, signature)
        secret = establishment.finish(self._kept.pop(suite.name), answer, party.tell)
        keys = SessionKeys(suite, secret, transcript, party.tell)
        keys.check("server", transcript, confirmation, party.tell)
        own = party.identity(suite)
        last = party.digest(suite, transcript, own.bodies)
        self._ended = keys, peer, session_id, last, suite
        confirmation = keys.confirmation("client", last, party.tell)
        return write(party.tell, *own.chain, party.sign(suite, "client", last), confirmation)

    def _transport(
        self, suite: Suite, establishment: KeyTransport, seen: bytes, session_id: bytes, chain: list[bytes]
    ) -> bytes:
        party = self._party
        peer = party.check(suite, chain)
        secret = fresh(establishment.secret_bytes)
        encrypted = establishment.encrypt(peer.publics[0], secret, party.tell)
        own = party.identity(suite)
        transcript = party.digest(suite, self._hello, seen, peer.bodies)
        last = party.digest(suite, transcript, encrypted, own.bodies)
        keys = SessionKeys(suite, secret, last, party.tell)
        self._ended = keys, peer, session_id, last, suite
        signature = party.sign(suite, "client", last)
        confirmation = keys.confirmation("client", last, party.tell)
        return write(party.tell, encrypted, *own.chain, signature, confirmation)

    def _resume(self, suite: Suite, seen: bytes, session_id: bytes, rest: list[bytes]) -> bytes:
        party, ticket = self._party, self._ticket
        if ticket is None or session_id != ticket.session_id or suite != ticket.suite or len(rest) != 1:
            raise AuthenticationFailed("a session cannot be resumed")
        transcript = party.digest(suite, self._hello, seen)
        keys = SessionKeys(suite, ticket.secret, transcript, party.tell)
        keys.check("server", transcript, rest[0], party.tell)
        self._ended = keys, ticket.peer, session_id, transcript, suite
        return write(party.tell, keys.confirmation("client", transcript, party.tell))

    def complete(self, flight: bytes | None) -> tuple[Channel, Ticket]:
        """Take the server's confirmation, where it sends one after the client's, and return the session."""
        if self._ended is None:
            raise AuthenticationFailed("a session was not opened")
        keys, peer, session_id, last, suite = self._ended
        if isinstance(suite.key_establishment, KeyTransport) and self._ticket is None:
            [confirmation] = read(flight or b"", 1, self._party.tell)
            keys.check("server", last, confirmation, self._party.tell)
        return keys.channel("client", peer, self._party.tell), Ticket(session_id, suite, keys.resumption, peer)


class ServerEnd:
    """The side that chooses among the suites offered."""

    def __init__(self, party: Party) -> None:
        self._party = party
        self._state: tuple[Suite, SessionKeys | None, bytes, bytes] | None = None
        self._resumed: Ticket | None = None

    def answer(self, flight: bytes) -> bytes:
        """Take the first flight and return the second. Raises AuthenticationFailed."""
        kind, _, offered, session_id, shares = read(flight, _HELLO_FIELDS, self._party.tell)
        names = offered.decode("ascii", "replace").split(",")
        suite = self._party.best(names)
        if kind == _RESUMED:
            return self._resume(flight, suite, session_id)
        hello = fresh(RANDOM_BYTES), suite.name.encode(), fresh(SESSION_ID_BYTES)
        own = self._party.identity(suite)
        if isinstance(suite.key_establishment, KeyTransport):
            seen = write(self._party.tell, *hello, b"")
            transcript = self._party.digest(suite, flight, seen, own.bodies)
            self._state = suite, None, transcript, hello[2]
            return seen + pack(*own.chain)
        assert isinstance(suite.key_establishment, KeyExchange)
        share = self._share_of(suite, names, shares)
        answer, secret = suite.key_establishment.answer(share, self._party.tell)
        seen = write(self._party.tell, *hello, answer)
        transcript = self._party.digest(suite, flight, seen, own.bodies)
        keys = SessionKeys(suite, secret, transcript, self._party.tell)
        self._state = suite, keys, transcript, hello[2]
        signature = self._party.sign(suite, "server", transcript)
        return seen + pack(*own.chain, signature, keys.confirmation("server", transcript, self._party.tell))

    @staticmethod
    def _share_of(suite: Suite, names: list[str], shares: bytes) -> bytes:
        """Return the share for a suite among those of all suites offered. Raises AuthenticationFailed."""
        return unpack(shares, len(names))[names.index(suite.name)]

    def _resume(self, flight: bytes, suite: Suite, session_id: bytes) -> bytes:
        party = self._party
        ticket = party.sessions.get(session_id)
        if ticket is None or ticket.suite != suite:
            raise AuthenticationFailed("a session cannot be resumed")
        seen = write(party.tell, fresh(RANDOM_BYTES), suite.name.encode(), session_id, b"")
        transcript = party.digest(suite, flight, seen)
        keys = SessionKeys(suite, ticket.secret, transcript, party.tell)
        self._state, self._resumed = (suite, keys, transcript, session_id), ticket
        return seen + pack(keys.confirmation("server", transcript, party.tell))

    def complete(self, flight: bytes) -> tuple[bytes | None, Channel]:
        """Take the client's last flight; return the confirmation that is left to send, where there is one, and the session.

        Raises AuthenticationFailed.
        """
        if self._state is None:
            raise AuthenticationFailed("a session was not opened")
        suite, keys, transcript, session_id = self._state
        party = self._party
        if self._resumed is not None and keys is not None:
            [confirmation] = read(flight, 1, party.tell)
            keys.check("client", transcript, confirmation, party.tell)
            return None, keys.channel("server", self._resumed.peer, party.tell)
        fields = read(flight, None, party.tell)
        if len(fields) < 3:
            raise AuthenticationFailed("a flight cannot be read")
        encrypted = fields.pop(0) if isinstance(suite.key_establishment, KeyTransport) else b""
        *chain, signature, confirmation = fields
        peer = party.check(suite, chain)
        last = party.digest(suite, transcript, encrypted, peer.bodies)
        party.verify(suite, "client", last, peer, signature)
        sent = None
        if isinstance(suite.key_establishment, KeyTransport):
            secret = suite.key_establishment.decrypt(party.identity(suite).privates[0], encrypted, party.tell)
            keys = SessionKeys(suite, secret, last, party.tell)
            sent = write(party.tell, keys.confirmation("server", last, party.tell))
        assert keys is not None
        keys.check("client", last, confirmation, party.tell)
        party.sessions[session_id] = Ticket(session_id, suite, keys.resumption, peer)
        return sent, keys.channel("server", peer, party.tell)
