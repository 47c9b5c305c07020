"""Two parties of one suite with all they need, on which any exchange can be carried out and counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from jukinet_sim.crypto.establishment.base import KeyTransport
from jukinet_sim.crypto.exchanges import Batch, Certificate, Exchange, Message, Session
from jukinet_sim.crypto.running import messages, registration, revocation
from jukinet_sim.crypto.running.channel import Channel
from jukinet_sim.crypto.running.checking import check_chain
from jukinet_sim.crypto.running.encoding import serial
from jukinet_sim.crypto.running.hierarchy import Branch, Hierarchy, Identity
from jukinet_sim.crypto.running.party import Party
from jukinet_sim.crypto.running.sessions import Line, Opened, open_session, straight
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm
from jukinet_sim.crypto.suite import Suite
from jukinet_sim.crypto.tally import Tell, silent

AT = dt.datetime(2014, 6, 2, 9, 0, tzinfo=dt.UTC)
"""When the exchanges take place: certificates are valid around it whatever the clock says."""
CLIENT, SERVER = "client", "server"
On = Callable[[str], Tell]
Fresh = Callable[[int], bytes]
Carrying = Callable[[], tuple[int, ...]]


def nobody(side: str) -> Tell:
    """Count nothing on any side."""
    return silent


class KeyRing:
    """Keys that take long to make, made once for all suites that can share them."""

    def __init__(self) -> None:
        self.branches: dict[SignatureAlgorithm, Branch] = {}
        self.privates: dict[tuple[SignatureAlgorithm, str], Any] = {}

    def hierarchy(self, suite: Suite) -> Hierarchy:
        """Return root and sub-CA for each algorithm of a suite's signature."""
        for part in suite.signature.parts:
            if part not in self.branches:
                self.branches[part] = Branch(part, AT - dt.timedelta(days=30))
        return Hierarchy(suite.signature, self.branches)

    def keys(self, suite: Suite, name: str) -> tuple[Any, ...]:
        """Return the private keys of somebody."""
        for part in suite.signature.parts:
            if (part, name) not in self.privates:
                self.privates[part, name] = part.generate()
        return tuple(self.privates[part, name] for part in suite.signature.parts)


class Rig:
    """A client and a server under one suite, with a session open between them."""

    def __init__(self, suite: Suite, ring: KeyRing | None = None) -> None:
        self.suite = suite
        self.ring = KeyRing() if ring is None else ring
        self.hierarchy = self.ring.hierarchy(suite)
        self.trust = self.hierarchy.trust()
        self._revoked: list[int] = []
        self.client, self.server = self.identity(CLIENT), self.identity(SERVER)
        self.opened = self.open(nobody)

    def identity(self, name: str, **other: Any) -> Identity:
        """Return the identity of somebody, with the keys that the ring has for that name."""
        decrypting = isinstance(self.suite.key_establishment, KeyTransport)
        arguments: dict[str, Any] = {"keys": self.ring.keys(self.suite, name), "decrypting": decrypting, **other}
        return self.hierarchy.identity(name, arguments.pop("at", AT), **arguments)

    def revoked(self, count: int) -> list[int]:
        """Return so many serial numbers that nobody has; the same at each call."""
        while len(self._revoked) < count:
            self._revoked.append(serial())
        return self._revoked[:count]

    def party(self, side: str, tell: Tell = silent, **other: Any) -> Party:
        """Return the party on one side, which expects the one on the other."""
        own, expected = (self.client, self.server) if side == CLIENT else (self.server, self.client)
        made = Party((self.suite,), {self.suite.signature: own}, self.trust, AT, expected.name, tell=tell)
        return replace(made, **other)

    def open(self, on: On, *, resumed: bool = False) -> Opened:
        """Open a session between the two, or resume the one that is open."""
        return self.opening(on, resumed=resumed)()

    def opening(self, on: On, *, resumed: bool = False, line: Line = straight) -> Callable[[], Opened]:
        """Return what opens a session over a line, with both parties ready for it."""
        client, server = self.party(CLIENT, on("client")), self.party(SERVER, on("server"))
        if not resumed:
            return partial(open_session, client, server, line=line)
        ticket = self.opened.ticket
        server.sessions[ticket.session_id] = replace(ticket, peer=self.opened.server.peer)
        return partial(open_session, client, server, ticket=ticket, line=line)

    def prepared(self, exchange: Exchange, on: On = nobody, fresh_bytes: Fresh = bytes) -> Carrying:
        """Return what carries out an exchange and returns the bytes of its flights; all that it passes on is there already.

        It raises AuthenticationFailed where the exchange fails and AssertionError where something else arrives than was sent.
        """
        if isinstance(exchange, Session):
            opening = self.opening(on, resumed=exchange.resumed)
            return lambda: opening().flight_bytes
        if isinstance(exchange, Message):
            traffic = Traffic(self, on)
            message = fresh_bytes(exchange.size_bytes)
            return lambda: (traffic.pass_message(message, signed=exchange.signed),)
        if isinstance(exchange, Batch):
            traffic = Traffic(self, on)
            records = [fresh_bytes(exchange.record_bytes) for _ in range(exchange.records)]
            if exchange.granularity == "record":
                return lambda: (sum(map(traffic.pass_message, records)),)
            return partial(traffic.pass_file, b"".join(records))
        return partial(Acts(self, on).carry_out, exchange)

    def carry_out(self, exchange: Exchange, on: On = nobody, fresh_bytes: Fresh = bytes) -> tuple[int, ...]:
        """Carry out an exchange and return the bytes of its flights; it raises what `prepared` says."""
        return self.prepared(exchange, on, fresh_bytes)()

    @property
    def ends(self) -> tuple[Channel, Channel]:
        """The open session as sender and receiver have it."""
        return self.opened.client, self.opened.server


class Traffic:
    """Messages and batches from the client to the server over the session that is open."""

    def __init__(self, rig: Rig, on: On) -> None:
        self._signature, self._privates = rig.suite.signature, rig.client.privates
        self._out, self._into = rig.ends
        self._sender, self._receiver = on("sender"), on("receiver")

    def pass_message(self, message: bytes, *, signed: bool = True) -> int:
        """Pass one message and return the bytes that it took."""
        sealed = messages.write(
            self._signature, self._privates, self._out, message, signed=signed, tell=self._sender
        )
        _same(message, messages.read(self._signature, self._into, sealed, signed=signed, tell=self._receiver))
        return len(sealed)

    def pass_file(self, content: bytes) -> tuple[int, ...]:
        """Pass a file and return the bytes that it took."""
        pieces = [*messages.write_file(self._signature, self._privates, self._out, content, self._sender)]
        _same(content, messages.read_file(self._signature, self._into, pieces, self._receiver))
        return (sum(map(len, pieces)),)


class Acts:
    """Acts around the client's certificate."""

    def __init__(self, rig: Rig, on: On) -> None:
        self._rig = rig
        self._authority, self._relying = on("authority"), on("relying")

    def carry_out(self, exchange: Certificate) -> tuple[int, ...]:
        """Carry out one act and return the bytes of its flights."""
        if exchange.act == "chain":
            rig = self._rig
            peer = check_chain(rig.suite.signature, rig.client.chain, rig.trust, AT, self._relying)
            _same(peer.name.encode(), rig.client.name.encode())
            return (_framed(rig.client.chain),)
        acts = {"issue": self._issue, "crl": self._crl, "ocsp": self._ocsp}
        flights = [
            acts[exchange.act](exchange, branch, number) for number, branch in enumerate(self._rig.hierarchy.branches)
        ]
        return tuple(map(sum, zip(*flights, strict=True)))

    def _issue(self, _: Certificate, branch: Branch, number: int) -> tuple[int, ...]:
        request = registration.ask(branch.algorithm, CLIENT, self._rig.client.privates[number], self._relying)
        return len(request), len(registration.grant(branch, request, AT, self._authority))

    def _crl(self, exchange: Certificate, branch: Branch, number: int) -> tuple[int, ...]:
        algorithm = branch.algorithm
        revoked = self._rig.revoked(exchange.revoked)
        made = revocation.make_list(algorithm, branch.authority, revoked, AT, self._authority)
        found = revocation.read_list(algorithm, branch.public, made, AT, self._relying)
        for _ in range(exchange.lookups):
            if revocation.is_revoked(found, self._rig.client.serials[number], self._relying):
                raise AssertionError("a certificate that is good is among the revoked")
        return (len(made),)

    def _ocsp(self, _: Certificate, branch: Branch, number: int) -> tuple[int, ...]:
        authority, own = branch.authority, self._rig.client.serials[number]
        asked = revocation.ask(authority, own, self._relying)
        read = revocation.read_question(asked, self._authority)
        made = revocation.answer(branch.algorithm, authority, read, AT, tell=self._authority)
        revocation.check_answer(branch.algorithm, branch.public, authority, made, own, AT, self._relying)
        return len(asked), len(made)


def _framed(fields: Sequence[bytes]) -> int:
    from jukinet_sim.crypto.running.frames import pack

    return len(pack(*fields))


def _same(sent: bytes, arrived: bytes) -> None:
    """Raise AssertionError where something else arrived, without saying what."""
    if sent != arrived:
        raise AssertionError("what arrived is not what was sent")
