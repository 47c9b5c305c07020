"""Suites of parts that are there, one of them from this package; a card; a policy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jukinet_sim.crypto.costs.card import Card
from jukinet_sim.crypto.costs.cost import Cost
from jukinet_sim.crypto.establishment.ecdh import X25519, ecdh
from jukinet_sim.crypto.records.aead import AES_256_GCM, Aead
from jukinet_sim.crypto.records.cbc import aes_cbc
from jukinet_sim.crypto.signatures.ecdsa import ecdsa
from jukinet_sim.crypto.signatures.plain import ED25519
from jukinet_sim.crypto.suite import Suite, compose


@dataclass(frozen=True, kw_only=True)
class Future(Aead):
    """A cipher that no library has yet: it can be planned with, by its size and by a card."""

    def missing(self) -> str | None:
        """Return why it cannot be carried out."""
        return "nobody has written it yet"


_FUTURE = Future(
    name="future", token="future", digest="sha256", algorithm="future", parameter="256", classical_bits=256, key_bytes=32,
    bytes_per_key=2**40, limit_source="made up", stem="Future",
)  # fmt: skip
SUITES = [
    compose(ecdh("p521"), ecdsa("p521"), AES_256_GCM, "highest curves", "highest"),
    compose(X25519, ED25519, aes_cbc(256, "sha384"), "a cipher with an authenticator"),
    compose(X25519, ED25519, _FUTURE, "tomorrow's"),
]
NO_SUITE = 42
CARD = Card(
    name="example-card", title="an example", platform="a machine", provenance="published",
    operations={"future.encrypt": Cost(1e-6, 1e-9, provenance="published", source="made up")},
)  # fmt: skip
POLICY = Path(__file__).parent / "house.csv"


def takes_a_name() -> Suite:
    """Return a suite under a name that is shipped already."""
    return compose(X25519, ED25519, AES_256_GCM, "", "today")
