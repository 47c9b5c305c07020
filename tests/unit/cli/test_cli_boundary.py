"""Exit codes: their precedence, and the message that stands beside each."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_runner import MM1, command, environment, write_scenario
from results_samples import queue

from jukinet_sim.base.errors import CheckFailed, LimitReached, StoreError, UsageError
from jukinet_sim.cli import boundary
from jukinet_sim.cli.app import main
from jukinet_sim.cli.boundary import MEANINGS, guarded, worst
from jukinet_sim.cli.output import present
from jukinet_sim.experiments.runs import StoredRun


def _raising(error: BaseException) -> Callable[[], int]:
    def command() -> int:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (CheckFailed("x"), 3),
        (LimitReached("x"), 4),
        (StoreError("x"), 5),
        (KeyboardInterrupt(), 130),
        (MemoryError(), 4),
        (OSError(28, "No space left on device"), 5),
        (ZeroDivisionError("x"), 1),
    ],
)
def test_each_error_has_its_exit_code(error: BaseException, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    """What a command raises becomes the code of the contract, and the last line says what the code means."""
    assert guarded(_raising(error)) == code
    assert capsys.readouterr().err.splitlines()[-1] == f"exit {code}: {MEANINGS[code]}"


def test_codes_have_a_precedence() -> None:
    """130 > 1 > 5 > 2 > 4 > 3 > 99 > 0."""
    order = [130, 1, 5, 2, 4, 3, 99, 0]
    for i, high in enumerate(order):
        for low in order[i:]:
            assert worst(low, high) == high


def test_a_bug_shows_no_traceback(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected error is one line that asks for a report."""
    monkeypatch.delenv("JUKINET_TRACEBACK", raising=False)
    guarded(_raising(ZeroDivisionError("division")))
    shown = capsys.readouterr().err
    assert "Traceback" not in shown
    assert "ZeroDivisionError: division; this is a bug, please report it" in shown


def test_a_bug_shows_its_traceback_when_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """JUKINET_TRACEBACK=1 adds the traceback."""
    monkeypatch.setenv("JUKINET_TRACEBACK", "1")
    guarded(_raising(ZeroDivisionError("division")))
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["rum"], ["run"], ["run", "x.yaml", "--sed", "1"], ["run", "x.yaml", "--seed", "one"], ["run", "--engine", "slow"]],
)
def test_wrong_usage_exits_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A command line that cannot be understood exits 2 and names the help."""
    assert main(arguments) == 2
    assert "Try 'jukinet" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["run", "validate", "plan", "check"])
def test_a_missing_scenario_exits_2(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is named, with what to do, and without a traceback."""
    assert main([verb, "nowhere.yaml"]) == 2
    shown = capsys.readouterr().err
    assert "error: no such file: nowhere.yaml; " in shown
    assert "Traceback" not in shown


def test_a_bad_setting_names_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--set` faults are shown like those of a file, with a caret."""
    assert main(["run", write_scenario(tmp_path), "--set", "rum.seed=2"]) == 2
    assert 'error: no "rum" here; did you mean "run"?' in capsys.readouterr().err


def test_help_and_version_exit_0(capsys: pytest.CaptureFixture[str]) -> None:
    """Asking for help or the version is not a failure, and no failure is announced."""
    assert main(["--help"]) == 0
    assert main(["--version"]) == 0
    assert capsys.readouterr().err == ""


def test_help_lists_run_and_check_first(capsys: pytest.CaptureFixture[str]) -> None:
    """The verbs most people want stand first."""
    main(["--help"])
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ") and line.strip()]
    verbs = [word for word in listed if word in {"run", "check", "validate", "plan", "show", "explain", "doctor"}]
    assert verbs[:2] == ["run", "check"]


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    """A reader that goes away, such as `head`, causes no message."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command(["schema"]), stdout=writer, stderr=subprocess.PIPE, env=environment(), check=False)
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_exits_5() -> None:
    """Output that cannot be written is an input/output failure."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command(["schema"]), stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)
    assert done.returncode == 5
    assert b"exit 5" in done.stderr


def test_a_name_that_the_terminal_lacks_costs_no_results(tmp_path: Path) -> None:
    """Where the output's encoding has no ±, the table is printed all the same."""
    file = write_scenario(tmp_path, MM1.replace("people", "人々"))
    done = subprocess.run(
        command(["run", file]),
        capture_output=True,
        cwd=tmp_path,
        env={**environment(), "PYTHONIOENCODING": "ascii"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"utilisation" in done.stdout


def test_a_limit_before_any_result_promises_none(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing was finished, why is told, and nobody is told of partial results as if there were any."""
    why = "a worker process was ended by SIGKILL, as happens where memory runs short; use fewer --jobs if that is why"
    stored = StoredRun(None, Path("runs"), queue(), 3, 0, 0, why)
    assert guarded(lambda: present(stored, as_json=True, hint="", language="en")) == 4
    shown = capsys.readouterr()
    assert shown.out == ""
    error, last = shown.err.splitlines()
    assert error == f"error: no replication was finished: {why}"
    assert "results, where there are any, are partial" in last


SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143)]


@pytest.mark.parametrize(("sent", "code"), SIGNALS)
@pytest.mark.parametrize("moment", ["command", "error", "flush"])
def test_a_signal_at_any_moment_is_an_interruption(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], sent: signal.Signals, code: int, moment: str
) -> None:
    """A signal while the command runs, while an error is told or after the last line of output gives the same code."""
    waiting = [moment]

    def at(this: str) -> None:
        if waiting == [this]:
            waiting.clear()
            signal.raise_signal(sent)

    def command() -> int:
        at("command")
        if moment == "error":
            raise StoreError("x")
        return 0

    say, flush = boundary.say, boundary._flush
    monkeypatch.setattr(boundary, "say", lambda text: (at("error"), say(text)))
    monkeypatch.setattr(boundary, "_flush", lambda: (at("flush"), flush())[1])
    handlers = [signal.getsignal(number) for number, _ in SIGNALS]
    assert guarded(command) == code
    assert capsys.readouterr().err.splitlines()[-1] == f"exit {code}: {MEANINGS[code]}"
    assert [signal.getsignal(number) for number, _ in SIGNALS] == handlers


@pytest.mark.parametrize(("sent", "code"), SIGNALS)
def test_what_a_library_makes_of_a_signal_is_no_bug(
    capsys: pytest.CaptureFixture[str], sent: signal.Signals, code: int
) -> None:
    """A compiler that is interrupted in the middle raises what it likes; the user sees an interruption."""

    def command() -> int:
        try:
            signal.raise_signal(sent)
        except KeyboardInterrupt:
            raise RuntimeError("no compiled object yet") from None
        return 0

    assert guarded(command) == code
    assert "bug" not in capsys.readouterr().err


@pytest.mark.parametrize(("sent", "code"), SIGNALS)
def test_a_signal_after_the_document_ends_by_an_exit_code(sent: signal.Signals, code: int) -> None:
    """Once everything is printed, a signal that comes while the process ends does not end it by itself."""
    with subprocess.Popen(command(["schema"]), stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) as process:
        assert process.stdout is not None
        while process.stdout.readline() != b"}\n":
            pass
        process.send_signal(sent)
        process.communicate(timeout=60)
    assert process.returncode in (0, code)


@pytest.mark.parametrize("closed", [(2,), (0, 1, 2)])
def test_closed_streams_are_as_if_they_led_nowhere(tmp_path: Path, closed: tuple[int, ...]) -> None:
    """Whichever standard stream is closed, the command does its work, and no message gets into a document or a file."""
    file = write_scenario(tmp_path, MM1.replace("seed: 5", "seed: 5, engine: reference"))
    arguments = shlex.join(command(["run", file, "--json", "--jobs", "1"]))
    closing = " ".join(f"{number}<&-" for number in closed)
    done = subprocess.run(
        ["sh", "-c", f"{arguments} {closing}"], capture_output=True, cwd=tmp_path, env=environment(), check=False
    )
    assert done.returncode == 0
    assert (1 in closed) == (done.stdout == b"")
    assert 1 in closed or json.loads(done.stdout)["status"] == "complete"
    assert 2 in closed or b"kept in" in done.stderr
    (run,) = tmp_path.glob("runs/*/*")
    assert not any(b"kept in" in one.read_bytes() for one in run.iterdir())


def test_bad_input_with_stderr_closed_exits_2(tmp_path: Path) -> None:
    """An error that cannot be told is still an exit code."""
    arguments = shlex.join(command(["validate", "nowhere.yaml"]))
    done = subprocess.run(["sh", "-c", f"{arguments} 2>&-"], stdout=subprocess.PIPE, env=environment(), check=False)
    assert (done.returncode, done.stdout) == (2, b"")
