"""`doctor` and `demo`: an installation that works says so, one that does not exits 5."""

from __future__ import annotations

from pathlib import Path

import pytest

from jukinet_sim.cli.app import main


def test_a_working_installation_is_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All findings are good here, and the engines have been compared."""
    assert main(["doctor", "--out", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "BAD" not in shown
    assert "both engines agree to the last bit" in shown


def test_a_folder_that_cannot_be_written_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where run folders cannot be kept, doctor names the folder and exits 5, and still makes the other checks."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    assert main(["doctor", "--out", str(tmp_path)]) == 5
    shown = capsys.readouterr().out
    assert f"BAD  runs cannot be kept in {tmp_path}: Permission denied" in shown
    assert "both engines agree" in shown


def test_demo_runs_and_tells_what_to_try_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The demonstration prints a result table and ends with commands."""
    assert main(["demo", "--out", str(tmp_path), "--quiet"]) == 0
    shown = capsys.readouterr().out
    assert "utilisation %" in shown
    assert "jukinet explain" in shown.splitlines()[-4]
