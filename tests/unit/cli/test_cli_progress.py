"""The line about progress: events per second and time left, by simulated time and the pace so far."""

from __future__ import annotations

import io

import pytest

from jukinet_sim.base.harmless import HarmlessStream
from jukinet_sim.cli import progress as progress_module
from jukinet_sim.cli.progress import Progress


def test_time_left_follows_the_pace() -> None:
    """Half of one replication of four in 10 s leaves 3.5 replications, at that pace 70 s."""
    progress = Progress(4, 1000.0, quiet=True)
    progress(0, 500.0, 2_000_000)
    assert progress.line(10.0) == "[0/4] replications, 200,000 events/s, about 1.167 min left"


def test_replications_found_finished_do_not_speed_up_the_pace() -> None:
    """What an earlier run left counts as done, but not as done in no time."""
    progress = Progress(4, 1000.0, quiet=True)
    progress.already(3)
    progress(3, 100.0, 1000)
    assert progress.line(1.0) == "[3/4] replications, 1,000 events/s, about 9 s left"


def test_without_pace_no_forecast() -> None:
    """Before anything is simulated no time left is claimed."""
    assert "left" not in Progress(4, 1000.0, quiet=True).line(1.0)


class Terminal(io.StringIO):
    """A standard error that says it is a terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


class Clock:
    """Seconds that pass when they are told to."""

    now = 0.0

    def monotonic(self) -> float:
        """The present time."""
        return self.now


def advanced(replications: int, monkeypatch: pytest.MonkeyPatch, *, quiet: bool = False) -> None:
    """Report replications of 1 s each, four times a second and when they are done."""
    clock = Clock()
    monkeypatch.setattr(progress_module, "time", clock)
    progress = Progress(replications, 100.0, quiet=quiet)
    for number in range(replications):
        for quarter in range(1, 5):
            clock.now += 0.25
            progress(number, 25.0 * quarter, 250 * quarter)
        progress.finished(number, 1000, None)
    progress.close()


def test_one_line_moves_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal a single line is renewed and wiped off in the end; no line is ever begun."""
    monkeypatch.setattr("sys.stderr", screen := Terminal())
    advanced(40, monkeypatch)
    shown = screen.getvalue().split("\r")
    assert "\n" not in screen.getvalue()
    assert shown[100].startswith("[24/40] replications, 1,000 events/s, about 15 s left")
    assert shown[-1].strip() == shown[-2].strip() == ""


def test_a_line_on_a_terminal_passes_the_harmless_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """The return to the first column is not written as an escape where other output is."""
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", HarmlessStream(screen))
    advanced(2, monkeypatch)
    assert "\\u000d" not in screen.getvalue()


def test_plain_lines_are_rare_elsewhere(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where stderr is no terminal, hundred replications of 1 s give a handful of lines, a short run none."""
    advanced(10, monkeypatch)
    assert capsys.readouterr().err == ""
    advanced(100, monkeypatch)
    lines = capsys.readouterr().err.splitlines()
    assert [line[: line.index("]") + 1] for line in lines] == ["[19/100]", "[39/100]", "[59/100]", "[79/100]", "[99/100]"]


def test_quiet_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """--quiet is quiet on a terminal too."""
    monkeypatch.setattr("sys.stderr", screen := Terminal())
    advanced(100, monkeypatch, quiet=True)
    assert screen.getvalue() == ""


def test_why_a_replication_stopped_is_said_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """A limit is not kept for the next line that is due."""
    Progress(3, 10.0, quiet=False).finished(0, 5, "the event budget of 5 is spent")
    assert capsys.readouterr().err == "replication 1 stopped: the event budget of 5 is spent\n"
