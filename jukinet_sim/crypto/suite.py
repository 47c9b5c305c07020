"""A cipher suite: three parts put together, a name that follows from them, and what any exchange asks under it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jukinet_sim.base.errors import UsageError
from jukinet_sim.crypto.establishment.base import KeyEstablishment, KeyTransport
from jukinet_sim.crypto.exchanges import Batch, Exchange, Message, Session
from jukinet_sim.crypto.records.base import RecordProtection
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm
from jukinet_sim.crypto.signatures.joined import Signature
from jukinet_sim.crypto.steps import Flight, Step


@dataclass(frozen=True)
class Suite:
    """Key establishment, signature and record protection that are used together. Raises UsageError where they cannot be.

    `steps` and `wire` are pure and load nothing; whether this machine could carry the suite out is what `available` asks.
    """

    key_establishment: KeyEstablishment
    signature: Signature
    record_protection: RecordProtection
    title: str = ""
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        keys = self.key_establishment
        if isinstance(keys, KeyTransport) and not (len(self.signature.parts) == 1 and keys.fits(self.signature.name)):
            raise UsageError(
                f"{keys.name} cannot be sent to a key for {self.signature.name}; sign with the key that decrypts, or let the "
                "sides exchange fresh keys"
            )

    @property
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

    def available(self) -> str | None:
        """Return why this machine can only plan with it, None where it can carry it out as well."""
        try:
            from jukinet_sim.crypto.digests import missing_digest

            parts = (self.key_establishment, self.signature, self.record_protection)
            missing = next((reason for part in parts if (reason := part.missing())), None)
            return missing or missing_digest(self.record_protection.digest) or missing_digest(self.signature.digest)
        except ImportError as error:
            return f"the library cryptography cannot be loaded: {error}"

    def steps(self, exchange: Exchange) -> tuple[Step, ...]:
        """Return every operation of an exchange that goes well, with its size and the side that carries it out."""
        from jukinet_sim.crypto.plans import batch, certificate, message, session

        if isinstance(exchange, Session):
            return session.steps(self, exchange)
        if isinstance(exchange, Message):
            return message.steps(self, exchange)
        if isinstance(exchange, Batch):
            return batch.steps(self, exchange)
        return certificate.steps(self, exchange)

    def wire(self, exchange: Exchange) -> tuple[Flight, ...]:
        """Return the bytes of each flight of an exchange, without those of the transport beneath."""
        from jukinet_sim.crypto.plans import batch, certificate, message, session

        if isinstance(exchange, Session):
            return session.wire(self, exchange)
        if isinstance(exchange, Message):
            return message.wire(self, exchange)
        if isinstance(exchange, Batch):
            return batch.wire(self, exchange)
        return certificate.wire(self, exchange)


def compose(
    keys: KeyEstablishment,
    signature: SignatureAlgorithm | Iterable[SignatureAlgorithm],
    records: RecordProtection,
    title: str = "",
    *aliases: str,
) -> Suite:
    """Return a suite of these parts; several signature algorithms make a hybrid."""
    parts = (signature,) if isinstance(signature, SignatureAlgorithm) else tuple(signature)
    return Suite(keys, Signature(parts), records, title, aliases)


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
