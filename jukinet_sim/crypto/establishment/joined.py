"""Two key exchanges side by side, whose secrets are used together: it holds as long as one of them does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto.establishment.base import Called, KeyEstablishment, KeyExchange
from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.tally import Tell, silent


@dataclass(frozen=True, kw_only=True)
class Joined(KeyExchange):
    """A hybrid: shares, answers and secrets of its parts, one after the other."""

    exchanges: tuple[KeyExchange, ...]

    @property
    def parts(self) -> tuple[KeyEstablishment, ...]:
        """The exchanges that it is made of."""
        return self.exchanges

    def client_operations(self) -> Called:
        """Return what the client carries out."""
        return tuple(called for exchange in self.exchanges for called in exchange.client_operations())

    def server_operations(self) -> Called:
        """Return what the server carries out."""
        return tuple(called for exchange in self.exchanges for called in exchange.server_operations())

    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""
        return next((reason for exchange in self.exchanges if (reason := exchange.missing())), None)

    def start(self, tell: Tell = silent) -> tuple[Any, bytes]:
        """Return what the client keeps of each part, and the shares."""
        kept, shares = zip(*(exchange.start(tell) for exchange in self.exchanges), strict=True)
        return kept, b"".join(shares)

    def answer(self, share: bytes, tell: Tell = silent) -> tuple[bytes, bytes]:
        """Return the answers and the secrets. Raises AuthenticationFailed for what is no share."""
        pieces = _split(share, (exchange.share_bytes for exchange in self.exchanges))
        pairs = [exchange.answer(piece, tell) for exchange, piece in zip(self.exchanges, pieces, strict=True)]
        return b"".join(answer for answer, _ in pairs), b"".join(secret for _, secret in pairs)

    def finish(self, kept: Any, answer: bytes, tell: Tell = silent) -> bytes:
        """Return the secrets. Raises AuthenticationFailed for what is no answer."""
        pieces = _split(answer, (exchange.answer_bytes for exchange in self.exchanges))
        return b"".join(
            exchange.finish(own, piece, tell) for exchange, own, piece in zip(self.exchanges, kept, pieces, strict=True)
        )


def joined(*exchanges: KeyExchange) -> Joined:
    """Return the hybrid of these exchanges; what it holds classically is what the weakest of them does."""
    return Joined(
        name="+".join(exchange.name for exchange in exchanges), token="".join(exchange.token for exchange in exchanges),
        algorithm="hybrid", parameter="+".join(exchange.parameter for exchange in exchanges),
        classical_bits=min(exchange.classical_bits for exchange in exchanges),
        category=max(exchange.category for exchange in exchanges),
        share_bytes=sum(exchange.share_bytes for exchange in exchanges),
        answer_bytes=sum(exchange.answer_bytes for exchange in exchanges), exchanges=exchanges,
    )  # fmt: skip


def _split(joined_bytes: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    """Yield the pieces of what was joined. Raises AuthenticationFailed where it has another length."""
    at = 0
    for size in (wanted := tuple(sizes)):
        yield joined_bytes[at : at + size]
        at += size
    if at != len(joined_bytes) or not wanted:
        raise AuthenticationFailed("a key share is none")
