"""Hashes, message authentication codes and key derivation: what each operation is called, and the call itself."""

from __future__ import annotations

import hmac

from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.library import hashing, part
from jukinet_sim.crypto.tally import Tell, silent

DIGEST_BYTES = {"sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64}
COLLISION_BITS = {"sha1": 61, "sha256": 128, "sha384": 192, "sha512": 256}
"""Work to find a collision, as a power of 2: half the digest; for SHA-1 the attack of Stevens (EUROCRYPT 2013)."""


def hash_operation(digest: str) -> str:
    """Return the name of hashing."""
    return f"{digest}.compute"


def mac_operation(digest: str) -> str:
    """Return the name of computing an HMAC."""
    return f"hmac-{digest}.compute"


def derive_operation(digest: str) -> str:
    """Return the name of deriving keys with HKDF (RFC 5869)."""
    return f"hkdf-{digest}.derive"


def hashed(digest: str, data: bytes, tell: Tell = silent) -> bytes:
    """Return the digest of the data."""
    tell(f"{digest}.compute", len(data))
    running = part("hazmat.primitives.hashes").Hash(hashing(digest))
    running.update(data)
    return bytes(running.finalize())


class RunningDigest:
    """The digest of data that comes in pieces."""

    def __init__(self, digest: str) -> None:
        self._digest = digest
        self._running = part("hazmat.primitives.hashes").Hash(hashing(digest))
        self._size = 0

    def update(self, piece: bytes | memoryview) -> None:
        """Take a further piece."""
        self._running.update(piece)
        self._size += len(piece)

    def finish(self, tell: Tell = silent) -> bytes:
        """Return the digest of all pieces, which counts as one operation on all of them."""
        tell(f"{self._digest}.compute", self._size)
        return bytes(self._running.finalize())


def mac(digest: str, key: bytes, data: bytes, tell: Tell = silent) -> bytes:
    """Return the HMAC of the data."""
    tell(f"hmac-{digest}.compute", len(data))
    running = part("hazmat.primitives.hmac").HMAC(key, hashing(digest))
    running.update(data)
    return bytes(running.finalize())


def check_mac(digest: str, key: bytes, data: bytes, given: bytes, tell: Tell = silent) -> None:
    """Compute the HMAC of the data and compare it in constant time. Raises AuthenticationFailed."""
    if not hmac.compare_digest(mac(digest, key, data, tell), given):
        raise AuthenticationFailed("what was received is not what was sent")


def derived(digest: str, secret: bytes, salt: bytes, size: int, tell: Tell = silent) -> bytes:
    """Return `size` bytes of key material from a secret."""
    tell(f"hkdf-{digest}.derive", size)
    kdf = part("hazmat.primitives.kdf.hkdf").HKDF(algorithm=hashing(digest), length=size, salt=salt, info=b"jukinet-sim keys")
    return bytes(kdf.derive(secret))


def missing_digest(digest: str) -> str | None:
    """Return why this build of the library cannot hash so, None where it can."""
    try:
        supported = part("hazmat.backends.openssl.backend").backend.hmac_supported(hashing(digest))
    except (ImportError, AttributeError):
        supported = False
    return None if supported else f"this build of cryptography has no {digest.upper()}"
