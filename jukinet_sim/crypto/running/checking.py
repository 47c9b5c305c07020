"""Certificates from outside: read, looked through and refused where anything is not as it should be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.library import part
from jukinet_sim.crypto.running import encoding
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm
from jukinet_sim.crypto.signatures.joined import Signature
from jukinet_sim.crypto.tally import Tell, silent

Wrapping = Callable[[bytes, SignatureAlgorithm, bytes], bytes]
"""Puts a body and its signature together."""


@dataclass(frozen=True)
class Anchor:
    """A pinned root: what it is called, as encoded, and its public key."""

    name: bytes
    public: Any


@dataclass(frozen=True)
class Trust:
    """Pinned roots by algorithm, and the serial numbers that are known to be revoked."""

    anchors: Mapping[SignatureAlgorithm, Anchor]
    revoked: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Peer:
    """Who was found at the end of a chain: the common name, the public key of each algorithm, what was signed in the chain."""

    name: str
    publics: tuple[Any, ...]
    bodies: bytes


@dataclass(frozen=True)
class Read:
    """A certificate that could be read: what it is made of, with the library's view of it."""

    encoded: bytes
    body: bytes
    signature: bytes
    issuer: bytes
    subject: bytes
    number: int
    view: Any
    holder: Any
    """The library's view of the subject."""


def load_certificate(encoded: bytes, tell: Tell = silent) -> Read:
    """Return what a certificate is made of. Raises AuthenticationFailed for what is none."""
    try:
        view = part("x509").load_der_x509_certificate(encoded)
        body = view.tbs_certificate_bytes
        tell("x509.load", len(body))
        issuer, holder = view.issuer, view.subject
        names = issuer.public_bytes(), holder.public_bytes()
        return Read(encoded, body, view.signature, *names, view.serial_number, view, holder)
    except Exception:  # the library has many words for what is no certificate
        raise AuthenticationFailed("a certificate cannot be read") from None


def check_certificate(
    certificate: Read, algorithm: SignatureAlgorithm, *, issuing: bool, at: dt.datetime, tell: Tell = silent
) -> bytes:
    """Check dates, constraints, use and encoding of a certificate, and return its signature in the algorithm's fixed length.

    Whether the signature holds is left to whoever has the issuer's key. Raises AuthenticationFailed.
    """
    tell("x509.check", len(certificate.body))
    try:
        x509, view = part("x509"), certificate.view
        extensions = view.extensions
        constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
        usage = extensions.get_extension_for_class(x509.KeyUsage).value
        fine = (
            view.not_valid_before_utc <= at <= view.not_valid_after_utc
            and constraints.ca is issuing
            and (usage.key_cert_sign if issuing else usage.digital_signature)
        )
    except Exception:  # extensions from outside may be broken in many ways
        fine = False
    if not fine:
        raise AuthenticationFailed("a certificate is not valid for this use at this time")
    return fixed_signature(certificate.encoded, certificate.signature, certificate.body, algorithm, encoding.signed)


def fixed_signature(
    encoded: bytes, signature: bytes, body: bytes, algorithm: SignatureAlgorithm, around: Wrapping
) -> bytes:
    """Return the signature around a body in the algorithm's fixed length. Raises AuthenticationFailed for another encoding.

    What is outside the signed body has one encoding only, so that nothing can be changed there unseen.
    """
    fixed = algorithm.from_certificate(signature)
    if len(fixed) != algorithm.signature_bytes or around(body, algorithm, fixed) != encoded:
        raise AuthenticationFailed("a signature does not hold")
    return fixed


def check_signature(
    encoded: bytes, signature: bytes, body: bytes, algorithm: SignatureAlgorithm, public: Any, tell: Tell = silent,
    around: Wrapping = encoding.signed,
) -> None:  # fmt: skip
    """Check the signature around a request, list or answer. Raises AuthenticationFailed."""
    algorithm.verify(public, fixed_signature(encoded, signature, body, algorithm, around), body, tell)


def check_chain(
    signature: Signature, chain: Sequence[bytes], trust: Trust, at: dt.datetime, tell: Tell = silent
) -> Peer:
    """Check leaf and sub-CA of each algorithm up to its pinned root. Raises AuthenticationFailed."""
    if len(chain) != 2 * len(signature.parts):
        raise AuthenticationFailed("a chain has another length")
    name, publics, bodies = None, [], []
    for number, algorithm in enumerate(signature.parts):
        leaf, authority = load_certificate(chain[2 * number], tell), load_certificate(chain[2 * number + 1], tell)
        publics.append(_check_pair(algorithm, leaf, authority, trust, at, tell))
        found = common_name(leaf.holder)
        if name is not None and found != name:
            raise AuthenticationFailed("certificates are not all of the same holder")
        name = found
        bodies += [leaf.body, authority.body]
    assert name is not None  # a suite signs with one algorithm at least
    return Peer(name, tuple(publics), b"".join(bodies))


def _check_pair(
    algorithm: SignatureAlgorithm, leaf: Read, authority: Read, trust: Trust, at: dt.datetime, tell: Tell
) -> Any:
    """Check a leaf and its sub-CA, and return the public key of the leaf. Raises AuthenticationFailed."""
    anchor = trust.anchors.get(algorithm)
    if anchor is None or authority.issuer != anchor.name or leaf.issuer != authority.subject:
        raise AuthenticationFailed("a chain does not lead to a pinned root")
    over_authority = check_certificate(authority, algorithm, issuing=True, at=at, tell=tell)
    over_leaf = check_certificate(leaf, algorithm, issuing=False, at=at, tell=tell)
    if not trust.revoked.isdisjoint((leaf.number, authority.number)):
        raise AuthenticationFailed("a certificate is revoked")
    issuing_key = algorithm.load(authority.view, tell)
    algorithm.verify(anchor.public, over_authority, authority.body, tell)
    algorithm.verify(issuing_key, over_leaf, leaf.body, tell)
    return algorithm.load(leaf.view, tell)


def common_name(subject: Any) -> str:
    """Return the common name of who is certified, or asks to be. Raises AuthenticationFailed where there is not one."""
    try:
        [found] = subject.get_attributes_for_oid(part("x509").NameOID.COMMON_NAME)
        return str(found.value)
    except Exception:
        raise AuthenticationFailed("a certificate names nobody") from None
