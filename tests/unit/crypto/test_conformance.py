"""Every suite keeps its plans and refuses what is wrong; a suite that does not is found out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from jukinet_sim.crypto.conforming.finding import done, refused
from jukinet_sim.crypto.establishment.base import Called
from jukinet_sim.crypto.establishment.ecdh import X25519, Ecdh, ecdh
from jukinet_sim.crypto.exchanges import Message
from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.records.aead import AES_128_GCM, CHACHA, Aead
from jukinet_sim.crypto.records.cbc import CbcHmac, CbcSealer, aes_cbc, triple_des_cbc
from jukinet_sim.crypto.running.channel import Channel
from jukinet_sim.crypto.running.checking import Peer
from jukinet_sim.crypto.running.rig import KeyRing, Rig, nobody
from jukinet_sim.crypto.signatures.ecdsa import Ecdsa, ecdsa
from jukinet_sim.crypto.signatures.plain import ED25519
from jukinet_sim.crypto.signatures.rsa import rsa
from jukinet_sim.crypto.suite import Suite, compose
from jukinet_sim.crypto.suites import suite, suites
from jukinet_sim.crypto.tally import Tell, silent
from jukinet_sim.crypto.testing import conformance


@pytest.mark.parametrize("name", [one.name for one in suites()])
def test_shipped_suites(name: str, ring: KeyRing) -> None:
    """A shipped suite can be carried out and keeps everything that it promises."""
    found = conformance(suite(name), ring)
    assert found.cost_card_only is None
    assert found.failed == ()
    assert len(found.findings) > 45


@pytest.mark.parametrize(
    "other",
    [
        compose(ecdh("p521"), ecdsa("p521"), aes_cbc(256, "sha384")),
        compose(X25519, rsa(2048, "sha256", "pss"), triple_des_cbc(2, "sha256")),
        compose(ecdh("p256"), (ED25519, ecdsa("p384")), CHACHA),
    ],
    ids=lambda one: one.name,
)
def test_other_compositions(other: Suite, ring: KeyRing) -> None:
    """Parts put together otherwise keep their promises as well, without a line written for that."""
    assert conformance(other, ring).failed == ()


@dataclass(frozen=True, kw_only=True)
class Credulous(Ecdsa):
    """A signature algorithm that takes everything for a signature."""

    def _verify(self, public: Any, signature: bytes, data: bytes) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class Forgetful(Ecdh):
    """A key exchange whose plan leaves something out."""

    def client_operations(self) -> Called:
        """Return all but the last."""
        return super().client_operations()[:1]


@dataclass(frozen=True, kw_only=True)
class Optimistic(Aead):
    """A cipher that claims to add less than it does."""

    def sealed_bytes(self, plain_bytes: int) -> int:
        """Return too little."""
        return super().sealed_bytes(plain_bytes) - 4


class _OpenSealer(CbcSealer):
    def open(self, sealed: bytes, associated: bytes, tell: Tell = silent) -> bytes:
        tell("hmac-sha256.compute", len(associated) + len(sealed) - 32)
        return self.decrypt(sealed[:-32], tell)


@dataclass(frozen=True, kw_only=True)
class Open(CbcHmac):
    """A cipher that decrypts whatever comes, its authenticator unseen."""

    def sealer(self, key: bytes, tell: Tell = silent) -> CbcSealer:
        """Return what opens everything."""
        return _OpenSealer(self, key)


@dataclass(frozen=True, kw_only=True)
class Talkative(Ecdsa):
    """A signature algorithm that ends in an error of its own for what is no signature."""

    def _verify(self, public: Any, signature: bytes, data: bytes) -> bool:
        if super()._verify(public, signature, data):
            return True
        raise ValueError("wrong, and here is what I saw")


def _made(cls: type, part: object, **other: Any) -> Any:
    fields = {name: getattr(part, name) for name in part.__dataclass_fields__}  # type: ignore[attr-defined]
    return cls(**fields | other)


@pytest.mark.parametrize(
    ("wrong", "claim"),
    [
        (compose(ecdh("p256"), _made(Credulous, ecdsa("p256")), AES_128_GCM), "chains that were changed are refused"),
        (compose(ecdh("p256"), _made(Credulous, ecdsa("p256")), AES_128_GCM), "messages signed or sealed by others"),
        (compose(_made(Forgetful, ecdh("p256")), ecdsa("p256"), AES_128_GCM), "steps of Session(resumed=False)"),
        (compose(ecdh("p256"), ecdsa("p256"), _made(Optimistic, AES_128_GCM)), "wire of Message"),
        (compose(ecdh("p256"), ecdsa("p256"), _made(Open, aes_cbc())), "unsigned messages that were changed are refused"),
        (compose(ecdh("p256"), _made(Talkative, ecdsa("p256")), AES_128_GCM), "messages signed or sealed by others"),
    ],
)
def test_what_is_wrong_is_found(wrong: Suite, claim: str) -> None:
    """A suite with a part that breaks a promise fails the claim that is about it."""
    found = conformance(wrong)
    assert not found.holds
    assert any(finding.claim.startswith(claim) for finding in found.failed), [finding.claim for finding in found.failed]


def test_cost_card_only() -> None:
    """A suite whose primitive is missing is planned with, and says why it is not carried out."""

    @dataclass(frozen=True, kw_only=True)
    class Missing(Aead):
        def missing(self) -> str | None:
            return "nobody has written it yet"

    one = compose(ecdh("p256"), ecdsa("p256"), _made(Missing, AES_128_GCM, name="future", token="future"))
    found = conformance(one)
    assert found.cost_card_only == one.available() == "nobody has written it yet"
    assert found.holds
    assert found.findings == ()
    assert one.steps(Message())[1].operation == "future.encrypt"


def test_absent_primitives_are_found_at_run_time() -> None:
    """A class that the library lacks is a reason in words, not an error."""
    for part in (replace(ED25519, stem="Ed99"), replace(ED25519, module="slhdsa")):
        assert "this build of cryptography has no" in str(compose(X25519, part, CHACHA).available())


def test_a_key_is_used_up(elliptic: Rig) -> None:
    """A key that has protected all it may seals no more."""
    limited = replace(AES_128_GCM, bytes_per_key=100)
    channel = Channel(limited, bytes(16), bytes(16), Peer("", (), b""))
    channel.send(bytes(60))
    with pytest.raises(AuthenticationFailed, match="open a new session"):
        channel.send(bytes(60))


def test_nonces_differ(elliptic: Rig) -> None:
    """No two records of a session begin with the same nonce or IV, and equal messages look different."""
    for protection in (AES_128_GCM, aes_cbc()):
        sealer = protection.sealer(bytes(protection.key_bytes))
        sealed = {sealer.seal(b"the same", bytes(8)) for _ in range(50)}
        assert len({one[:12] for one in sealed}) == 50


def test_keys_differ_each_way(elliptic: Rig) -> None:
    """What one side sent does not open as if the other side had sent it: nothing can be reflected."""
    opened = elliptic.open(nobody)
    sent = opened.client.send(b"hello")
    with pytest.raises(AuthenticationFailed):
        opened.client.receive(sent)
    assert opened.server.receive(sent) == b"hello"


def test_refusals_are_counted_right() -> None:
    """A claim that something is refused needs an attempt, and only the one error counts as a refusal."""

    def fine() -> None: ...

    def refuse() -> None:
        raise AuthenticationFailed("no")

    def fail() -> None:
        raise ValueError("what was seen")

    assert refused("", [refuse]).holds
    assert not refused("", []).holds
    assert refused("", [refuse, fine]).found == "attempt 2 was let pass"
    assert refused("", [fail]).found == "attempt 1 ended in ValueError"
    assert done("", [fine]).holds
    assert done("", [fine, fail]).found == "2: ValueError"
