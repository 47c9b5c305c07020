"""What a way to a shared secret says of itself, and what it does: fresh keys exchanged, or one sent under a certified key."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto.tally import Tell, silent

Called = tuple[tuple[str, int], ...]
"""Operations and the bytes they work on."""


@dataclass(frozen=True, kw_only=True)
class KeyEstablishment(ABC):
    """The key establishment of a suite."""

    name: str
    """What its operations' names begin with, such as "p256"."""
    token: str
    """What it is called within the name of a suite."""
    algorithm: str
    """What policies call it, such as "ecdh"."""
    parameter: str
    """What policies call its parameters, such as "p256"."""
    classical_bits: int
    """Work of the best classical attack, as a power of 2."""
    category: int
    """Security category against quantum computers; 0 for none."""

    @property
    def parts(self) -> tuple[KeyEstablishment, ...]:
        """The establishments that it is made of: usually itself alone."""
        return (self,)

    @abstractmethod
    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""


@dataclass(frozen=True, kw_only=True)
class KeyExchange(KeyEstablishment):
    """Both sides contribute: the client sends a share, the server answers, and each has the secret."""

    share_bytes: int
    """Length of what the client sends."""
    answer_bytes: int
    """Length of what the server sends."""

    @abstractmethod
    def client_operations(self) -> Called:
        """Return what the client carries out."""

    @abstractmethod
    def server_operations(self) -> Called:
        """Return what the server carries out."""

    @abstractmethod
    def start(self, tell: Tell = silent) -> tuple[Any, bytes]:
        """Return what the client keeps to itself, and its share."""

    @abstractmethod
    def answer(self, share: bytes, tell: Tell = silent) -> tuple[bytes, bytes]:
        """Return the server's answer to a share, and the secret. Raises AuthenticationFailed for what is no share."""

    @abstractmethod
    def finish(self, kept: Any, answer: bytes, tell: Tell = silent) -> bytes:
        """Return the secret from the server's answer. Raises AuthenticationFailed for what is no answer."""


@dataclass(frozen=True, kw_only=True)
class KeyTransport(KeyEstablishment):
    """The client sends the secret, encrypted by the key in the server's certificate; who can decrypt it is that server."""

    encrypted_bytes: int
    """Length of the encrypted secret."""

    secret_bytes = 48

    @abstractmethod
    def fits(self, signature_name: str) -> bool:
        """Tell whether keys of this signature algorithm can decrypt as well."""

    @abstractmethod
    def encrypt(self, public: Any, secret: bytes, tell: Tell = silent) -> bytes:
        """Return the encrypted secret."""

    @abstractmethod
    def decrypt(self, private: Any, encrypted: bytes, tell: Tell = silent) -> bytes:
        """Return the secret; an unforeseeable other one for what is none, so that nobody learns that it is none."""
