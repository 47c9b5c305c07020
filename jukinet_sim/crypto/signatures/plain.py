"""Signatures that take no parameters at signing: Ed25519 (RFC 8032) and ML-DSA (FIPS 204)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto import der
from jukinet_sim.crypto.library import part
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm


@dataclass(frozen=True, kw_only=True)
class Plain(SignatureAlgorithm):
    """A signature algorithm whose key alone says everything; the library has a module for it, and in it a class for a key."""

    module: str
    stem: str

    def _key(self, half: str) -> Any:
        return getattr(part(f"hazmat.primitives.asymmetric.{self.module}"), f"{self.stem}{half}Key")

    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""
        try:
            self._key("Private").generate()
        except (ImportError, AttributeError, part("exceptions").UnsupportedAlgorithm):
            return f"this build of cryptography has no {self.stem}"
        return None

    def generate(self) -> Any:
        """Return a new private key."""
        return self._key("Private").generate()

    def is_public(self, key: Any) -> bool:
        """Tell whether a public key is one of this algorithm."""
        return isinstance(key, self._key("Public"))

    def _sign(self, private: Any, data: bytes) -> bytes:
        return bytes(private.sign(data))

    def _verify(self, public: Any, signature: bytes, data: bytes) -> bool:
        try:
            public.verify(signature, data)
        except part("exceptions").InvalidSignature:
            return False
        return True


def _plain(dotted: str, key_bytes: int, signature_bytes: int, **rest: Any) -> Plain:
    """Return an algorithm with the AlgorithmIdentifier that keys and signatures share (RFC 8410, RFC 9881)."""
    identifier = der.sequence(der.oid(dotted))
    return Plain(
        identifier=identifier, public_key_bytes=der.size(len(identifier) + der.size(1 + key_bytes)),
        signature_bytes=signature_bytes, certificate_signature_bytes=(signature_bytes, signature_bytes), **rest,
    )  # fmt: skip


def _ml_dsa(level: int, arc: int, key_bytes: int, signature_bytes: int, **rest: Any) -> Plain:
    return _plain(
        f"2.16.840.1.101.3.4.3.{arc}", key_bytes, signature_bytes, name=f"mldsa{level}", token=f"mldsa{level}",
        algorithm="ml-dsa", parameter=str(level), module="mldsa", stem=f"MLDSA{level}", **rest,
    )  # fmt: skip


ED25519 = _plain(
    "1.3.101.112", 32, 64, name="ed25519", token="ed25519", algorithm="eddsa", parameter="ed25519", digest="sha256",
    classical_bits=128, category=0, module="ed25519", stem="Ed25519",
)  # fmt: skip
ML_DSA_44 = _ml_dsa(44, 17, 1312, 2420, digest="sha256", classical_bits=128, category=2, mean_tries=4.25)
ML_DSA_65 = _ml_dsa(65, 18, 1952, 3309, digest="sha384", classical_bits=192, category=3, mean_tries=5.1)
ML_DSA_87 = _ml_dsa(87, 19, 2592, 4627, digest="sha512", classical_bits=256, category=5, mean_tries=3.85)
"""Sizes, categories and mean numbers of tries: FIPS 204 (2024), tables 1 and 2; OIDs: RFC 9881 (2025)."""
