"""The plan of an act around a certificate, between who issues and who holds or relies on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from jukinet_sim.crypto.plans import profile
from jukinet_sim.crypto.plans.chain import chain_bytes, chain_steps
from jukinet_sim.crypto.steps import Flight, Step, merged

if TYPE_CHECKING:
    from jukinet_sim.crypto.exchanges import Certificate
    from jukinet_sim.crypto.parts import Parts
    from jukinet_sim.crypto.plans.profile import Signed

ISSUER, RELYING = "authority", "relying"


def steps(suite: Parts, exchange: Certificate) -> tuple[Step, ...]:
    """Return what both sides carry out."""
    return merged(_STEPS[exchange.act](suite, exchange))


def wire(suite: Parts, exchange: Certificate) -> tuple[Flight, ...]:
    """Return the flights: a request or a question where there is one, then what the authority sends."""
    parts = suite.signature.parts
    if exchange.act == "chain":
        return (Flight(ISSUER, *chain_bytes(suite.signature)),)
    if exchange.act == "issue":
        return _flight(RELYING, map(profile.request, parts)), _flight(
            ISSUER, (profile.certificate(part, "leaf") for part in parts)
        )
    if exchange.act == "crl":
        return (_flight(ISSUER, (profile.revocation_list(part, exchange.revoked) for part in parts)),)
    asked = len(parts) * profile.question_bytes()
    return Flight(RELYING, asked, asked), _flight(ISSUER, map(profile.answer, parts))


def _flight(side: str, sizes: Iterator[Signed]) -> Flight:
    found = tuple(sizes)
    return Flight(side, sum(one.least_bytes for one in found), sum(one.most_bytes for one in found))


def _issue(suite: Parts, _: Certificate) -> Iterator[Step]:
    """Yield a request, the proof that whoever asks has the key, and the certificate; the key pair itself is there before."""
    for part in suite.signature.parts:
        asked, made = profile.request(part).body_bytes, profile.certificate(part, "leaf").body_bytes
        yield Step("request.encode", 1, asked, RELYING)
        yield Step(f"{part.name}.sign", 1, asked, RELYING)
        yield Step("request.load", 1, asked, ISSUER)
        yield Step(f"{part.name}.load", 1, part.public_key_bytes, ISSUER)
        yield Step(f"{part.name}.verify", 1, asked, ISSUER)
        yield Step("x509.encode", 1, made, ISSUER)
        yield Step(f"{part.name}.sign", 1, made, ISSUER)


def _chain(suite: Parts, _: Certificate) -> Iterator[Step]:
    yield from chain_steps(suite.signature, RELYING)


def _crl(suite: Parts, exchange: Certificate) -> Iterator[Step]:
    """Yield a list made, read and turned into a set once, as looking through the list itself takes longer with its length."""
    for part in suite.signature.parts:
        body = profile.revocation_list(part, exchange.revoked).body_bytes
        yield Step("crl.encode", 1, body, ISSUER)
        yield Step(f"{part.name}.sign", 1, body, ISSUER)
        yield Step("crl.load", 1, body, RELYING)
        yield Step(f"{part.name}.verify", 1, body, RELYING)
        yield Step("crl.index", 1, exchange.revoked * profile.SERIAL_BYTES, RELYING)
        yield Step("crl.find", exchange.lookups, profile.SERIAL_BYTES, RELYING)


def _ocsp(suite: Parts, _: Certificate) -> Iterator[Step]:
    for part in suite.signature.parts:
        asked, body = profile.question_bytes(), profile.answer(part).body_bytes
        yield Step("ocsp.ask", 1, asked, RELYING)
        yield Step("ocsp.read", 1, asked, ISSUER)
        yield Step("ocsp.answer", 1, body, ISSUER)
        yield Step(f"{part.name}.sign", 1, body, ISSUER)
        yield Step("ocsp.check", 1, body, RELYING)
        yield Step(f"{part.name}.verify", 1, body, RELYING)


_STEPS: dict[str, Callable[[Parts, Certificate], Iterator[Step]]] = {
    "issue": _issue,
    "chain": _chain,
    "crl": _crl,
    "ocsp": _ocsp,
}
