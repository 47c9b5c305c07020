"""What a call from Python adds to an operation, by kind of operation: the time of calls that compute next to nothing."""

from __future__ import annotations

from jukinet_sim.crypto.bench.trial import Trial, nothing
from jukinet_sim.crypto.digests import hashed, mac
from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.crypto.library import part
from jukinet_sim.crypto.records.aead import AES_128_GCM
from jukinet_sim.crypto.records.base import ASSOCIATED_BYTES
from jukinet_sim.crypto.records.cbc import CbcSealer, aes_cbc

PUBLIC_KEY, AEAD, CBC, MAC, HASH, NONE = "public-key", "aead", "cbc", "mac", "hash", "none"
_PUBLIC_KEY_ACTS = ("sign", "verify", "encapsulate", "decapsulate", "generate")
_DOCUMENTS = ("x509", "request", "crl", "ocsp", "flight")


def kind_of(operation: str) -> str:
    """Return the kind of an operation; documents are looked at in Python, which is their cost and no addition to it."""
    name, _, act = operation.rpartition(".")
    if name in _DOCUMENTS or act in ("load", "expand"):
        return NONE
    if name.startswith("hmac-"):
        return MAC
    if name.startswith("hkdf-"):
        return MAC
    if act == "compute":
        return HASH
    if name.endswith(("gcm", "poly1305")):
        return AEAD
    if name.startswith("rsa-") or act in _PUBLIC_KEY_ACTS or act == "derive":
        return PUBLIC_KEY
    return CBC


def is_bulk(operation: str) -> bool:
    """Tell whether an operation works on data of any length: ciphers, hashes, authentication codes, not derivation of keys."""
    return kind_of(operation) in (AEAD, CBC, MAC, HASH) and not operation.endswith(".derive")


def binding_trials() -> dict[str, Trial]:
    """Return a trial for each kind: a key read, an empty record sealed, one block encrypted, nothing hashed."""
    keys = part("hazmat.primitives.asymmetric.ed25519").Ed25519PublicKey
    point = part("hazmat.primitives.asymmetric.ed25519").Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    sealer = AES_128_GCM.sealer(fresh(AES_128_GCM.key_bytes))
    protection = aes_cbc()
    blocks = protection.sealer(fresh(protection.key_bytes))
    assert isinstance(blocks, CbcSealer)
    key, associated = fresh(32), bytes(ASSOCIATED_BYTES)
    return {
        PUBLIC_KEY: Trial(nothing, lambda _: keys.from_public_bytes(point)),
        AEAD: Trial(nothing, lambda _: sealer.seal(b"", associated)),
        CBC: Trial(nothing, lambda _: blocks.encrypt(b"")),
        MAC: Trial(nothing, lambda _: mac("sha256", key, b"")),
        HASH: Trial(nothing, lambda _: hashed("sha256", b"")),
    }
