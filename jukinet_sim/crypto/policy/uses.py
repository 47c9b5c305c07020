"""What a suite uses that a policy speaks of: the parts of its signature, its keys and its cipher, by what is done with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jukinet_sim.crypto.signatures.ecdsa import Ecdsa
from jukinet_sim.crypto.signatures.rsa import Rsa
from jukinet_sim.crypto.suite import Suite

GENERATING = ("sign", "encrypt", "exchange")
"""What makes something new; the other uses are about what others made, perhaps long ago."""


@dataclass(frozen=True, slots=True)
class Use:
    """An algorithm with its parameter and one use of it; of those of one `hybrid` the best is what counts."""

    algorithm: str
    parameter: str
    use: str
    hybrid: str | None = None

    @property
    def generates(self) -> bool:
        """Whether it makes something new."""
        return self.use in GENERATING


def uses(suite: Suite) -> tuple[Use, ...]:
    """Return everything a suite uses that policies may speak of."""
    return (*_signatures(suite), *_keys(suite), *_records(suite))


def _signatures(suite: Suite) -> Iterator[Use]:
    hybrid = "signature" if len(suite.signature.parts) > 1 else None
    for part in suite.signature.parts:
        for use in ("sign", "verify"):
            yield Use(part.algorithm, part.parameter, use, hybrid)
            # The others have a hash of their own, which their standards fix.
            if isinstance(part, (Rsa, Ecdsa)):
                yield Use("hash", part.digest, use, hybrid)


def _keys(suite: Suite) -> Iterator[Use]:
    parts = suite.key_establishment.parts
    for part in parts:
        yield Use(part.algorithm, part.parameter, "exchange", "keys" if len(parts) > 1 else None)


def _records(suite: Suite) -> Iterator[Use]:
    for use in ("encrypt", "decrypt"):
        yield Use(suite.record_protection.algorithm, suite.record_protection.parameter, use)
