"""Suites as they are planned with: names, strengths, sizes by hand, round trips."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runner import python

from jukinet_sim.base.errors import UsageError
from jukinet_sim.crypto.establishment.ecdh import ecdh
from jukinet_sim.crypto.establishment.transport import rsa_transport
from jukinet_sim.crypto.exchanges import ACTS, NAMED, Batch, Certificate, Message, Session, exchange_named
from jukinet_sim.crypto.records.aead import AES_128_GCM
from jukinet_sim.crypto.records.cbc import aes_cbc, triple_des_cbc
from jukinet_sim.crypto.signatures.ecdsa import ecdsa
from jukinet_sim.crypto.signatures.rsa import rsa
from jukinet_sim.crypto.steps import Step, extra_round_trips, merged
from jukinet_sim.crypto.suite import compose
from jukinet_sim.crypto.suites import suite, suites

EXPECTED = {
    "rsa1024-sha1-3tdea": (("today",), "none"),
    "rsa2048-sha256-camellia128cbc": ((), "none"),
    "rsa2048-sha256-aes128cbc": (("target",), "none"),
    "ecdhe-rsa3072-aes128gcm": ((), "none"),
    "p256-aes128gcm": ((), "none"),
    "p384-aes256gcm": ((), "none"),
    "x25519-ed25519-chacha": ((), "none"),
    "x25519mlkem768-p256": (("next",), "key exchange only"),
    "mlkem768-mldsa44": ((), "category 2"),
    "mlkem768-mldsa65": ((), "category 3"),
    "hybrid-mldsa65": ((), "category 3"),
    "mlkem1024-mldsa87": ((), "category 5"),
}
BITS = (61, 112, 112, 128, 128, 192, 128, 128, 128, 192, 128, 256)


def test_names() -> None:
    """The shipped suites have the names that follow from their parts, their aliases and strengths."""
    assert {one.name: (one.aliases, one.post_quantum) for one in suites()} == EXPECTED
    assert tuple(one.classical_bits for one in suites()) == BITS


def test_by_alias() -> None:
    """An alias is as good as the name."""
    assert suite("today") is suite("rsa1024-sha1-3tdea")


def test_unknown() -> None:
    """An unknown suite is refused with the nearest name."""
    with pytest.raises(UsageError, match='there is no suite "tody"; did you mean "today"'):
        suite("tody")


def test_transport_needs_its_key() -> None:
    """A secret cannot be sent to a key that cannot decrypt."""
    for signature in (ecdsa("p256"), rsa(3072), (rsa(2048), ecdsa("p256"))):
        with pytest.raises(UsageError, match="cannot be sent to a key"):
            compose(rsa_transport(2048, "oaep"), signature, AES_128_GCM)


def test_planning_loads_no_library(tmp_path: Path) -> None:
    """Planning with every suite works where the library for real keys cannot be loaded; each says so."""
    code = (
        "import sys; sys.modules['cryptography'] = None\n"
        "from jukinet_sim.crypto.suites import suites\n"
        "from jukinet_sim.crypto.costs.card import every_step\n"
        "from jukinet_sim.crypto.cards import cards\n"
        "assert all(every_step(one) for one in suites()) and cards()\n"
        "assert all('cannot be loaded' in one.available() for one in suites())\n"
        "assert 'numpy' not in sys.modules and 'pydantic' not in sys.modules\n"
    )
    done = python(code, folder=tmp_path)
    assert done.returncode == 0, done.stderr


def test_planning_is_pure() -> None:
    """Steps and flights are the same at each call, and cost nothing that grows with a batch."""
    for one in suites():
        for exchange in (Session(), Message(), Batch(10**9, 1024), Certificate("crl", 10**6)):
            assert one.steps(exchange) == one.steps(exchange)
            assert one.wire(exchange) == one.wire(exchange)


def test_message_sizes() -> None:
    """A signed message is longer by its signature with a length of 2 bytes, and by what sealing adds."""
    expected = {
        # IV, padding of 2,050 + 128 to a multiple of 8, HMAC-SHA1
        "today": 8 + (8 - (2048 + 2 + 128) % 8) + 20 + 2 + 128,
        # IV, padding of 2,050 + 256 to a multiple of 16, HMAC-SHA256
        "target": 16 + (16 - (2048 + 2 + 256) % 16) + 32 + 2 + 256,
        "p256-aes128gcm": 12 + 16 + 2 + 64,
        "mlkem768-mldsa65": 12 + 16 + 2 + 3309,
        "hybrid-mldsa65": 12 + 16 + 2 + 64 + 3309,
        "mlkem1024-mldsa87": 12 + 16 + 2 + 4627,
    }
    for name, added in expected.items():
        [flight] = suite(name).wire(Message(2048))
        assert (flight.side, flight.least_bytes, flight.most_bytes) == ("sender", 2048 + added, 2048 + added)


def test_batch_sizes() -> None:
    """100,000 records signed one by one with ML-DSA-65 add 334 MB, signed as a file 47 kB."""
    one, total = suite("mlkem768-mldsa65"), 100_000 * 1024
    [by_record] = one.wire(Batch(100_000, 1024, "record"))
    [by_file] = one.wire(Batch(100_000, 1024, "file"))
    assert by_record.most_bytes - total == 100_000 * (2 + 3309 + 28)
    chunks = -(-total // 65_536)
    assert by_file.most_bytes - total == chunks * 28 + 2 + 3309 + 28


def test_file_is_signed_once() -> None:
    """A file costs one signature however many records it has; records cost one each."""
    one = suite("target")
    by_file = {step.operation: step.count for step in one.steps(Batch(100_000, 1024, "file")) if step.side == "sender"}
    by_record = {step.operation: step.count for step in one.steps(Batch(100_000, 1024)) if step.side == "sender"}
    assert (by_file["rsa-2048.sign"], by_record["rsa-2048.sign"]) == (1, 100_000)


def test_empty_batches() -> None:
    """A batch without records sends nothing, or one signature over nothing."""
    one = suite("next")
    assert one.steps(Batch(0, 1024)) == ()
    assert {step.operation for step in one.steps(Batch(0, 1024, "file"))} >= {"ecdsa-p256.sign", "ecdsa-p256.verify"}


def test_both_sides_of_a_session() -> None:
    """With fresh keys both sides sign; with a transported key the client signs and the server decrypts."""
    fresh = {(step.operation, step.side) for step in suite("p256-aes128gcm").steps(Session())}
    assert {("ecdsa-p256.sign", "client"), ("ecdsa-p256.sign", "server")} <= fresh
    sent = {(step.operation, step.side) for step in suite("today").steps(Session())}
    assert ("rsa-1024.sign", "server") not in sent
    assert {("rsa-1024.sign", "client"), ("rsa-1024.decrypt", "server"), ("rsa-1024.encrypt", "client")} <= sent


def test_resumed_session_is_symmetric() -> None:
    """Resuming a session takes no public-key operation under any suite."""
    acts = {step.operation.rpartition(".")[2] for one in suites() for step in one.steps(Session(resumed=True))}
    assert acts == {"compute", "derive", "expand", "read", "write"}
    assert not any(step.operation.startswith(("p256", "p384", "x25519", "mlkem")) for one in suites()
                   for step in one.steps(Session(resumed=True)))  # fmt: skip


@pytest.mark.parametrize(
    ("flight", "window", "trips"),
    [
        (0, 10, 0), (14_600, 10, 0), (14_601, 10, 1), (43_800, 10, 1), (43_801, 10, 2), (4380, 3, 0), (13_140, 3, 1),
        (13_141, 3, 2),
    ],
)  # fmt: skip
def test_extra_round_trips(flight: int, window: int, trips: int) -> None:
    """With a window that doubles, n round trips more carry window * 1,460 * (2^(n+1) - 1) bytes."""
    assert extra_round_trips(flight, window) == trips
    assert window * 1460 * (2 ** (trips + 1) - 1) >= flight


def test_post_quantum_flights_need_round_trips() -> None:
    """The server's flight of ML-DSA-65 takes one round trip more with a window of 10 segments, two with one of 3."""
    server = suite("mlkem768-mldsa65").wire(Session())[1].most_bytes
    assert (extra_round_trips(server), extra_round_trips(server, initial_window=3)) == (1, 2)
    assert extra_round_trips(suite("next").wire(Session())[1].most_bytes, initial_window=3) == 0


def test_no_window() -> None:
    """An empty window or a negative flight is refused."""
    for arguments in ((1, 0, 1460), (-1, 10, 1460), (1, 10, 0)):
        with pytest.raises(UsageError, match="at least"):
            extra_round_trips(*arguments)


def test_key_limits() -> None:
    """A cipher with blocks of 64 bits may protect 2^32 blocks under a key, one of 128 bits 2^64, and says why."""
    assert triple_des_cbc().bytes_per_key == 2**32 * 8
    assert aes_cbc().bytes_per_key == 2**64 * 16
    assert all(one.record_protection.limit_source for one in suites())


def test_two_key_triple_des() -> None:
    """Triple DES with two keys is weaker than with three, and another cipher by name."""
    two, three = triple_des_cbc(2), triple_des_cbc(3)
    assert (two.name, two.classical_bits, two.cipher_key_bytes) == ("2tdea", 80, 16)
    assert (three.name, three.classical_bits, three.cipher_key_bytes) == ("3tdea", 112, 24)


def test_other_compositions() -> None:
    """Suites that are not shipped get names of their own, too."""
    assert compose(ecdh("p384"), ecdsa("p256"), AES_128_GCM).name == "p384-p256-aes128gcm"
    assert compose(ecdh("p256"), rsa(2048), AES_128_GCM).name == "ecdhe-rsa2048-sha256-aes128gcm"


def test_merged() -> None:
    """Equal steps become one with their counts added; steps of no count vanish."""
    steps = [Step("a.b", 1, 2, "x"), Step("c.d", 0, 2, "x"), Step("a.b", 3, 2, "x"), Step("a.b", 1, 2, "y")]
    assert merged(steps) == (Step("a.b", 4, 2, "x"), Step("a.b", 1, 2, "y"))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Message(-1), "size_bytes is -1"),
        (lambda: Batch(records=-5), "records is -5"),
        (lambda: Batch(granularity="files"), 'did you mean "file"'),
        (lambda: Certificate(act="issues"), 'did you mean "issue"'),
        (lambda: exchange_named("sesion"), 'did you mean "session"'),
        (lambda: exchange_named("chain", size_bytes=5), "has no size"),
        (lambda: exchange_named("message", records=5), "has no records"),
    ],
)
def test_exchanges_that_make_no_sense(make: object, words: str) -> None:
    """An exchange that cannot be is refused with what to write instead."""
    assert callable(make)
    with pytest.raises(UsageError, match=words):
        make()


def test_exchanges_by_name() -> None:
    """Every word means an exchange; sizes and numbers go where they belong."""
    kinds = [exchange_named(word).kind for word in NAMED]
    assert kinds == ["session"] * 2 + ["message"] * 2 + ["batch"] * 2 + ["certificate"] * len(ACTS)
    assert exchange_named("file", 10, 3) == Batch(3, 10, "file")
    assert exchange_named("unsigned", 512) == Message(512, signed=False)
    assert exchange_named("crl", records=7) == Certificate("crl", revoked=7)
