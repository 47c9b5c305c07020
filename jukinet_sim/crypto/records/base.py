"""What a way to protect records says of itself, and what it does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from jukinet_sim.crypto.establishment.base import Called
from jukinet_sim.crypto.tally import Tell, silent

Plain = bytes | memoryview
"""What may be sealed: a memoryview spares copying a piece of something long."""
ASSOCIATED_BYTES = 8
"""Length of what is bound to a record without being sent with it: its number."""


class Sealer(ABC):
    """Keys in use: what seals records and opens them."""

    @abstractmethod
    def seal(self, plaintext: Plain, associated: bytes, tell: Tell = silent) -> bytes:
        """Return the sealed record, bound to what is associated with it."""

    @abstractmethod
    def open(self, sealed: bytes, associated: bytes, tell: Tell = silent) -> bytes:
        """Return the plaintext. Raises AuthenticationFailed for a record that is not what was sealed so."""


@dataclass(frozen=True, kw_only=True)
class RecordProtection(ABC):
    """The record protection of a suite."""

    name: str
    """The cipher's name in operations, such as "aes128gcm"."""
    token: str
    """What it is called within the name of a suite."""
    digest: str
    """The hash with which keys are derived and sessions confirmed."""
    algorithm: str
    """What policies call the cipher, such as "aes"."""
    parameter: str
    """What policies call its key length, such as "128"."""
    classical_bits: int
    """Work of the best attack, as a power of 2."""
    key_bytes: int
    """Key material that one direction needs."""
    bytes_per_key: int
    """How much one key may protect before it has to be replaced."""
    limit_source: str
    """Where that limit comes from."""

    @abstractmethod
    def sealed_bytes(self, plain_bytes: int) -> int:
        """Return how long a record becomes."""

    @abstractmethod
    def seal_operations(self, plain_bytes: int) -> Called:
        """Return what sealing a record of this length carries out."""

    @abstractmethod
    def open_operations(self, plain_bytes: int) -> Called:
        """Return what opening a sealed record of this length carries out."""

    @abstractmethod
    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""

    def key_operations(self) -> Called:
        """Return what making a key ready for use carries out; nothing where that is part of each record."""
        return ()

    @abstractmethod
    def sealer(self, key: bytes, tell: Tell = silent) -> Sealer:
        """Return what seals under this key material, `key_bytes` long."""
