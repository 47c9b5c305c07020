"""Messages and batches over an open session: signed, sealed, opened, verified."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from jukinet_sim.crypto.digests import RunningDigest
from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.plans.frames import CHUNK_BYTES, SIGNATURE_LENGTH_BYTES
from jukinet_sim.crypto.running.channel import Channel
from jukinet_sim.crypto.signatures.joined import Signature
from jukinet_sim.crypto.tally import Tell, silent


def write(
    signature: Signature, privates: Sequence[Any], channel: Channel, message: bytes, *, signed: bool = True, tell: Tell = silent
) -> bytes:
    """Return a message signed, unless said otherwise, and sealed."""
    if not signed:
        return channel.send(message, tell)
    made = signature.sign(privates, message, tell)
    return channel.send(len(made).to_bytes(SIGNATURE_LENGTH_BYTES, "big") + made + message, tell)


def read(
    signature: Signature, channel: Channel, sealed: bytes, *, signed: bool = True, tell: Tell = silent
) -> bytes:
    """Return a message opened and, unless said otherwise, verified as the peer's. Raises AuthenticationFailed."""
    plaintext = channel.receive(sealed, tell)
    if not signed:
        return plaintext
    made, message = _parted(signature, plaintext)
    signature.verify(channel.peer.publics, made, message, tell)
    return message


def _parted(signature: Signature, plaintext: bytes) -> tuple[bytes, bytes]:
    """Return signature and message. Raises AuthenticationFailed where the signature has another length."""
    length = int.from_bytes(plaintext[:SIGNATURE_LENGTH_BYTES], "big")
    if length != signature.signature_bytes or len(plaintext) < SIGNATURE_LENGTH_BYTES + length:
        raise AuthenticationFailed("a signature does not hold")
    start = SIGNATURE_LENGTH_BYTES + length
    return plaintext[SIGNATURE_LENGTH_BYTES:start], plaintext[start:]


def write_file(
    signature: Signature, privates: Sequence[Any], channel: Channel, content: bytes, tell: Tell = silent
) -> Iterator[bytes]:
    """Yield a file's chunks, sealed, and behind them its signature, sealed as well: over the digest of the whole."""
    running, view = RunningDigest(signature.digest), memoryview(content)
    for start in range(0, len(content), CHUNK_BYTES):
        chunk = view[start : start + CHUNK_BYTES]
        running.update(chunk)
        yield channel.send(chunk, tell)
    made = signature.sign(privates, running.finish(tell), tell)
    yield channel.send(len(made).to_bytes(SIGNATURE_LENGTH_BYTES, "big") + made, tell)


def read_file(signature: Signature, channel: Channel, pieces: Sequence[bytes], tell: Tell = silent) -> bytes:
    """Return the content of a file whose pieces all open and whose signature holds. Raises AuthenticationFailed."""
    if not pieces:
        raise AuthenticationFailed("a signature does not hold")
    running, found = RunningDigest(signature.digest), []
    for piece in pieces[:-1]:
        found.append(channel.receive(piece, tell))
        running.update(found[-1])
    made, rest = _parted(signature, channel.receive(pieces[-1], tell))
    if rest:
        raise AuthenticationFailed("a signature does not hold")
    signature.verify(channel.peer.publics, made, running.finish(tell), tell)
    return b"".join(found)
