"""ECDSA over the NIST curves (FIPS 186-5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto import der
from jukinet_sim.crypto.library import hashing, part
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm

CURVES = {
    "p256": ("SECP256R1", "1.2.840.10045.3.1.7", 32, 128),
    "p384": ("SECP384R1", "1.3.132.0.34", 48, 192),
    "p521": ("SECP521R1", "1.3.132.0.35", 66, 256),
}
"""The library's name of each curve, its OID, bytes of a coordinate, strength (NIST SP 800-57 part 1 rev. 5, table 2)."""
_DIGESTS = {"p256": "sha256", "p384": "sha384", "p521": "sha512"}
_SIGNATURE_OIDS = {"p256": "1.2.840.10045.4.3.2", "p384": "1.2.840.10045.4.3.3", "p521": "1.2.840.10045.4.3.4"}
_KEY_OID = "1.2.840.10045.2.1"
_UNLIKELY_BYTES = 8
"""A number is shorter by so many bytes once in 2^64 signatures."""


@dataclass(frozen=True, kw_only=True)
class Ecdsa(SignatureAlgorithm):
    """ECDSA with a curve and the hash of its strength; in messages the two numbers stand side by side in full length."""

    curve: str

    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""
        supported = part("hazmat.backends.openssl.backend").backend.elliptic_curve_signature_algorithm_supported(
            self._scheme(), self._curve()
        )
        return None if supported else f"this build of cryptography has no ECDSA with {self.curve.upper()}"

    def generate(self) -> Any:
        """Return a new private key."""
        return part("hazmat.primitives.asymmetric.ec").generate_private_key(self._curve())

    def is_public(self, key: Any) -> bool:
        """Tell whether a public key is a point of this curve."""
        ec = part("hazmat.primitives.asymmetric.ec")
        return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, getattr(ec, CURVES[self.curve][0]))

    def to_certificate(self, signature: bytes) -> bytes:
        """Return the two numbers as a SEQUENCE."""
        half = self.signature_bytes // 2
        first, second = (int.from_bytes(number, "big") for number in (signature[:half], signature[half:]))
        return bytes(part("hazmat.primitives.asymmetric.utils").encode_dss_signature(first, second))

    def from_certificate(self, signature: bytes) -> bytes:
        """Return the two numbers of a SEQUENCE side by side; what is none comes back as no signature at all."""
        half = self.signature_bytes // 2
        try:
            numbers = part("hazmat.primitives.asymmetric.utils").decode_dss_signature(signature)
            return b"".join(number.to_bytes(half, "big") for number in numbers)
        except (ValueError, OverflowError):
            return b""

    def _curve(self) -> Any:
        return getattr(part("hazmat.primitives.asymmetric.ec"), CURVES[self.curve][0])()

    def _scheme(self) -> Any:
        return part("hazmat.primitives.asymmetric.ec").ECDSA(hashing(self.digest))

    def _sign(self, private: Any, data: bytes) -> bytes:
        return self.from_certificate(private.sign(data, self._scheme()))

    def _verify(self, public: Any, signature: bytes, data: bytes) -> bool:
        try:
            public.verify(self.to_certificate(signature), data, self._scheme())
        except part("exceptions").InvalidSignature:
            return False
        return True


def ecdsa(curve: str) -> Ecdsa:
    """Return ECDSA over the curve "p256", "p384" or "p521"."""
    coordinate_bytes, bits = CURVES[curve][2:]
    named = der.sequence(der.oid(_KEY_OID), der.oid(CURVES[curve][1]))
    return Ecdsa(
        name=f"ecdsa-{curve}", token=curve, algorithm="ecdsa", parameter=curve, digest=_DIGESTS[curve], classical_bits=bits,
        category=0, public_key_bytes=der.size(len(named) + der.size(1 + 1 + 2 * coordinate_bytes)),
        signature_bytes=2 * coordinate_bytes, certificate_signature_bytes=_in_certificates(curve, coordinate_bytes),
        identifier=der.sequence(der.oid(_SIGNATURE_OIDS[curve])), curve=curve,
    )  # fmt: skip


def _in_certificates(curve: str, coordinate_bytes: int) -> tuple[int, int]:
    """Return how long a SEQUENCE of two INTEGERs is, which have no leading zeros but for one that keeps a number positive."""
    # The order of P-521 has 521 bits, so that its numbers never need that zero byte.
    longest = coordinate_bytes + (curve != "p521")
    least, most = (2 * der.size(length) for length in (coordinate_bytes - _UNLIKELY_BYTES, longest))
    return der.size(least), der.size(most)
