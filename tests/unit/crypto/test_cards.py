"""Cost cards: laws of seconds, documents there and back, what is missing, shipped figures against published ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jukinet_sim.base.errors import ScenarioError, UsageError
from jukinet_sim.crypto.cards import card, cards
from jukinet_sim.crypto.costs.card import Card, every_step
from jukinet_sim.crypto.costs.cost import Cost
from jukinet_sim.crypto.costs.document import card_of, document, read_card
from jukinet_sim.crypto.costs.this_host import keep, kept, kept_file
from jukinet_sim.crypto.exchanges import Batch, Message, Session
from jukinet_sim.crypto.steps import Step
from jukinet_sim.crypto.suites import suite, suites

OPERATION = {"base_us": 1.0, "provenance": "measured", "source": "a test"}


def _document(**other: Any) -> dict[str, Any]:
    made = {"schema": 1, "name": "mine", "platform": "a machine", "provenance": "measured", "operations": {"a.b": OPERATION}}
    return {**made, **other}


def test_mean_and_variance() -> None:
    """Mean and variance are those of a + b n + g (K - 1) with K geometric on 1, 2, ..., summed up here term by term."""
    cost = Cost(base_s=1e-4, per_byte_s=1e-9, geometric_s=2e-4, geometric_mean=5.1)
    tries = np.arange(1, 2000)
    chances = (1 / 5.1) * (1 - 1 / 5.1) ** (tries - 1)
    seconds = 1e-4 + 1e-9 * 500 + 2e-4 * (tries - 1)
    mean = float(np.sum(chances * seconds))
    assert cost.mean_s(500) == pytest.approx(mean, rel=1e-12)
    assert cost.variance_s2() == pytest.approx(float(np.sum(chances * (seconds - mean) ** 2)), rel=1e-9)


def test_binding_is_apart() -> None:
    """What a call from Python adds is left out unless it is asked for."""
    cost = Cost(1e-6, binding_s=2e-6)
    assert (cost.mean_s(), cost.mean_s(binding=True)) == (1e-6, 3e-6)


def test_signature_times_vary_as_published() -> None:
    """Signing with ML-DSA-65 has a coefficient of variation of about 0.7 on the shipped card."""
    cost = card("xeon-2012").cost("mldsa65.sign")
    assert cost.geometric_mean == 5.1
    assert 0.6 < cost.variance_s2() ** 0.5 / cost.mean_s() < 0.8


@pytest.mark.parametrize(
    ("operation", "published_s"),
    [
        ("rsa-1024.sign", 0.24e-3), ("rsa-2048.sign", 1.7e-3), ("rsa-2048.verify", 0.06e-3), ("ecdsa-p256.sign", 0.055e-3),
        ("mldsa65.sign", 1.9e-3),
    ],
)  # fmt: skip
def test_xeon_2012(operation: str, published_s: float) -> None:
    """The derived card comes near to what such a server is known to take: within 30 %, as far as medians differ."""
    assert card("xeon-2012").cost(operation).mean_s() == pytest.approx(published_s, rel=0.3)


def test_xeon_2012_bulk() -> None:
    """AES-128-CBC with HMAC runs at about 160 MB/s there, triple DES at 14 MB/s."""
    costs = card("xeon-2012").operations
    both = costs["aes128cbc.encrypt"].per_byte_s + costs["hmac-sha256.compute"].per_byte_s
    assert 1.0 / both == pytest.approx(160e6, rel=0.2)
    assert 1.0 / costs["3tdea.encrypt"].per_byte_s == pytest.approx(14e6, rel=0.1)


def test_xeon_2012_is_complete() -> None:
    """The default card has every operation of every shipped suite, and each says where it comes from."""
    found = card("xeon-2012")
    assert [found.missing(one) for one in suites()] == [()] * len(suites())
    assert all(cost.source and cost.mean_s(1) > 0.0 for cost in found.operations.values())
    assert found.platform_factor == 2.1


@pytest.mark.parametrize(
    ("algorithm", "hours"), [("rsa-1024", (9.3, 12.6)), ("rsa-2048", (21.5, 32.5))]
)
def test_monthly_run_on_one_module(algorithm: str, hours: tuple[float, float]) -> None:
    """36 million records signed one by one take a module of 2012 as many hours as its published rates say."""
    taken = [36e6 * card(name).cost(f"{algorithm}.sign").mean_s() / 3600 for name in ("hsm-2012-fast", "hsm-2012")]
    assert taken == pytest.approx(hours, rel=0.01)


def test_missing_is_an_error() -> None:
    """What a card lacks is listed, all of it, and never taken for free."""
    module, steps = card("hsm-2012"), suite("today").steps(Message())
    assert module.missing(steps) == ("3tdea.decrypt", "3tdea.encrypt", "hmac-sha1.compute", "rsa-1024.verify")
    with pytest.raises(UsageError, match=r"lacks 3tdea\.decrypt, 3tdea\.encrypt, hmac-sha1\.compute, rsa-1024\.verify"):
        module.total_s(steps)
    with pytest.raises(UsageError, match=r"lacks ed25519\.sign"):
        module.cost("ed25519.sign")
    assert set(module.missing(suite("today"))) > set(module.missing(steps))


def test_totals_add_up() -> None:
    """A total is the sum over steps of count times mean, and the sides' totals add up to it."""
    found, steps = card("xeon-2012"), suite("next").steps(Session())
    by_hand = sum(step.count * found.cost(step.operation).mean_s(step.size) for step in steps)
    assert found.total_s(steps) == pytest.approx(by_hand, rel=1e-12)
    sides = [found.total_s(steps, side) for side in ("client", "server")]
    assert sum(sides) == pytest.approx(by_hand, rel=1e-12)


def test_granularity_outweighs_the_suite() -> None:
    """One signature for a file instead of one for each record saves more than any other suite does."""
    found = card("xeon-2012")
    by_record = [found.total_s(one.steps(Batch(100_000, 1024)), "sender") for one in suites()]
    by_file = [found.total_s(one.steps(Batch(100_000, 1024, "file")), "sender") for one in suites()]
    assert max(one / other for one, other in zip(by_record, by_file, strict=True)) > max(by_record) / min(by_record)


def test_scaled() -> None:
    """A slower platform takes as many times as long for everything, and says that it is derived."""
    slower = card("hsm-2012").scaled(2.0, "old")
    assert slower.cost("rsa-2048.sign").base_s == 2.0 * card("hsm-2012").cost("rsa-2048.sign").base_s
    assert (slower.name, slower.provenance, slower.platform_factor) == ("old", "derived", 2.0)
    for factor in (0.0, -1.0, float("inf"), float("nan")):
        with pytest.raises(UsageError, match="makes no sense"):
            slower.scaled(factor, "x")


def test_documents_there_and_back() -> None:
    """Every shipped card is the same after it was written and read once more."""
    for one in cards():
        shown = document(one)
        assert document(card_of(json.loads(json.dumps(shown)), "again")) == shown


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"schema": 2}, "schema is 2; write 1"),
        ({"name": ""}, "needs name"),
        ({"operations": {}}, "needs operations"),
        ({"platfrom": "x"}, 'no "platfrom"; did you mean "platform"'),
        ({"provenance": "guessed"}, 'provenance is "guessed"; write one of'),
        ({"operations": {"a.b": {**OPERATION, "base_us": -1}}}, r"operations\.a\.b: base_us is -1"),
        ({"operations": {"a.b": {**OPERATION, "base_us": True}}}, "base_us is True"),
        ({"operations": {"a.b": {**OPERATION, "base_us": float("nan")}}}, "base_us is nan"),
        ({"operations": {"a.b": {**OPERATION, "base_us": 0}}}, "costs nothing"),
        ({"operations": {"a.b": {**OPERATION, "source": ""}}}, "has no source"),
        ({"operations": {"a.b": {"provenance": "measured", "source": "x"}}}, "has no base_us"),
        ({"operations": {"a.b": {**OPERATION, "geometric_us": 1, "geometric_mean": 0.5}}}, "write at least 1"),
        ({"operations": {"a.b": 5}}, "is no object"),
        ({"operations": {"a.b": {**OPERATION, "base_ms": 1}}}, 'did you mean "base_us"'),
        ({"platform_factor": "2"}, "platform_factor is '2'"),
        ({"title": 5}, "title is 5; write a text"),
    ],
)
def test_faults(other: dict[str, Any], words: str) -> None:
    """A card that is wrong is refused with where and what to write."""
    with pytest.raises(UsageError, match=words):
        card_of(_document(**other), "my.json")


def test_no_json(tmp_path: Path) -> None:
    """A file that is no JSON is refused with line and column."""
    path = tmp_path / "card.json"
    path.write_text('{"schema": 1,\n "name": }', encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"card\.json:2:10: error: this is no JSON"):
        card(str(path))
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(ScenarioError, match="no JSON text"):
        read_card(path)
    with pytest.raises(UsageError, match="there is no file nowhere.json"):
        card("nowhere.json")


def test_own_card_from_a_file(tmp_path: Path) -> None:
    """A file ending in .json is a card as good as a registered one."""
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(_document()), encoding="utf-8")
    found = card(str(path))
    assert found.total_s([Step("a.b", 3, 0, "x")]) == pytest.approx(3e-6)


def test_this_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The card of this machine is kept in the user's cache; without it the message says how to measure."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept() is None
    with pytest.raises(UsageError, match="crypto card this-host --measure"):
        card("this-host")
    made = Card("this-host", "", "here", "measured", {"a.b": Cost(1e-6, source="a test")})
    assert keep(made) == kept_file() == tmp_path / "jukinet-sim" / "this-host.json"
    assert card("this-host").operations == made.operations
    assert "this-host" in [one.name for one in cards()]
    assert [path.name for path in kept_file().parent.iterdir()] == ["this-host.json"]


def test_unknown_card() -> None:
    """An unknown card is refused with the nearest name."""
    with pytest.raises(UsageError, match='no cost card "xeon-2013"; did you mean "xeon-2012"'):
        card("xeon-2013")


def test_every_step_covers_every_part() -> None:
    """One exchange of each kind asks for every act of every part."""
    operations = {step.operation for step in every_step(suite("next"))}
    assert {"x25519.generate", "x25519.derive", "mlkem768.encapsulate", "ecdsa-p256.sign", "aes256gcm.decrypt", "crl.find",
            "ocsp.check", "x509.encode", "hkdf-sha384.derive"} <= operations  # fmt: skip
