"""A block cipher in CBC mode (NIST SP 800-38A) with an HMAC over the ciphertext (encrypt, then authenticate)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jukinet_sim.crypto.digests import DIGEST_BYTES, check_mac, mac, mac_operation, missing_digest
from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.crypto.establishment.base import Called
from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.library import part
from jukinet_sim.crypto.records.base import ASSOCIATED_BYTES, Plain, RecordProtection, Sealer
from jukinet_sim.crypto.tally import Tell, silent


class CbcSealer(Sealer):
    """A cipher key and a MAC key; each record has an IV that nobody can foresee."""

    def __init__(self, protection: CbcHmac, key: bytes) -> None:
        self._protection = protection
        self._key, self._mac_key = key[: protection.cipher_key_bytes], key[protection.cipher_key_bytes :]

    def _cipher(self, iv: bytes) -> Any:
        ciphers, modes = part("hazmat.primitives.ciphers"), part("hazmat.primitives.ciphers.modes")
        return ciphers.Cipher(self._protection.cipher(self._key), modes.CBC(iv))

    def encrypt(self, plaintext: Plain, tell: Tell = silent) -> bytes:
        """Return IV and ciphertext."""
        block = self._protection.block_bytes
        padding = block - len(plaintext) % block
        iv = fresh(block)
        tell(f"{self._protection.name}.encrypt", len(plaintext) + padding)
        encryptor = self._cipher(iv).encryptor()
        return bytes(iv + encryptor.update(bytes(plaintext) + bytes((padding,)) * padding) + encryptor.finalize())

    def decrypt(self, body: bytes, tell: Tell = silent) -> bytes:
        """Return the plaintext of IV and ciphertext. Raises AuthenticationFailed where the padding is none."""
        block = self._protection.block_bytes
        tell(f"{self._protection.name}.decrypt", len(body) - block)
        decryptor = self._cipher(body[:block]).decryptor()
        plaintext = decryptor.update(body[block:]) + decryptor.finalize()
        padding = plaintext[-1] if plaintext else 0
        if not 1 <= padding <= block:
            raise AuthenticationFailed("a record does not open")
        return bytes(plaintext[:-padding])

    def seal(self, plaintext: Plain, associated: bytes, tell: Tell = silent) -> bytes:
        """Return IV, ciphertext and HMAC."""
        sealed = self.encrypt(plaintext, tell)
        return sealed + mac(self._protection.digest, self._mac_key, associated + sealed, tell)

    def open(self, sealed: bytes, associated: bytes, tell: Tell = silent) -> bytes:
        """Return the plaintext; nothing is decrypted unless the HMAC holds. Raises AuthenticationFailed."""
        tag_bytes = DIGEST_BYTES[self._protection.digest]
        body, tag = sealed[:-tag_bytes], sealed[-tag_bytes:]
        check_mac(self._protection.digest, self._mac_key, associated + body, tag, tell)
        return self.decrypt(body, tell)


@dataclass(frozen=True, kw_only=True)
class CbcHmac(RecordProtection):
    """A block cipher and an HMAC."""

    block_bytes: int
    cipher_key_bytes: int
    cipher: Callable[[bytes], Any]
    """Makes the library's object for the cipher under a key."""

    def _padded(self, plain_bytes: int) -> int:
        return plain_bytes + self.block_bytes - plain_bytes % self.block_bytes

    def sealed_bytes(self, plain_bytes: int) -> int:
        """Return how long a record becomes: an IV in front, padding of 1 to a block, an HMAC behind."""
        return self.block_bytes + self._padded(plain_bytes) + DIGEST_BYTES[self.digest]

    def seal_operations(self, plain_bytes: int) -> Called:
        """Return what sealing a record of this length carries out."""
        return (f"{self.name}.encrypt", self._padded(plain_bytes)), self._mac(plain_bytes)

    def open_operations(self, plain_bytes: int) -> Called:
        """Return what opening a sealed record of this length carries out."""
        return (f"{self.name}.decrypt", self._padded(plain_bytes)), self._mac(plain_bytes)

    def _mac(self, plain_bytes: int) -> tuple[str, int]:
        return mac_operation(self.digest), ASSOCIATED_BYTES + self.block_bytes + self._padded(plain_bytes)

    def missing(self) -> str | None:
        """Return why this build of the library cannot carry it out, None where it can."""
        try:
            self.sealer(fresh(self.key_bytes)).seal(b"", bytes(ASSOCIATED_BYTES))
        except (ImportError, AttributeError, part("exceptions").UnsupportedAlgorithm):
            return missing_digest(self.digest) or f"this build of cryptography has no {self.name}"
        return None

    def sealer(self, key: bytes, tell: Tell = silent) -> CbcSealer:
        """Return what seals under this key material: the cipher's key, then that of the HMAC."""
        return CbcSealer(self, key)


def _two_key(key: bytes) -> bytes:
    """Return keys K1 and K2 as K1, K2, K1."""
    return key + key[:8] if len(key) == 16 else key


def _decrepit(name: str) -> Callable[[bytes], Any]:
    return lambda key: getattr(part("hazmat.decrepit.ciphers.algorithms"), name)(key)


def _triple_des(key: bytes) -> Any:
    return part("hazmat.decrepit.ciphers.algorithms").TripleDES(_two_key(key))


def _aes(key: bytes) -> Any:
    return part("hazmat.primitives.ciphers.algorithms").AES(key)


def _cbc(
    name: str, algorithm: str, parameter: str, digest: str, bits: int, key_bytes: int, block_bytes: int, cipher: Any
) -> CbcHmac:  # fmt: skip
    blocks = 2 ** (4 * block_bytes)
    return CbcHmac(
        name=name, token=name, digest=digest, algorithm=algorithm, parameter=parameter, classical_bits=bits,
        key_bytes=key_bytes + DIGEST_BYTES[digest], bytes_per_key=blocks * block_bytes, block_bytes=block_bytes,
        cipher_key_bytes=key_bytes, cipher=cipher,
        limit_source=f"2^{4 * block_bytes} blocks: then two of them are equal, as birthdays are (Bellare et al. 1997)",
    )  # fmt: skip


def triple_des_cbc(keys: int = 3, digest: str = "sha1") -> CbcHmac:
    """Return triple DES with three keys or with two (K1, K2, K1); strengths by NIST SP 800-57 part 1 rev. 5, table 2."""
    return _cbc(f"{keys}tdea", "3des", f"{keys}key", digest, 112 if keys == 3 else 80, 8 * keys, 8, _triple_des)


def camellia_cbc(bits: int = 128, digest: str = "sha256") -> CbcHmac:
    """Return Camellia (RFC 3713)."""
    return _cbc(f"camellia{bits}cbc", "camellia", str(bits), digest, bits, bits // 8, 16, _decrepit("Camellia"))


def aes_cbc(bits: int = 128, digest: str = "sha256") -> CbcHmac:
    """Return AES (FIPS 197)."""
    return _cbc(f"aes{bits}cbc", "aes", str(bits), digest, bits, bits // 8, 16, _aes)
