"""AES-GCM (NIST SP 800-38D) and ChaCha20-Poly1305 (RFC 8439)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.crypto.establishment.base import Called
from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.library import part
from jukinet_sim.crypto.records.base import Plain, RecordProtection, Sealer
from jukinet_sim.crypto.tally import Tell, silent

NONCE_BYTES, TAG_BYTES = 12, 16
_COUNTER_BYTES = 8


class AeadSealer(Sealer):
    """One key; nonces begin with bytes drawn once and end with a counter, so that none comes twice under the key."""

    def __init__(self, name: str, cipher: Any) -> None:
        self._name, self._cipher = name, cipher
        self._prefix = fresh(NONCE_BYTES - _COUNTER_BYTES)
        self._sealed = 0

    def seal(self, plaintext: Plain, associated: bytes, tell: Tell = silent) -> bytes:
        """Return nonce, ciphertext and tag."""
        tell(f"{self._name}.encrypt", len(plaintext))
        nonce = self._prefix + self._sealed.to_bytes(_COUNTER_BYTES, "big")
        self._sealed += 1
        return nonce + self._cipher.encrypt(nonce, plaintext, associated)

    def open(self, sealed: bytes, associated: bytes, tell: Tell = silent) -> bytes:
        """Return the plaintext. Raises AuthenticationFailed."""
        tell(f"{self._name}.decrypt", max(0, len(sealed) - NONCE_BYTES - TAG_BYTES))
        try:
            return bytes(self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], associated))
        except (part("exceptions").InvalidTag, ValueError):
            raise AuthenticationFailed("a record does not open") from None


@dataclass(frozen=True, kw_only=True)
class Aead(RecordProtection):
    """Encryption and authentication in one operation."""

    stem: str

    def sealed_bytes(self, plain_bytes: int) -> int:
        """Return how long a record becomes: a nonce in front, a tag behind."""
        return NONCE_BYTES + plain_bytes + TAG_BYTES

    def seal_operations(self, plain_bytes: int) -> Called:
        """Return what sealing a record of this length carries out."""
        return ((f"{self.name}.encrypt", plain_bytes),)

    def open_operations(self, plain_bytes: int) -> Called:
        """Return what opening a sealed record of this length carries out."""
        return ((f"{self.name}.decrypt", plain_bytes),)

    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""
        try:
            self._cipher(bytes(self.key_bytes))
        except (ImportError, AttributeError, part("exceptions").UnsupportedAlgorithm):
            return f"this build of cryptography has no {self.stem}"
        return None

    def key_operations(self) -> Called:
        """Return what making a key ready for use carries out."""
        return ((f"{self.name}.expand", self.key_bytes),)

    def sealer(self, key: bytes, tell: Tell = silent) -> AeadSealer:
        """Return what seals under this key."""
        tell(f"{self.name}.expand", len(key))
        return AeadSealer(self.name, self._cipher(key))

    def _cipher(self, key: bytes) -> Any:
        return getattr(part("hazmat.primitives.ciphers.aead"), self.stem)(key)


def _aes_gcm(bits: int, digest: str) -> Aead:
    return Aead(
        name=f"aes{bits}gcm", token=f"aes{bits}gcm", digest=digest, algorithm="aes", parameter=str(bits), classical_bits=bits,
        key_bytes=bits // 8, bytes_per_key=2**38, stem="AESGCM",
        limit_source="RFC 8446 section 5.5: 2^24.5 full records of 2^14 bytes, rounded down (Luykx and Paterson 2016)",
    )  # fmt: skip


AES_128_GCM = _aes_gcm(128, "sha256")
AES_256_GCM = _aes_gcm(256, "sha384")
CHACHA = Aead(
    name="chacha20poly1305", token="chacha", digest="sha256", algorithm="chacha20-poly1305", parameter="256",
    classical_bits=256, key_bytes=32, bytes_per_key=2**78, stem="ChaCha20Poly1305",
    limit_source="RFC 8446 section 5.5: 2^64 records of 2^14 bytes; the record number wraps before any limit of the cipher",
)  # fmt: skip
