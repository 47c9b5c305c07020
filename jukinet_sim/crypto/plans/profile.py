"""How long certificates, requests, revocation lists and answers are before they exist: our profile of RFC 5280 and RFC 6960."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jukinet_sim.crypto.der import size
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm

NAME_CHARACTERS = 16
"""A subject is one common name of so many ASCII characters."""
SERIAL_BYTES = 16
KEY_ID_BYTES = 20
_TIME = size(13)
_LONG_TIME = size(15)
_NAME = size(size(size(size(3) + size(NAME_CHARACTERS))))
_SERIAL = size(SERIAL_BYTES)
_VALIDITY = size(2 * _TIME)
_VERSION = size(size(1))


def _extension(value_bytes: int, *, critical: bool) -> int:
    return size(size(3) + (size(1) if critical else 0) + size(value_bytes))


_AUTHORITY_KEY = _extension(size(size(KEY_ID_BYTES)), critical=False)
_EVERYWHERE = _extension(size(KEY_ID_BYTES), critical=False) + _AUTHORITY_KEY + _extension(size(2), critical=True)
_CONSTRAINTS = {"leaf": _extension(size(0), critical=True), "authority": _extension(size(size(1) + size(1)), critical=True)}
_CRL_EXTENSIONS = size(size(_extension(size(1), critical=False) + _AUTHORITY_KEY))
_CERT_ID = size(size(size(9) + size(0)) + 2 * size(32) + _SERIAL)
"""SHA-256 with its parameters, the issuer's name and key hashed, the serial number."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What is signed has `body_bytes`; with algorithm and signature around it, it has at least and at most so many."""

    body_bytes: int
    least_bytes: int
    most_bytes: int


def _signed(body_bytes: int, algorithm: SignatureAlgorithm) -> Signed:
    ends = [
        size(body_bytes + len(algorithm.identifier) + size(1 + length)) for length in algorithm.certificate_signature_bytes
    ]
    return Signed(body_bytes, *ends)


@cache
def certificate(algorithm: SignatureAlgorithm, subject: str) -> Signed:
    """Return how long a certificate for a "leaf" or an "authority" is, whose key and whose issuer's are of this algorithm."""
    extensions = size(size(_EVERYWHERE + _CONSTRAINTS[subject]))
    rest = _VERSION + _SERIAL + len(algorithm.identifier) + _NAME + _VALIDITY + _NAME
    return _signed(size(rest + algorithm.public_key_bytes + extensions), algorithm)


@cache
def request(algorithm: SignatureAlgorithm) -> Signed:
    """Return how long a request for a certificate is (RFC 2986)."""
    return _signed(size(size(1) + _NAME + algorithm.public_key_bytes + size(0)), algorithm)


@cache
def revocation_list(algorithm: SignatureAlgorithm, revoked: int) -> Signed:
    """Return how long a list of so many revoked serial numbers is; a list of none leaves that field out."""
    entries = size(revoked * size(_SERIAL + _TIME)) if revoked else 0
    head = size(1) + len(algorithm.identifier) + _NAME + 2 * _TIME
    return _signed(size(head + entries + _CRL_EXTENSIONS), algorithm)


def question_bytes() -> int:
    """Return how long a question about one certificate is."""
    return size(size(size(size(_CERT_ID))))


@cache
def answer(algorithm: SignatureAlgorithm) -> Signed:
    """Return how long an answer about one certificate that is good is, signed by the issuer itself."""
    single = size(_CERT_ID + size(0) + _LONG_TIME + size(_LONG_TIME))
    inner = _signed(size(size(size(KEY_ID_BYTES)) + _LONG_TIME + size(single)), algorithm)
    ends = [size(size(1) + size(size(size(9) + size(length)))) for length in (inner.least_bytes, inner.most_bytes)]
    return Signed(inner.body_bytes, *ends)
