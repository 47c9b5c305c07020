"""What two parties do with a suite: open a session, pass a message, pass a batch, or look after certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from jukinet_sim.base.errors import UsageError

SIDES = {
    "session": ("client", "server"),
    "message": ("sender", "receiver"),
    "batch": ("sender", "receiver"),
    "certificate": ("authority", "relying"),
}
"""The two sides of each kind of exchange; of a certificate, the one that issues and the one that holds or relies on it."""

Granularity = Literal["record", "file"]
Act = Literal["issue", "chain", "crl", "ocsp"]
GRANULARITIES: tuple[Granularity, ...] = ("record", "file")
ACTS: tuple[Act, ...] = ("issue", "chain", "crl", "ocsp")


@dataclass(frozen=True, slots=True)
class Session:
    """A session opened with mutual authentication, leaf and sub-CA each way; `resumed` by a secret of an earlier one."""

    resumed: bool = False

    @property
    def kind(self) -> str:
        """The word for this kind of exchange."""
        return "session"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of `size_bytes` over an open session: signed unless said otherwise, sealed, opened, verified."""

    size_bytes: int = 2048
    signed: bool = True

    def __post_init__(self) -> None:
        _not_negative("size_bytes", self.size_bytes)

    @property
    def kind(self) -> str:
        """The word for this kind of exchange."""
        return "message"


@dataclass(frozen=True, slots=True)
class Batch:
    """`records` records of `record_bytes` each over an open session, signed one by one or as one file."""

    records: int = 100_000
    record_bytes: int = 1024
    granularity: Granularity = "record"

    def __post_init__(self) -> None:
        _not_negative("records", self.records)
        _not_negative("record_bytes", self.record_bytes)
        _known("granularity", self.granularity, GRANULARITIES)

    @property
    def kind(self) -> str:
        """The word for this kind of exchange."""
        return "batch"


@dataclass(frozen=True, slots=True)
class Certificate:
    """One act around a certificate: its issue from a request, the check of its chain, or asking whether it is revoked.

    `crl` is the making and reading of a list of `revoked` serial numbers and `lookups` look-ups in it; `ocsp` one answer.
    """

    act: Act = "issue"
    revoked: int = 1000
    lookups: int = 1

    def __post_init__(self) -> None:
        _known("act", self.act, ACTS)
        _not_negative("revoked", self.revoked)
        _not_negative("lookups", self.lookups)

    @property
    def kind(self) -> str:
        """The word for this kind of exchange."""
        return "certificate"


Exchange = Session | Message | Batch | Certificate


def _not_negative(name: str, value: int) -> None:
    if value < 0:
        raise UsageError(f"{name} is {value}; write a whole number of at least 0")


def _known(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        from jukinet_sim.base.suggest import one_of

        raise UsageError(f'{name}: there is no "{value}"; {one_of(value, known, "")}')


NAMED = ("session", "resumed", "message", "unsigned", "batch", "file", *ACTS)
"""What an exchange is called on a command line."""


def exchange_named(word: str, size_bytes: int | None = None, records: int | None = None) -> Exchange:
    """Return the exchange that a word means: with records or messages of this size, so many records or revoked certificates.

    Raises UsageError for an unknown word, and for a size or a number that such an exchange does not have.
    """
    _known("exchange", word, NAMED)
    if size_bytes is not None and word not in ("message", "unsigned", "batch", "file"):
        raise UsageError(f"{word} has no size of its own; leave it out, or take message, unsigned, batch or file")
    if records is not None and word not in ("batch", "file", "crl"):
        raise UsageError(f"{word} has no records; leave their number out, or take batch, file or crl")
    if word in ("session", "resumed"):
        return Session(resumed=word == "resumed")
    if word in ("message", "unsigned"):
        return Message(2048 if size_bytes is None else size_bytes, signed=word == "message")
    if word in ("batch", "file"):
        count, size = 100_000 if records is None else records, 1024 if size_bytes is None else size_bytes
        return Batch(count, size, "file" if word == "file" else "record")
    act = next(act for act in ACTS if act == word)
    return Certificate(act, 1000 if records is None else records)
