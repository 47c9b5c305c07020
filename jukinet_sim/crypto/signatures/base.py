"""What a signature algorithm says of itself, and what it does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto.tally import Tell, silent


@dataclass(frozen=True, kw_only=True)
class SignatureAlgorithm(ABC):
    """One algorithm with its parameters; its operations are `NAME.sign`, `NAME.verify` and `NAME.load` (of a public key)."""

    name: str
    """The first half of its operations' names, such as "rsa-2048"."""
    token: str
    """What it is called within the name of a suite, such as "rsa2048-sha256"."""
    digest: str
    """The hash in front of a signature over what comes in pieces."""
    classical_bits: int
    """Work of the best classical attack, as a power of 2 (NIST SP 800-57 part 1 rev. 5, table 2)."""
    category: int
    """Security category against quantum computers (NIST 2016 call for proposals, section 4.A.5); 0 for none."""
    algorithm: str
    """What policies call it, such as "rsa"."""
    parameter: str
    """What policies call its parameters, such as "2048"."""
    public_key_bytes: int
    """Length of its public key as a SubjectPublicKeyInfo."""
    signature_bytes: int
    """Length of a signature in messages and sessions, always the same."""
    certificate_signature_bytes: tuple[int, int]
    """Least and most length of a signature within a certificate."""
    identifier: bytes
    """The AlgorithmIdentifier, encoded, that stands in certificates for its signatures."""
    mean_tries: float | None = None
    """How often signing starts anew on average, the last time included; None where it takes one try."""

    @abstractmethod
    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""

    @abstractmethod
    def generate(self) -> Any:
        """Return a new private key."""

    @abstractmethod
    def is_public(self, key: Any) -> bool:
        """Tell whether a public key is one of this algorithm and these parameters."""

    @abstractmethod
    def _sign(self, private: Any, data: bytes) -> bytes:
        """Return the signature in its fixed length."""

    @abstractmethod
    def _verify(self, public: Any, signature: bytes, data: bytes) -> bool:
        """Tell whether a signature of fixed length holds."""

    def sign(self, private: Any, data: bytes, tell: Tell = silent) -> bytes:
        """Return the signature of the data, `signature_bytes` long."""
        tell(f"{self.name}.sign", len(data))
        return self._sign(private, data)

    def verify(self, public: Any, signature: bytes, data: bytes, tell: Tell = silent) -> None:
        """Check a signature of the data. Raises AuthenticationFailed."""
        from jukinet_sim.crypto.failures import AuthenticationFailed

        tell(f"{self.name}.verify", len(data))
        if len(signature) != self.signature_bytes or not self._verify(public, signature, data):
            raise AuthenticationFailed("a signature does not hold")

    def load(self, certificate: Any, tell: Tell = silent) -> Any:
        """Return the public key within a certificate or request. Raises AuthenticationFailed for one of another kind."""
        from jukinet_sim.crypto.failures import AuthenticationFailed

        tell(f"{self.name}.load", self.public_key_bytes)
        try:
            key = certificate.public_key()
        except Exception:  # whatever the library thinks of a key from outside, it is refused
            key = None
        if key is None or not self.is_public(key):
            raise AuthenticationFailed("a certificate holds a key of another kind")
        return key

    def to_certificate(self, signature: bytes) -> bytes:
        """Return a signature as certificates hold it."""
        return signature

    def from_certificate(self, signature: bytes) -> bytes:
        """Return a signature in its fixed length; what is none comes back as no signature at all."""
        return signature
