"""Signatures of one or several algorithms over the same data, all of which have to hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm
from jukinet_sim.crypto.tally import Tell, silent


@dataclass(frozen=True)
class Signature:
    """The signature part of a suite: usually one algorithm; a hybrid has two, each with certificates of its own."""

    parts: tuple[SignatureAlgorithm, ...]

    @property
    def name(self) -> str:
        """The algorithms' names, joined."""
        return "+".join(part.name for part in self.parts)

    @property
    def signature_bytes(self) -> int:
        """Length of all signatures together."""
        return sum(part.signature_bytes for part in self.parts)

    @property
    def classical_bits(self) -> int:
        """What is left if all but the weakest fall."""
        return min(part.classical_bits for part in self.parts)

    @property
    def category(self) -> int:
        """The highest category of the parts, as forging needs all of them."""
        return max(part.category for part in self.parts)

    @property
    def digest(self) -> str:
        """The hash in front of signatures over what comes in pieces: that of the last part, the strongest."""
        return self.parts[-1].digest

    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""
        return next((reason for part in self.parts if (reason := part.missing())), None)

    def sign(self, privates: Sequence[Any], data: bytes, tell: Tell = silent) -> bytes:
        """Return the signatures of the data, one after the other; one private key for each part."""
        return b"".join(part.sign(key, data, tell) for part, key in zip(self.parts, privates, strict=True))

    def verify(self, publics: Sequence[Any], signature: bytes, data: bytes, tell: Tell = silent) -> None:
        """Check all signatures of the data. Raises AuthenticationFailed where one does not hold."""
        if len(signature) != self.signature_bytes:
            raise AuthenticationFailed("a signature does not hold")
        for part, key, one in zip(self.parts, publics, self._split(signature), strict=True):
            part.verify(key, one, data, tell)

    def _split(self, signature: bytes) -> Iterator[bytes]:
        at = 0
        for part in self.parts:
            yield signature[at : at + part.signature_bytes]
            at += part.signature_bytes
