"""One operation on so many bytes, ready to be carried out again and again on messages that it did not see a moment before.

Each trial goes through the very code of the executing half, so that what is timed is what an exchange calls.
"""

from __future__ import annotations

from jukinet_sim.base.errors import UsageError
from jukinet_sim.crypto.bench.documents import document_trial
from jukinet_sim.crypto.bench.trial import Trial, nothing, pool_of, turns
from jukinet_sim.crypto.digests import derived, hashed, mac
from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.crypto.establishment.base import KeyExchange, KeyTransport
from jukinet_sim.crypto.records.base import ASSOCIATED_BYTES
from jukinet_sim.crypto.records.cbc import CbcSealer
from jukinet_sim.crypto.running.checking import load_certificate
from jukinet_sim.crypto.running.rig import Rig
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm

_POOL = 32


def trial(rig: Rig, operation: str, size: int) -> Trial:
    """Return an operation of a rig's suite, ready to be carried out. Raises UsageError for one that the suite has not."""
    for find in (_signature, _establishment, _record, _digest, document_trial):
        found = find(rig, operation, size)
        if found is not None:
            return found
    raise UsageError(f"{rig.suite.name} has no operation {operation}")


def _signature(rig: Rig, operation: str, size: int) -> Trial | None:
    name, _, act = operation.rpartition(".")
    for number, part in enumerate(rig.suite.signature.parts):
        if part.name == name and act in ("sign", "verify", "load"):
            return _signature_act(rig, part, number, act, size)
    return None


def _signature_act(rig: Rig, part: SignatureAlgorithm, number: int, act: str, size: int) -> Trial:
    private = rig.client.privates[number]
    if act == "sign":
        return turns(pool_of(size), lambda message: part.sign(private, message))
    if act == "load":
        # A certificate remembers its key once it was asked for it, so each call gets one that was read anew.
        encoded = rig.client.chain[2 * number]
        return Trial(lambda: load_certificate(encoded).view, part.load)
    public = private.public_key()
    pairs = [(message, part.sign(private, message)) for message in pool_of(size)]
    return turns(pairs, lambda pair: part.verify(public, pair[1], pair[0]))


def _establishment(rig: Rig, operation: str, size: int) -> Trial | None:
    name, _, act = operation.rpartition(".")
    for part in rig.suite.key_establishment.parts:
        if part.name == name and isinstance(part, KeyExchange):
            return _exchange_act(part, act)
        if part.name == name and isinstance(part, KeyTransport):
            return _transport_act(rig, part, act)
    return None


def _exchange_act(part: KeyExchange, act: str) -> Trial | None:
    if act == "generate":
        return Trial(nothing, lambda _: part.start())
    pairs = [part.start() for _ in range(_POOL)]
    if act == "encapsulate":
        return turns([share for _, share in pairs], part.answer)
    if act in ("derive", "decapsulate"):
        kept = [(own, part.answer(share)[0]) for own, share in pairs]
        return turns(kept, lambda pair: part.finish(pair[0], pair[1]))
    return None


def _transport_act(rig: Rig, part: KeyTransport, act: str) -> Trial | None:
    private = rig.server.privates[0]
    public = private.public_key()
    secrets = pool_of(part.secret_bytes)
    if act == "encrypt":
        return turns(secrets, lambda secret: part.encrypt(public, secret))
    if act == "decrypt":
        encrypted = [part.encrypt(public, secret) for secret in secrets]
        return turns(encrypted, lambda one: part.decrypt(private, one))
    return None


def _record(rig: Rig, operation: str, size: int) -> Trial | None:
    protection = rig.suite.record_protection
    name, _, act = operation.rpartition(".")
    if name != protection.name:
        return None
    if act == "expand":
        return turns(pool_of(size), protection.sealer)
    sealer = protection.sealer(fresh(protection.key_bytes))
    if isinstance(sealer, CbcSealer):
        # Padding always adds a byte at least: the plan's size is that of what is padded.
        messages = pool_of(max(0, size - 1))
        if act == "encrypt":
            return turns(messages, sealer.encrypt)
        return turns([sealer.encrypt(message) for message in messages], sealer.decrypt)
    associated = bytes(ASSOCIATED_BYTES)
    messages = pool_of(size)
    if act == "encrypt":
        return turns(messages, lambda message: sealer.seal(message, associated))
    return turns([sealer.seal(message, associated) for message in messages], lambda one: sealer.open(one, associated))


def _digest(rig: Rig, operation: str, size: int) -> Trial | None:
    name, _, act = operation.rpartition(".")
    digests = {rig.suite.record_protection.digest, rig.suite.signature.digest}
    if act == "derive" and (digest := name.removeprefix("hkdf-")) in digests:
        return turns(pool_of(32), lambda secret: derived(digest, secret, secret, size))
    if act != "compute":
        return None
    if (digest := name.removeprefix("hmac-")) in digests and digest != name:
        key = fresh(32)
        return turns(pool_of(size), lambda message: mac(digest, key, message))
    if name in digests:
        return turns(pool_of(size), lambda message: hashed(name, message))
    return None


def is_random(rig: Rig, operation: str) -> bool:
    """Tell whether an operation takes another time at each call, as signing does that starts anew at random."""
    return any(
        part.mean_tries is not None and operation == f"{part.name}.sign" for part in rig.suite.signature.parts
    )


