"""Sessions: whatever is changed on the way is refused, and so is whoever is not trusted, not expected or not valid any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from jukinet_sim.crypto.conforming.finding import Finding, done, refused
from jukinet_sim.crypto.conforming.tampering import changed
from jukinet_sim.crypto.establishment.ecdh import X25519, ecdh
from jukinet_sim.crypto.exchanges import Session
from jukinet_sim.crypto.records.aead import AES_128_GCM, CHACHA
from jukinet_sim.crypto.running.frames import pack, unpack
from jukinet_sim.crypto.running.rig import AT, CLIENT, SERVER, Rig, nobody
from jukinet_sim.crypto.running.sessions import Line, open_session, straight
from jukinet_sim.crypto.signatures.ecdsa import ecdsa
from jukinet_sim.crypto.signatures.plain import ED25519
from jukinet_sim.crypto.suite import Suite, compose

_FEW = 6
_LATER = dt.timedelta(days=4 * 365)
_WEAKER = (compose(ecdh("p256"), ecdsa("p256"), AES_128_GCM), compose(X25519, ED25519, CHACHA))


def sessions(rig: Rig) -> Iterator[Finding]:
    """Yield what holds of sessions under a suite."""
    yield done("sessions can be resumed again and again", (partial(rig.open, nobody, resumed=True) for _ in range(3)))
    yield refused("sessions are refused when any flight was changed", _tampered(rig))
    yield refused("sessions that nobody remembers are not resumed", [partial(_forgotten, rig)])
    yield refused("certificates that have expired or are not valid yet are refused", _at_other_dates(rig))
    yield refused("revoked certificates are refused on either side", _revoked(rig))
    yield refused("another holder than the expected one is refused on either side", _unexpected(rig))
    yield refused("roots that are not pinned are refused on either side", _strange_roots(rig))
    yield from _downgrades(rig)


def _opened(rig: Rig, line: Line = straight, *, client: Any = None, server: Any = None) -> Any:
    return open_session(rig.party(CLIENT, **(client or {})), rig.party(SERVER, **(server or {})), line=line)


def _tampered(rig: Rig) -> Iterator[Callable[[], object]]:
    """Yield sessions, full and resumed, each with one flight changed in one way."""
    for resumed, flights in ((False, len(rig.opened.flight_bytes)), (True, len(rig.suite.wire(Session(resumed=True))))):
        for number in range(flights):
            for variant in range(_FEW + 3):
                yield partial(_tampered_one, rig, _changing(number, variant), resumed)


def _tampered_one(rig: Rig, line: Line, resumed: bool) -> object:
    return rig.opening(nobody, resumed=resumed, line=line)()


def _changing(wanted: int, variant: int) -> Line:
    def line(number: int, flight: bytes) -> bytes:
        return [*changed(flight, _FEW)][variant] if number == wanted else flight

    return line


def _forgotten(rig: Rig) -> object:
    return open_session(rig.party(CLIENT), rig.party(SERVER), ticket=rig.opened.ticket)


def _at_other_dates(rig: Rig) -> Iterator[Callable[[], object]]:
    for at in (AT + _LATER, AT - dt.timedelta(days=1)):
        yield partial(_opened, rig, client={"at": at})
        yield partial(_opened, rig, server={"at": at})


def _revoked(rig: Rig) -> Iterator[Callable[[], object]]:
    yield partial(_opened, rig, client={"trust": rig.hierarchy.trust(rig.server.serials)})
    yield partial(_opened, rig, server={"trust": rig.hierarchy.trust(rig.client.serials)})
    authorities = [branch.number for branch in rig.hierarchy.branches]
    yield partial(_opened, rig, client={"trust": rig.hierarchy.trust(authorities)})


def _unexpected(rig: Rig) -> Iterator[Callable[[], object]]:
    for name in ("somebody", rig.client.name):
        yield partial(_opened, rig, client={"expected": name})
    yield partial(_opened, rig, server={"expected": rig.server.name})


def _strange_roots(rig: Rig) -> Iterator[Callable[[], object]]:
    """Yield sessions of which one side pins roots of the same names with other keys, or none."""
    own = rig.trust
    sub_keys = {branch.algorithm: branch.authority.private.public_key() for branch in rig.hierarchy.branches}
    others = {algorithm: replace(anchor, public=sub_keys[algorithm]) for algorithm, anchor in own.anchors.items()}
    for anchors in (others, {}):
        yield partial(_opened, rig, client={"trust": replace(own, anchors=anchors)})
        yield partial(_opened, rig, server={"trust": replace(own, anchors=anchors)})


def _downgrades(rig: Rig) -> Iterator[Finding]:
    """Yield what holds where both sides also have a weaker suite, and somebody in between strikes out the better one."""
    weaker = next(suite for suite in _WEAKER if suite.signature != rig.suite.signature)
    if weaker.available() is not None:
        yield Finding("a downgrade is refused", False, "there is no second suite to fall back to")
        return
    both = _both(rig, weaker)
    yield Finding("the better of two common suites is used", _chosen(rig, both, straight) == rig.suite.name)
    yield refused("a downgrade is refused", [partial(_chosen, rig, both, partial(_struck_out, rig.suite.name))])
    floor = {CLIENT: {}, SERVER: both[SERVER]}
    yield refused("a suite that was not offered is refused", [partial(_chosen, rig, floor, partial(_swapped, weaker.name))])
    none_common = {CLIENT: both[CLIENT] | {"suites": (weaker,)}, SERVER: {}}
    yield refused("without a common suite there is no session", [partial(_chosen, rig, none_common, straight)])


def _both(rig: Rig, weaker: Suite) -> dict[str, dict[str, Any]]:
    """Return what makes both parties of a rig know the weaker suite as well."""
    other = Rig(weaker, rig.ring)
    trust = replace(rig.trust, anchors={**rig.trust.anchors, **other.trust.anchors})
    pairs = {CLIENT: (rig.client, other.client), SERVER: (rig.server, other.server)}
    return {
        side: {
            "suites": (rig.suite, weaker), "trust": trust,
            "identities": {rig.suite.signature: own, weaker.signature: second},
        }
        for side, (own, second) in pairs.items()
    }  # fmt: skip


def _chosen(rig: Rig, parties: dict[str, dict[str, Any]], line: Line) -> str:
    opened = _opened(rig, line, client=parties[CLIENT], server=parties[SERVER])
    return str(opened.ticket.suite.name)


def _struck_out(name: str, number: int, flight: bytes) -> bytes:
    """Take a suite and its share out of the client's hello."""
    if number:
        return flight
    kind, random_bytes, offered, session_id, shares = unpack(flight)
    names, parts = offered.decode().split(","), unpack(shares)
    at = names.index(name)
    del names[at], parts[at]
    return pack(kind, random_bytes, ",".join(names).encode(), session_id, pack(*parts))


def _swapped(name: str, number: int, flight: bytes) -> bytes:
    """Make the server seem to choose another suite."""
    if number != 1:
        return flight
    fields = unpack(flight)
    fields[1] = name.encode()
    return pack(*fields)
