"""A cipher suite: three parts put together, and what any exchange asks under them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jukinet_sim.crypto.digests import missing_digest
from jukinet_sim.crypto.establishment.base import KeyEstablishment
from jukinet_sim.crypto.exchanges import Batch, Exchange, Message, Session
from jukinet_sim.crypto.parts import Parts
from jukinet_sim.crypto.plans import batch, certificate, message, session
from jukinet_sim.crypto.records.base import RecordProtection
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm
from jukinet_sim.crypto.signatures.joined import Signature
from jukinet_sim.crypto.steps import Flight, Step


@dataclass(frozen=True)
class Suite(Parts):
    """A suite: its parts, a title, other names it is asked for by.

    `steps` and `wire` are pure and load nothing; whether this machine could carry the suite out is what `available` asks.
    """

    title: str = ""
    aliases: tuple[str, ...] = ()

    def available(self) -> str | None:
        """Return why this machine can only plan with it, None where it can carry it out as well."""
        try:
            parts = (self.key_establishment, self.signature, self.record_protection)
            missing = next((reason for part in parts if (reason := part.missing())), None)
            return missing or missing_digest(self.record_protection.digest) or missing_digest(self.signature.digest)
        except ImportError as error:
            return f"the library cryptography cannot be loaded: {error}"

    def steps(self, exchange: Exchange) -> tuple[Step, ...]:
        """Return every operation of an exchange that goes well, with its size and the side that carries it out."""
        if isinstance(exchange, Session):
            return session.steps(self, exchange)
        if isinstance(exchange, Message):
            return message.steps(self, exchange)
        if isinstance(exchange, Batch):
            return batch.steps(self, exchange)
        return certificate.steps(self, exchange)

    def wire(self, exchange: Exchange) -> tuple[Flight, ...]:
        """Return the bytes of each flight of an exchange, without those of the transport beneath."""
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
