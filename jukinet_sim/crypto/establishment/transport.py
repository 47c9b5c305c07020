"""RSA key transport: PKCS #1 v1.5 or OAEP (RFC 8017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.crypto.establishment.base import KeyTransport
from jukinet_sim.crypto.library import hashing, part
from jukinet_sim.crypto.signatures.rsa import STRENGTH_BITS
from jukinet_sim.crypto.tally import Tell, silent


@dataclass(frozen=True, kw_only=True)
class RsaTransport(KeyTransport):
    """The client encrypts a secret of its own making; without a fresh key on the server's side there is no forward secrecy."""

    bits: int
    padding: Literal["pkcs1v15", "oaep"]

    def fits(self, signature_name: str) -> bool:
        """Tell whether keys of this signature algorithm can decrypt as well: RSA keys of the same length."""
        return signature_name == f"rsa-{self.bits}"

    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""
        supported = part("hazmat.backends.openssl.backend").backend.rsa_encryption_supported(self._scheme())
        return None if supported else f"this build of cryptography does not encrypt with RSA and {self.padding.upper()}"

    def encrypt(self, public: Any, secret: bytes, tell: Tell = silent) -> bytes:
        """Return the encrypted secret."""
        tell(f"{self.name}.encrypt", len(secret))
        return bytes(public.encrypt(secret, self._scheme()))

    def decrypt(self, private: Any, encrypted: bytes, tell: Tell = silent) -> bytes:
        """Return the secret; an unforeseeable other one for what is none, so that nobody learns that it is none.

        Otherwise whoever may try often enough decrypts what others sent (Bleichenbacher, CRYPTO 1998).
        """
        tell(f"{self.name}.decrypt", self.secret_bytes)
        instead = fresh(self.secret_bytes)
        try:
            secret = bytes(private.decrypt(encrypted, self._scheme()))
        except ValueError:
            return instead
        return secret if len(secret) == self.secret_bytes else instead

    def _scheme(self) -> Any:
        padding = part("hazmat.primitives.asymmetric.padding")
        if self.padding == "pkcs1v15":
            return padding.PKCS1v15()
        digest = hashing("sha256")
        return padding.OAEP(mgf=padding.MGF1(digest), algorithm=digest, label=None)


def rsa_transport(bits: int, padding: Literal["pkcs1v15", "oaep"]) -> RsaTransport:
    """Return RSA key transport with this modulus and padding."""
    return RsaTransport(
        name=f"rsa-{bits}", token=f"rsa{bits}", algorithm=f"rsa-{padding}", parameter=str(bits),
        classical_bits=STRENGTH_BITS[bits], category=0, encrypted_bytes=bits // 8, bits=bits, padding=padding,
    )  # fmt: skip
