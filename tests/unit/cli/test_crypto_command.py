"""`jukinet crypto`: tables, documents, exit codes, and messages that say what to write instead."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jukinet_sim.cli.app import main


def _document(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["crypto", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    """The list has every suite, card and authority, and says that suites are stand-ins."""
    found = _document(capsys, "list")
    assert (found["schema"], len(found["suites"]), found["refused"]) == (1, 12, [])
    assert {one["name"] for one in found["cards"]} == {"xeon-2012", "hsm-2012", "hsm-2012-fast"}
    assert main(["crypto", "list"]) == 0
    shown = capsys.readouterr().out
    assert "stand-ins" in shown
    assert all(one["name"] in shown for one in found["suites"])


def test_status(capsys: pytest.CaptureFixture[str]) -> None:
    """At the beginning of 2014 RSA-1024 may verify but not sign for one authority, and every row has its source."""
    found = _document(capsys, "status", "today", "--date", "2014-01-01", "--authority", "nist")
    [verdict] = found["verdicts"]
    assert (verdict["generates"], verdict["verifies"]) == ("disallowed", "legacy")
    assert all(one["source"] for one in verdict["findings"])
    assert main(["crypto", "status", "--date", "2014-01-01", "--all"]) == 0
    assert "SP 800-131A (2011)" in capsys.readouterr().out


def test_explain_by_card(capsys: pytest.CaptureFixture[str]) -> None:
    """A monthly run of 36 million records signed one by one is explained by a card, operation by operation."""
    found = _document(
        capsys, "explain", "target", "batch", "--records", "36000000", "--size", "1 KiB", "--card", "xeon-2012"
    )
    signing = next(row for row in found["steps"] if row["operation"] == "rsa-2048.sign")
    assert signing["count"] == 36_000_000
    assert found["total_s"] == pytest.approx(sum(row["total_s"] for row in found["steps"]))
    assert main(["crypto", "explain", "target", "file", "--card", "xeon-2012"]) == 0
    assert "batch of 100,000 x 1 KiB, signed by file" in capsys.readouterr().out


def test_explain_measured(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a card the exchange is timed, and the total is shown beside what it takes as a whole."""
    assert main(["crypto", "explain", "x25519-ed25519-chacha", "unsigned", "--seconds", "0.2", "--quiet"]) == 0
    assert "the operations explain" in capsys.readouterr().out


def test_bench(capsys: pytest.CaptureFixture[str]) -> None:
    """A bench compares suites within one run and grades the machine's quiet."""
    found = _document(capsys, "bench", "p256-aes128gcm", "x25519-ed25519-chacha", "--seconds", "0.3", "--quiet")
    assert found["suites"] == ["p256-aes128gcm", "x25519-ed25519-chacha"]
    assert found["noise"]["grade"] in ("quiet", "fair", "noisy", "useless")
    assert {one["ratio"] is None for one in found["exchanges"]} == {True, False}


def test_selftest(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A self-test says what holds; where something does not, it exits with 3 and names it."""
    assert main(["crypto", "selftest", "p256-aes128gcm"]) == 0
    assert "everything holds" in capsys.readouterr().out
    from jukinet_sim.crypto import selftest
    from jukinet_sim.crypto.conforming.finding import Finding
    from jukinet_sim.crypto.testing import Conformance

    wrong = Conformance("p256-aes128gcm", (Finding("2 is 3", False, "2"),))
    monkeypatch.setattr(selftest, "conformance", lambda *_: wrong)
    assert main(["crypto", "selftest", "p256-aes128gcm"]) == 3
    printed = capsys.readouterr()
    assert "BAD  p256-aes128gcm: 1 of 1 claims do not hold: 2 is 3 (2)" in printed.out
    assert "a check did not hold" in printed.err


def test_card(capsys: pytest.CaptureFixture[str]) -> None:
    """A card is shown with the source of each figure; a factor makes that of a slower platform."""
    plain, slower = _document(capsys, "card", "hsm-2012"), _document(capsys, "card", "hsm-2012", "--factor", "2")
    assert slower["operations"]["rsa-2048.sign"]["base_us"] == 2 * plain["operations"]["rsa-2048.sign"]["base_us"]
    assert slower["provenance"] == "derived"
    assert main(["crypto", "card", "hsm-2012"]) == 0
    assert "308 private-key operations/s" in capsys.readouterr().out
    assert len(_document(capsys, "card")["cards"]) == 3


def test_measured_card(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The card of this machine is measured when it is first asked for, kept, and then read."""
    from jukinet_sim.crypto.bench import masked
    from jukinet_sim.crypto.costs.card import Card
    from jukinet_sim.crypto.costs.cost import Cost

    asked: list[float] = []

    def measure(seconds: float) -> Card:
        asked.append(seconds)
        return Card("this-host", "", "here", "measured", {"a.b": Cost(1e-6, source="a test")})

    monkeypatch.setattr(masked, "measure", measure)
    for _ in range(2):
        assert _document(capsys, "card", "this-host", "--seconds", "7")["operations"]["a.b"]["base_us"] == 1.0
    assert asked == [7.0]
    assert main(["crypto", "card", "this-host", "--measure", "--quiet"]) == 0
    assert asked == [7.0, 45.0]


def test_measured_without_instructions(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a mask another process measures, and its card says which instructions it did without."""
    from jukinet_sim.crypto.bench.masked import measure_masked

    found = measure_masked(0.1, ":0:0:0:0", ["p256-aes128gcm"])
    assert "OPENSSL_ia32cap=:0:0:0:0" in found.instruction_set
    assert found.cost("ecdsa-p256.sign").mean_s() > 0.0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explain", "tody", "session"], 'did you mean "today"'),
        (["explain", "today", "session", "--size", "5 B"], "session has no size"),
        (["explain", "today", "message", "--size", "5"], "--size: 5 has no unit"),
        (["explain", "today", "message", "--card", "xeon"], 'no cost card "xeon"'),
        (["explain", "today", "message", "--card", "hsm-2012"], "lacks 3tdea.decrypt"),
        (["status", "--date", "2014"], 'write one such as 2014-01-01'),
        (["status", "--authority", "nits"], 'did you mean "nist"'),
        (["card", "--measure"], "are about one card"),
        (["card", "xeon-2012", "--measure"], "only the machine at hand can be measured"),
        (["card", "xeon-2012", "--factor", "-1"], "a platform factor of -1.0 makes no sense"),
        (["bench", "today", "--seconds", "0"], "too few to time anything"),
        (["selftest", "nothing"], 'there is no suite "nothing"'),
    ],
)  # fmt: skip
def test_usage(capsys: pytest.CaptureFixture[str], arguments: list[str], words: str) -> None:
    """What cannot be carried out as written is refused with exit code 2 and a cure."""
    assert main(["crypto", *arguments]) == 2
    assert words in capsys.readouterr().err
