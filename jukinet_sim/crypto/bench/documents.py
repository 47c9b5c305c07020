"""Certificates, requests, lists and answers as trials: encoded, read, looked through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from jukinet_sim.crypto.bench.trial import Trial, nothing, turns
from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.crypto.plans.frames import RANDOM_BYTES, READ, SESSION_ID_BYTES, WRITE
from jukinet_sim.crypto.plans.profile import SERIAL_BYTES, revocation_list
from jukinet_sim.crypto.running import encoding, frames, registration, revocation
from jukinet_sim.crypto.running.checking import check_certificate, load_certificate
from jukinet_sim.crypto.running.encoding import serial
from jukinet_sim.crypto.running.hierarchy import LEAF_YEARS, SIGNING, YEAR, Branch
from jukinet_sim.crypto.running.rig import AT, CLIENT, Rig
from jukinet_sim.crypto.tally import silent

_POOL = 64


def document_trial(rig: Rig, operation: str, size: int) -> Trial | None:
    """Return an operation on documents, None for any other; of a hybrid's algorithms the one whose document has that size."""
    made = _MAKERS.get(operation)
    return None if made is None else made(rig, size)


def _branch(rig: Rig, fits: Callable[[Branch, int], bool]) -> tuple[Branch, int]:
    """Return the branch whose document fits, with its number; the first one where none does."""
    numbered = [(branch, number) for number, branch in enumerate(rig.hierarchy.branches)]
    return next((pair for pair in numbered if fits(*pair)), numbered[0])


def _place(rig: Rig, size: int) -> int:
    """Return where in the client's chain the certificate stands whose signed body has this size."""
    return next((at for at, one in enumerate(rig.client.chain) if len(load_certificate(one).body) == size), 0)


def _load(rig: Rig, size: int) -> Trial:
    encoded = rig.client.chain[_place(rig, size)]
    return Trial(nothing, lambda _: load_certificate(encoded))


def _check(rig: Rig, size: int) -> Trial:
    at = _place(rig, size)
    encoded, algorithm, issuing = rig.client.chain[at], rig.suite.signature.parts[at // 2], at % 2 == 1
    # A certificate remembers its extensions once they were read.
    return Trial(lambda: load_certificate(encoded), lambda read: check_certificate(read, algorithm, issuing=issuing, at=AT))


def _encode(rig: Rig, size: int) -> Trial:
    branch, number = _branch(rig, lambda _, n: len(load_certificate(rig.client.chain[2 * n]).body) == size)
    public = rig.client.privates[number].public_key()
    valid = AT, AT + LEAF_YEARS * YEAR
    signature = bytes(branch.algorithm.signature_bytes - 1) + b"\x01"

    def encode(_: object) -> bytes:
        spki = encoding.public_key(public)
        body = encoding.certificate_body(
            branch.algorithm, branch.authority, rig.client.name, spki, encoding.serial(), SIGNING, valid
        )
        return encoding.signed(body, branch.algorithm, signature)

    return Trial(nothing, encode)


def _request_encode(rig: Rig, size: int) -> Trial:
    branch, number = _branch(rig, lambda b, n: len(_request(rig, b, n)[1]) == size)
    public = rig.client.privates[number].public_key()
    signature = bytes(branch.algorithm.signature_bytes - 1) + b"\x01"

    def encode(_: object) -> bytes:
        body = encoding.request_body(rig.client.name, encoding.public_key(public))
        return encoding.signed(body, branch.algorithm, signature)

    return Trial(nothing, encode)


def _request(rig: Rig, branch: Branch, number: int) -> tuple[bytes, bytes]:
    request = registration.ask(branch.algorithm, CLIENT, rig.client.privates[number])
    return request, bytes(registration.load_request(request).tbs_certrequest_bytes)


def _request_load(rig: Rig, size: int) -> Trial:
    branch, number = _branch(rig, lambda b, n: len(_request(rig, b, n)[1]) == size)
    request, _ = _request(rig, branch, number)
    return Trial(nothing, lambda _: registration.load_request(request))


def _revoked(branch: Branch, size: int) -> list[int]:
    """Return as many serial numbers as make a list of this size."""
    empty = revocation_list(branch.algorithm, 0).body_bytes
    entry = revocation_list(branch.algorithm, 1001).body_bytes - revocation_list(branch.algorithm, 1000).body_bytes
    return [serial() for _ in range(max(0, size - empty) // entry)]


def _list(rig: Rig, size: int) -> tuple[Branch, list[int]]:
    def fits(branch: Branch, _: int) -> bool:
        return revocation_list(branch.algorithm, len(_revoked(branch, size))).body_bytes == size

    branch, _ = _branch(rig, fits)
    return branch, _revoked(branch, size)


def _crl_encode(rig: Rig, size: int) -> Trial:
    branch, revoked = _list(rig, size)
    signature = bytes(branch.algorithm.signature_bytes - 1) + b"\x01"

    def encode(_: object) -> bytes:
        until = AT + revocation.VALID_FOR
        body = encoding.revocation_body(branch.algorithm, branch.authority, revoked, AT, until)
        return encoding.signed(body, branch.algorithm, signature)

    return Trial(nothing, encode)


def _crl_load(rig: Rig, size: int) -> Trial:
    branch, revoked = _list(rig, size)
    made = revocation.make_list(branch.algorithm, branch.authority, revoked, AT)
    return Trial(nothing, lambda _: revocation.load_list(made, AT))


def _crl_index(rig: Rig, size: int) -> Trial:
    branch = rig.hierarchy.branches[0]
    revoked = [serial() for _ in range(size // SERIAL_BYTES)]
    made = revocation.make_list(branch.algorithm, branch.authority, revoked, AT)
    # Like a certificate, a list remembers what was read.
    return Trial(lambda: revocation.load_list(made, AT), revocation.serials_of)


def _crl_find(rig: Rig, _: int) -> Trial:
    revoked = [serial() for _ in range(1000)]
    serials = frozenset(revoked)
    return turns([*revoked[:_POOL], *(serial() for _ in range(_POOL))], lambda number: revocation.is_revoked(serials, number))


def _asking(rig: Rig) -> tuple[Branch, int]:
    return rig.hierarchy.branches[0], rig.client.serials[0]


def _ocsp_ask(rig: Rig, _: int) -> Trial:
    branch, number = _asking(rig)
    return Trial(nothing, lambda _: revocation.ask(branch.authority, number))


def _ocsp_read(rig: Rig, _: int) -> Trial:
    branch, number = _asking(rig)
    asked = revocation.ask(branch.authority, number)
    return Trial(nothing, lambda _: revocation.read_question(asked))


def _ocsp_answer(rig: Rig, _: int) -> Trial:
    branch, number = _asking(rig)
    signature = bytes(branch.algorithm.signature_bytes - 1) + b"\x01"
    until = AT + dt.timedelta(days=1)

    def answer(_: object) -> bytes:
        body = encoding.answer_body(branch.authority, number, good=True, since=AT, until=until)
        return encoding.answered(body, branch.algorithm, signature)

    return Trial(nothing, answer)


def _ocsp_check(rig: Rig, _: int) -> Trial:
    branch, number = _asking(rig)
    made = revocation.answer(branch.algorithm, branch.authority, number, AT)
    return Trial(nothing, lambda _: revocation.load_answer(made, branch.authority, number, AT))


def _flight_write(rig: Rig, _: int) -> Trial:
    name = rig.suite.name.encode()
    return Trial(nothing, lambda _: frames.write(silent, b"\x01", fresh(RANDOM_BYTES), name, b"", b""))


def _flight_read(rig: Rig, _: int) -> Trial:
    flight = frames.pack(b"\x01", fresh(RANDOM_BYTES), rig.suite.name.encode(), fresh(SESSION_ID_BYTES), b"")
    return Trial(nothing, lambda _: frames.read(flight))


_MAKERS: dict[str, Callable[[Rig, int], Trial]] = {
    "x509.load": _load, "x509.check": _check, "x509.encode": _encode, "request.encode": _request_encode,
    "request.load": _request_load, "crl.encode": _crl_encode, "crl.load": _crl_load, "crl.index": _crl_index,
    "crl.find": _crl_find, "ocsp.ask": _ocsp_ask, "ocsp.read": _ocsp_read, "ocsp.answer": _ocsp_answer,
    "ocsp.check": _ocsp_check, WRITE: _flight_write, READ: _flight_read,
}  # fmt: skip
