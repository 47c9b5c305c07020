"""The three parts of a suite together: what they are called, and what they hold against whom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from jukinet_sim.base.errors import UsageError
from jukinet_sim.crypto.establishment.base import KeyEstablishment, KeyTransport
from jukinet_sim.crypto.records.base import RecordProtection
from jukinet_sim.crypto.signatures.joined import Signature


@dataclass(frozen=True)
class Parts:
    """Key establishment, signature and record protection that are used together. Raises UsageError where they cannot be."""

    key_establishment: KeyEstablishment
    signature: Signature
    record_protection: RecordProtection

    def __post_init__(self) -> None:
        keys = self.key_establishment
        if isinstance(keys, KeyTransport) and not (len(self.signature.parts) == 1 and keys.fits(self.signature.name)):
            raise UsageError(
                f"{keys.name} cannot be sent to a key for {self.signature.name}; sign with the key that decrypts, or let the "
                "sides exchange fresh keys"
            )

    @cached_property
    def name(self) -> str:
        """The name that follows from the parts; equal parts are named once, AES-256-GCM not beside ML-KEM."""
        return "-".join(_tokens(self.key_establishment, self.signature, self.record_protection))

    @property
    def classical_bits(self) -> int:
        """What is left against classical computers: the strength of the weakest part, as a power of 2."""
        parts = (self.key_establishment, self.signature, self.record_protection)
        return min(part.classical_bits for part in parts)

    @property
    def post_quantum(self) -> str:
        """What holds against quantum computers, in words: none, key exchange only, or the lower category of both."""
        keys, signature = self.key_establishment.category, self.signature.category
        if keys and signature:
            return f"category {min(keys, signature)}"
        return "key exchange only" if keys else "signatures only" if signature else "none"


def _tokens(keys: KeyEstablishment, signature: Signature, records: RecordProtection) -> list[str]:
    signed = [part.token for part in signature.parts]
    # A hybrid of both parts is known by what is new in it.
    if len(keys.parts) > 1 and len(signed) > 1 and (keys.token, signed[0]) == ("x25519mlkem768", "p256"):
        tokens = ["hybrid", *signed[1:]]
    else:
        tokens = [*_of_keys(keys, signature), *signed]
    return tokens if keys.category and records.token == "aes256gcm" else [*tokens, records.token]


def _of_keys(keys: KeyEstablishment, signature: Signature) -> list[str]:
    if isinstance(keys, KeyTransport) or keys.token == signature.parts[0].token:
        return []
    return ["ecdhe"] if keys.token == "p256" and signature.parts[0].algorithm == "rsa" else [keys.token]
