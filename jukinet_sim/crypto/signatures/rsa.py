"""RSA signatures: PKCS #1 v1.5 and PSS (RFC 8017)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from jukinet_sim.crypto import der
from jukinet_sim.crypto.digests import COLLISION_BITS, DIGEST_BYTES
from jukinet_sim.crypto.library import hashing, part
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm

EXPONENT = 65537
Padding = Literal["pkcs1v15", "pss"]
STRENGTH_BITS = {1024: 80, 2048: 112, 3072: 128, 4096: 152, 7680: 192, 15360: 256}
"""NIST SP 800-57 part 1 rev. 5, table 2; for 4096 the formula of FIPS 140-2 IG 7.5."""
_PKCS1_OIDS = {"sha1": "1.2.840.113549.1.1.5", "sha256": "1.2.840.113549.1.1.11", "sha384": "1.2.840.113549.1.1.12"}
_DIGEST_OIDS = {"sha1": "1.3.14.3.2.26", "sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2"}
_PSS_OID, _MGF1_OID, _KEY_OID = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8", "1.2.840.113549.1.1.1"


@dataclass(frozen=True, kw_only=True)
class Rsa(SignatureAlgorithm):
    """RSA with a modulus of so many bits; the hash and the padding matter little for its costs, so its name says neither."""

    bits: int
    padding: Padding

    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""
        backend = part("hazmat.backends.openssl.backend").backend
        if backend.signature_hash_supported(hashing(self.digest)) and backend.rsa_padding_supported(self._scheme()):
            return None
        return f"this build of cryptography does not sign with RSA and {self.digest.upper()}"

    def generate(self) -> Any:
        """Return a new private key."""
        return part("hazmat.primitives.asymmetric.rsa").generate_private_key(EXPONENT, self.bits)

    def is_public(self, key: Any) -> bool:
        """Tell whether a public key is one of this modulus."""
        return isinstance(key, part("hazmat.primitives.asymmetric.rsa").RSAPublicKey) and key.key_size == self.bits

    def _scheme(self) -> Any:
        padding = part("hazmat.primitives.asymmetric.padding")
        if self.padding == "pkcs1v15":
            return padding.PKCS1v15()
        digest = hashing(self.digest)
        return padding.PSS(mgf=padding.MGF1(digest), salt_length=DIGEST_BYTES[self.digest])

    def _sign(self, private: Any, data: bytes) -> bytes:
        return bytes(private.sign(data, self._scheme(), hashing(self.digest)))

    def _verify(self, public: Any, signature: bytes, data: bytes) -> bool:
        try:
            public.verify(signature, data, self._scheme(), hashing(self.digest))
        except part("exceptions").InvalidSignature:
            return False
        return True


def rsa(bits: int, digest: str = "sha256", padding: Padding = "pkcs1v15") -> Rsa:
    """Return RSA with this modulus, hash and padding; what breaks first, modulus or hash, says how strong it is."""
    return Rsa(
        name=f"rsa-{bits}", token=f"rsa{bits}" if padding == "pss" else f"rsa{bits}-{digest}", algorithm="rsa",
        parameter=str(bits), digest=digest, classical_bits=min(STRENGTH_BITS[bits], COLLISION_BITS[digest]), category=0,
        public_key_bytes=_public_key_bytes(bits), signature_bytes=bits // 8,
        certificate_signature_bytes=(bits // 8, bits // 8), identifier=_identifier(digest, padding), bits=bits,
        padding=padding,
    )  # fmt: skip


def _public_key_bytes(bits: int) -> int:
    """Return the length of a SubjectPublicKeyInfo; the modulus has its highest bit set, so its INTEGER has one byte more."""
    numbers = der.size(der.size(bits // 8 + 1) + len(der.integer(EXPONENT)))
    return der.size(len(der.sequence(der.oid(_KEY_OID), der.NULL)) + der.size(1 + numbers))


def _identifier(digest: str, padding: Padding) -> bytes:
    """Return the AlgorithmIdentifier of RFC 4055."""
    if padding == "pkcs1v15":
        return der.sequence(der.oid(_PKCS1_OIDS[digest]), der.NULL)
    hashing_with = der.sequence(der.oid(_DIGEST_OIDS[digest]), der.NULL)
    mask = der.sequence(der.oid(_MGF1_OID), hashing_with)
    salt = der.integer(DIGEST_BYTES[digest])
    parameters = der.sequence(der.tagged(0, hashing_with), der.tagged(1, mask), der.tagged(2, salt))
    return der.sequence(der.oid(_PSS_OID), parameters)
