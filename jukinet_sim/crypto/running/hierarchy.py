"""Root, sub-CA and the identities they vouch for, for every algorithm of a suite's signature."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto.plans.profile import NAME_CHARACTERS
from jukinet_sim.crypto.running import encoding
from jukinet_sim.crypto.running.checking import Anchor, Trust
from jukinet_sim.crypto.running.encoding import Issuer
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm
from jukinet_sim.crypto.signatures.joined import Signature
from jukinet_sim.crypto.tally import Tell, silent

YEAR = dt.timedelta(days=365)
AUTHORITY_YEARS, LEAF_YEARS = 10, 3
SIGNING, SIGNING_AND_DECRYPTING, ISSUING = "signing", "signing and decrypting", "issuing"


@dataclass(frozen=True, repr=False)
class Identity:
    """Who somebody is: a name, and for each algorithm a private key and the certificates of leaf and sub-CA."""

    name: str
    privates: tuple[Any, ...]
    chain: tuple[bytes, ...]
    bodies: bytes
    """What was signed in those certificates, one after the other."""
    serials: tuple[int, ...]

    def __repr__(self) -> str:
        return f"Identity({self.name!r})"


def full_name(name: str) -> str:
    """Return a name of the length that plans reckon with."""
    return f"{name:-<{NAME_CHARACTERS}}"[:NAME_CHARACTERS]


def issuer_of(name: str, private: Any) -> Issuer:
    """Return somebody as an issuer."""
    spki = encoding.public_key(private.public_key())
    return Issuer(name, encoding.key_id(spki), encoding.key_hash(spki), private)


def issue(
    algorithm: SignatureAlgorithm, issuer: Issuer, subject: str, public: Any, usage: str,
    valid: tuple[dt.datetime, dt.datetime], tell: Tell = silent,
) -> tuple[bytes, bytes, int]:  # fmt: skip
    """Return a certificate, what was signed in it, and its serial number."""
    number = encoding.serial()
    body = encoding.certificate_body(algorithm, issuer, subject, encoding.public_key(public), number, usage, valid)
    tell("x509.encode", len(body))
    return encoding.signed(body, algorithm, algorithm.sign(issuer.private, body, tell)), body, number


class Branch:
    """Root and sub-CA of one algorithm; making them takes a while for long RSA keys."""

    def __init__(self, algorithm: SignatureAlgorithm, at: dt.datetime, name: str = "root") -> None:
        self.algorithm = algorithm
        root = issuer_of(full_name(name), algorithm.generate())
        self.anchor = Anchor(encoding.name(root.name), root.private.public_key())
        self.authority = issuer_of(full_name(f"{name}-sub"), algorithm.generate())
        valid = at, at + AUTHORITY_YEARS * YEAR
        self.public = self.authority.private.public_key()
        self.certificate, self.body, self.number = issue(algorithm, root, self.authority.name, self.public, ISSUING, valid)


class Hierarchy:
    """The branches for the algorithms of a signature; branches may be shared between suites."""

    def __init__(self, signature: Signature, branches: Mapping[SignatureAlgorithm, Branch]) -> None:
        self.signature = signature
        self.branches = tuple(branches[part] for part in signature.parts)

    def trust(self, revoked: Iterable[int] = ()) -> Trust:
        """Return what whoever pins these roots trusts."""
        anchors = {branch.algorithm: branch.anchor for branch in self.branches}
        return Trust(anchors, frozenset(revoked))

    def identity(
        self, name: str, at: dt.datetime, *, keys: Sequence[Any] | None = None, decrypting: bool = False,
        years: float = LEAF_YEARS,
    ) -> Identity:  # fmt: skip
        """Return an identity valid from a date on, with these private keys or new ones."""
        subject = full_name(name)
        privates = tuple(keys) if keys else tuple(branch.algorithm.generate() for branch in self.branches)
        usage = SIGNING_AND_DECRYPTING if decrypting else SIGNING
        chain, bodies, serials = [], [], []
        for branch, private in zip(self.branches, privates, strict=True):
            leaf, body, number = issue(
                branch.algorithm, branch.authority, subject, private.public_key(), usage, (at, at + years * YEAR)
            )
            chain += [leaf, branch.certificate]
            bodies += [body, branch.body]
            serials.append(number)
        return Identity(subject, privates, tuple(chain), b"".join(bodies), tuple(serials))
