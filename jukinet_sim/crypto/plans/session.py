"""The plan of a session: who calls what, and how long the flights are.

With an exchange of fresh keys both sides sign: hello and share; hello, answer, certificates, signature, confirmation;
certificates, signature, confirmation. With a transported key the server shows by its confirmation that it could decrypt,
which takes a fourth flight. A resumed session has confirmations alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jukinet_sim.crypto.digests import DIGEST_BYTES, derive_operation, hash_operation, mac_operation
from jukinet_sim.crypto.establishment.base import KeyExchange, KeyTransport
from jukinet_sim.crypto.plans.chain import chain_bytes, chain_steps, signed_parts_bytes
from jukinet_sim.crypto.plans.frames import CONTEXT_BYTES, RANDOM_BYTES, READ, SESSION_ID_BYTES, WRITE, framed_bytes
from jukinet_sim.crypto.steps import Flight, Step, merged

if TYPE_CHECKING:
    from jukinet_sim.crypto.exchanges import Session
    from jukinet_sim.crypto.parts import Parts

_KIND_BYTES = 1


def steps(suite: Parts, exchange: Session) -> tuple[Step, ...]:
    """Return what both sides carry out."""
    if exchange.resumed:
        found = [*_confirmed(suite, _resumed_transcript(suite))]
    else:
        found = [*_agreed(suite), *_authenticated(suite), *_confirmed(suite, *_transcripts(suite))]
    return merged([*found, *_flown(wire(suite, exchange))])


def wire(suite: Parts, exchange: Session) -> tuple[Flight, ...]:
    """Return the flights."""
    confirmation = DIGEST_BYTES[suite.record_protection.digest]
    if exchange.resumed:
        sizes = [
            ("client", framed_bytes(*_client_hello(suite, resumed=True))),
            ("server", framed_bytes(*_server_hello(suite, resumed=True), confirmation)),
            ("client", framed_bytes(confirmation)),
        ]
        return tuple(Flight(side, length, length) for side, length in sizes)
    keys = suite.key_establishment
    least, most = chain_bytes(suite.signature)
    signed = framed_bytes(suite.signature.signature_bytes, confirmation)
    hellos = framed_bytes(*_client_hello(suite)), framed_bytes(*_server_hello(suite))
    first = Flight("client", hellos[0], hellos[0])
    if isinstance(keys, KeyTransport):
        encrypted = framed_bytes(keys.encrypted_bytes)
        return (
            first,
            Flight("server", hellos[1] + least, hellos[1] + most),
            Flight("client", encrypted + least + signed, encrypted + most + signed),
            Flight("server", framed_bytes(confirmation), framed_bytes(confirmation)),
        )
    return (
        first,
        Flight("server", hellos[1] + least + signed, hellos[1] + most + signed),
        Flight("client", least + signed, most + signed),
    )


def _client_hello(suite: Parts, *, resumed: bool = False) -> tuple[int, ...]:
    keys = suite.key_establishment
    if resumed:
        return _KIND_BYTES, RANDOM_BYTES, len(suite.name), SESSION_ID_BYTES, 0
    share = keys.share_bytes if isinstance(keys, KeyExchange) else 0
    return _KIND_BYTES, RANDOM_BYTES, len(suite.name), 0, framed_bytes(share)


def _server_hello(suite: Parts, *, resumed: bool = False) -> tuple[int, ...]:
    keys = suite.key_establishment
    answer = keys.answer_bytes if isinstance(keys, KeyExchange) and not resumed else 0
    return RANDOM_BYTES, len(suite.name), SESSION_ID_BYTES, answer


def _transcripts(suite: Parts) -> tuple[int, int]:
    """Return what is hashed after the server's flight and after the client's; of a certificate it is what its issuer signed.

    Signatures stay out, as their lengths differ; what they cover is in.
    """
    keys = suite.key_establishment
    bodies = signed_parts_bytes(suite.signature)
    first = framed_bytes(*_client_hello(suite)) + framed_bytes(*_server_hello(suite)) + bodies
    encrypted = keys.encrypted_bytes if isinstance(keys, KeyTransport) else 0
    return first, DIGEST_BYTES[suite.record_protection.digest] + encrypted + bodies


def _resumed_transcript(suite: Parts) -> int:
    return framed_bytes(*_client_hello(suite, resumed=True)) + framed_bytes(*_server_hello(suite, resumed=True))


def _agreed(suite: Parts) -> Iterator[Step]:
    keys = suite.key_establishment
    if isinstance(keys, KeyExchange):
        yield from (Step(operation, 1, size, "client") for operation, size in keys.client_operations())
        yield from (Step(operation, 1, size, "server") for operation, size in keys.server_operations())
    elif isinstance(keys, KeyTransport):
        yield Step(f"{keys.name}.encrypt", 1, keys.secret_bytes, "client")
        yield Step(f"{keys.name}.decrypt", 1, keys.secret_bytes, "server")


def _authenticated(suite: Parts) -> Iterator[Step]:
    """Yield the chains that both sides check, and who signs: both, or the client alone where the server has to decrypt."""
    signed_bytes = CONTEXT_BYTES + DIGEST_BYTES[suite.record_protection.digest]
    for side in ("client", "server"):
        yield from chain_steps(suite.signature, side)
    pairs = [("client", "server")]
    if isinstance(suite.key_establishment, KeyExchange):
        pairs.append(("server", "client"))
    for signer, verifier in pairs:
        for part in suite.signature.parts:
            yield Step(f"{part.name}.sign", 1, signed_bytes, signer)
            yield Step(f"{part.name}.verify", 1, signed_bytes, verifier)


def _confirmed(suite: Parts, *transcripts: int) -> Iterator[Step]:
    """Yield what makes keys of the secret and shows each side that the other one has them and saw the same flights."""
    digest = suite.record_protection.digest
    for side in ("client", "server"):
        yield from (Step(hash_operation(digest), 1, size, side) for size in transcripts)
        yield Step(derive_operation(digest), 1, key_material_bytes(suite), side)
        yield Step(mac_operation(digest), 2, DIGEST_BYTES[digest], side)
        # Both directions have a key of their own.
        yield from (Step(operation, 2, size, side) for operation, size in suite.record_protection.key_operations())


def _flown(flights: tuple[Flight, ...]) -> Iterator[Step]:
    """Yield the flights put together on one side and taken apart on the other."""
    for flight in flights:
        yield Step(WRITE, 1, 0, flight.side)
        yield Step(READ, 1, 0, "server" if flight.side == "client" else "client")


def key_material_bytes(suite: Parts) -> int:
    """Return how much is derived for a session: record keys and confirmation keys each way, and what resumes it."""
    return 2 * suite.record_protection.key_bytes + 3 * DIGEST_BYTES[suite.record_protection.digest]
