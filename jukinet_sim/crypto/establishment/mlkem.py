"""ML-KEM (FIPS 203): the client sends a fresh public key, the server answers with a secret encapsulated by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto.establishment.base import Called, KeyExchange
from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.library import part
from jukinet_sim.crypto.tally import Tell, silent


@dataclass(frozen=True, kw_only=True)
class MlKem(KeyExchange):
    """ML-KEM; encapsulating includes reading the public key. A changed answer gives another secret, not an error."""

    stem: str

    def client_operations(self) -> Called:
        """Return what the client carries out."""
        return (f"{self.name}.generate", self.share_bytes), (f"{self.name}.decapsulate", self.answer_bytes)

    def server_operations(self) -> Called:
        """Return what the server carries out."""
        return ((f"{self.name}.encapsulate", self.share_bytes),)

    def _key(self, half: str) -> Any:
        return getattr(part("hazmat.primitives.asymmetric.mlkem"), f"{self.stem}{half}Key")

    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""
        try:
            self._key("Private").generate()
        except (ImportError, AttributeError, part("exceptions").UnsupportedAlgorithm):
            return f"this build of cryptography has no {self.stem}"
        return None

    def start(self, tell: Tell = silent) -> tuple[Any, bytes]:
        """Return a fresh key and its public half."""
        tell(f"{self.name}.generate", self.share_bytes)
        private = self._key("Private").generate()
        return private, private.public_key().public_bytes_raw()

    def answer(self, share: bytes, tell: Tell = silent) -> tuple[bytes, bytes]:
        """Return the encapsulated secret and the secret. Raises AuthenticationFailed for what is no public key."""
        tell(f"{self.name}.encapsulate", len(share))
        try:
            secret, encapsulated = self._key("Public").from_public_bytes(share).encapsulate()
        except ValueError:
            raise AuthenticationFailed("a key share is none") from None
        return encapsulated, secret

    def finish(self, kept: Any, answer: bytes, tell: Tell = silent) -> bytes:
        """Return the secret. Raises AuthenticationFailed for an answer of another length."""
        tell(f"{self.name}.decapsulate", len(answer))
        try:
            return bytes(kept.decapsulate(answer))
        except ValueError:
            raise AuthenticationFailed("a key share is none") from None


def _ml_kem(level: int, category: int, bits: int, share_bytes: int, answer_bytes: int) -> MlKem:
    return MlKem(
        name=f"mlkem{level}", token=f"mlkem{level}", algorithm="ml-kem", parameter=str(level), classical_bits=bits,
        category=category, share_bytes=share_bytes, answer_bytes=answer_bytes, stem=f"MLKEM{level}",
    )  # fmt: skip


ML_KEM_768 = _ml_kem(768, 3, 192, 1184, 1088)
ML_KEM_1024 = _ml_kem(1024, 5, 256, 1568, 1568)
"""Sizes and categories: FIPS 203 (2024), tables 2 and 3; a category is as hard to break as AES with this many bits."""
