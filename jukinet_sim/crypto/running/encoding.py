"""Certificates, requests, revocation lists and answers as bytes, in the profile of `plans.profile`.

They are put together here and not by the library, which signs with no SHA-1 and lets nobody see where encoding ends and signing
begins; the library reads them, and tests let it verify them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto import der
from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.crypto.library import part
from jukinet_sim.crypto.plans.profile import KEY_ID_BYTES, SERIAL_BYTES
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm

_COMMON_NAME, _SUBJECT_KEY, _KEY_USAGE = "2.5.4.3", "2.5.29.14", "2.5.29.15"
_CONSTRAINTS, _CRL_NUMBER, _AUTHORITY_KEY = "2.5.29.19", "2.5.29.20", "2.5.29.35"
_SHA256, _BASIC_ANSWER = "2.16.840.1.101.3.4.2.1", "1.3.6.1.5.5.7.48.1.1"
_USAGE = {"signing": b"\x07\x80", "signing and decrypting": b"\x05\xa0", "issuing": b"\x01\x06"}
"""KeyUsage as unused bits and bits: digitalSignature; with keyEncipherment; keyCertSign and cRLSign."""
_VERSION_3 = der.tagged(0, der.integer(2))


@dataclass(frozen=True)
class Issuer:
    """Whoever signs certificates and lists: its name, its public key's identifier, its key."""

    name: str
    key_id: bytes
    key_hash: bytes
    private: Any

    def __repr__(self) -> str:
        return f"Issuer({self.name!r})"


def serial() -> int:
    """Return a serial number that nobody can foresee, of fixed length."""
    number = bytearray(fresh(SERIAL_BYTES))
    number[0] = number[0] & 0x3F | 0x40
    return int.from_bytes(number, "big")


def name(common_name: str) -> bytes:
    """Return the name of a subject or issuer."""
    attribute = der.sequence(der.oid(_COMMON_NAME), der.element(0x0C, common_name.encode()))
    return der.sequence(der.element(der.SET, attribute))


def public_key(key: Any) -> bytes:
    """Return a public key as a SubjectPublicKeyInfo."""
    encoding = part("hazmat.primitives.serialization")
    return bytes(key.public_bytes(encoding.Encoding.DER, encoding.PublicFormat.SubjectPublicKeyInfo))


def key_id(spki: bytes) -> bytes:
    """Return the identifier of a public key (RFC 7093, section 2, method 4)."""
    return hashlib.sha256(spki).digest()[:KEY_ID_BYTES]


def key_hash(spki: bytes) -> bytes:
    """Return the hash of a public key's bits, by which OCSP knows an issuer (RFC 6960, section 4.1.1)."""
    bits = der.inner(spki)[1]
    return hashlib.sha256(bits[-_bits_bytes(bits) :]).digest()


def _bits_bytes(bits: bytes) -> int:
    """Return how many bytes of a BIT STRING are bits: all but tag, length and the count of unused ones."""
    header = 2 if bits[1] < 0x80 else 2 + (bits[1] & 0x7F)
    return len(bits) - header - 1


def signed(body: bytes, algorithm: SignatureAlgorithm, signature: bytes) -> bytes:
    """Return what was signed together with its signature."""
    return der.sequence(body, algorithm.identifier, der.bits(algorithm.to_certificate(signature)))


def certificate_body(
    algorithm: SignatureAlgorithm, issuer: Issuer, subject: str, spki: bytes, number: int, usage: str,
    valid: tuple[dt.datetime, dt.datetime],
) -> bytes:  # fmt: skip
    """Return what the issuer of a certificate signs."""
    constraints = der.sequence(der.TRUE, der.integer(0)) if usage == "issuing" else der.sequence()
    extensions = der.sequence(
        _extension(_CONSTRAINTS, constraints, critical=True),
        _extension(_KEY_USAGE, der.element(der.BITS, _USAGE[usage]), critical=True),
        _extension(_SUBJECT_KEY, der.element(der.OCTETS, key_id(spki))),
        _authority_key(issuer),
    )
    return der.sequence(
        _VERSION_3, der.integer(number), algorithm.identifier, name(issuer.name),
        der.sequence(*map(der.utc_time, valid)), name(subject), spki, der.tagged(3, extensions),
    )  # fmt: skip


def request_body(subject: str, spki: bytes) -> bytes:
    """Return what whoever asks for a certificate signs (RFC 2986)."""
    return der.sequence(der.integer(0), name(subject), spki, der.tagged(0))


def revocation_body(
    algorithm: SignatureAlgorithm, issuer: Issuer, revoked: Iterable[int], since: dt.datetime, until: dt.datetime
) -> bytes:
    """Return what the issuer of a revocation list signs; all its serial numbers were revoked at the list's own date."""
    entries = [der.sequence(der.integer(number), der.utc_time(since)) for number in revoked]
    extensions = der.sequence(_extension(_CRL_NUMBER, der.integer(1)), _authority_key(issuer))
    listed = [der.sequence(*entries)] if entries else []
    return der.sequence(
        der.integer(1), algorithm.identifier, name(issuer.name), der.utc_time(since), der.utc_time(until), *listed,
        der.tagged(0, extensions),
    )  # fmt: skip


def question(issuer: Issuer, number: int) -> bytes:
    """Return a question about one certificate."""
    return der.sequence(der.sequence(der.sequence(der.sequence(_certificate_id(issuer, number)))))


def answer_body(issuer: Issuer, number: int, *, good: bool, since: dt.datetime, until: dt.datetime) -> bytes:
    """Return what the responder signs about one certificate."""
    status = der.tagged(0, constructed=False) if good else der.tagged(1, der.generalized_time(since))
    single = der.sequence(
        _certificate_id(issuer, number), status, der.generalized_time(since), der.tagged(0, der.generalized_time(until))
    )
    responder = der.tagged(2, der.element(der.OCTETS, issuer.key_id))
    return der.sequence(responder, der.generalized_time(since), der.sequence(single))


def answered(body: bytes, algorithm: SignatureAlgorithm, signature: bytes) -> bytes:
    """Return an answer as it is sent: a successful response that holds the signed body."""
    basic = der.element(der.OCTETS, signed(body, algorithm, signature))
    return der.sequence(der.element(der.ENUMERATED, b"\x00"), der.tagged(0, der.sequence(der.oid(_BASIC_ANSWER), basic)))


def _certificate_id(issuer: Issuer, number: int) -> bytes:
    name_hash = hashlib.sha256(name(issuer.name)).digest()
    hashes = (der.element(der.OCTETS, name_hash), der.element(der.OCTETS, issuer.key_hash))
    return der.sequence(der.sequence(der.oid(_SHA256), der.NULL), *hashes, der.integer(number))


def _extension(dotted: str, value: bytes, *, critical: bool = False) -> bytes:
    return der.sequence(der.oid(dotted), *([der.TRUE] if critical else []), der.element(der.OCTETS, value))


def _authority_key(issuer: Issuer) -> bytes:
    return _extension(_AUTHORITY_KEY, der.sequence(der.tagged(0, issuer.key_id, constructed=False)))
