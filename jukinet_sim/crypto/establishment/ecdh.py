"""Diffie-Hellman on curves: NIST's (SP 800-56A) and X25519 (RFC 7748)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto.establishment.base import Called, KeyExchange
from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.library import part
from jukinet_sim.crypto.signatures.ecdsa import CURVES
from jukinet_sim.crypto.tally import Tell, silent


@dataclass(frozen=True, kw_only=True)
class Ecdh(KeyExchange):
    """A fresh key on either side; deriving the secret includes reading the other side's point."""

    def client_operations(self) -> Called:
        """Return what the client carries out, which is what the server does."""
        return (f"{self.name}.generate", self.share_bytes), (f"{self.name}.derive", self.share_bytes)

    server_operations = client_operations

    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""
        ec, backend = part("hazmat.primitives.asymmetric.ec"), part("hazmat.backends.openssl.backend").backend
        if self.name == "x25519":
            supported = backend.x25519_supported()
        else:
            supported = backend.elliptic_curve_exchange_algorithm_supported(ec.ECDH(), self._curve())
        return None if supported else f"this build of cryptography has no Diffie-Hellman on {self.name.upper()}"

    def start(self, tell: Tell = silent) -> tuple[Any, bytes]:
        """Return a fresh key and its point."""
        tell(f"{self.name}.generate", self.share_bytes)
        if self.name == "x25519":
            private = part("hazmat.primitives.asymmetric.x25519").X25519PrivateKey.generate()
            return private, private.public_key().public_bytes_raw()
        private = part("hazmat.primitives.asymmetric.ec").generate_private_key(self._curve())
        encoding = part("hazmat.primitives.serialization")
        point = private.public_key().public_bytes(encoding.Encoding.X962, encoding.PublicFormat.UncompressedPoint)
        return private, point

    def answer(self, share: bytes, tell: Tell = silent) -> tuple[bytes, bytes]:
        """Return a fresh point and the secret. Raises AuthenticationFailed for what is no point."""
        private, answer = self.start(tell)
        return answer, self.finish(private, share, tell)

    def finish(self, kept: Any, answer: bytes, tell: Tell = silent) -> bytes:
        """Return the secret. Raises AuthenticationFailed for what is no point."""
        tell(f"{self.name}.derive", len(answer))
        try:
            if self.name == "x25519":
                other = part("hazmat.primitives.asymmetric.x25519").X25519PublicKey.from_public_bytes(answer)
                return bytes(kept.exchange(other))
            ec = part("hazmat.primitives.asymmetric.ec")
            point = ec.EllipticCurvePublicKey.from_encoded_point(self._curve(), answer)
            return bytes(kept.exchange(ec.ECDH(), point))
        except ValueError:
            raise AuthenticationFailed("a key share is none") from None

    def _curve(self) -> Any:
        return getattr(part("hazmat.primitives.asymmetric.ec"), CURVES[self.name][0])()


def ecdh(curve: str) -> Ecdh:
    """Return Diffie-Hellman on "p256", "p384" or "p521"."""
    coordinate_bytes, bits = CURVES[curve][2:]
    point_bytes = 1 + 2 * coordinate_bytes
    return Ecdh(
        name=curve, token=curve, algorithm="ecdh", parameter=curve, classical_bits=bits, category=0, share_bytes=point_bytes,
        answer_bytes=point_bytes,
    )  # fmt: skip


X25519 = Ecdh(
    name="x25519", token="x25519", algorithm="ecdh", parameter="x25519", classical_bits=128, category=0, share_bytes=32,
    answer_bytes=32,
)  # fmt: skip
