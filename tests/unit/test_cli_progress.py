"""The line about progress: events per second and time left, by simulated time and the pace so far."""

from __future__ import annotations

import pytest

from jukinet_sim.cli.progress import Progress


def test_time_left_follows_the_pace() -> None:
    """Half of one replication of four in 10 s leaves 3.5 replications, at that pace 70 s."""
    progress = Progress(4, 1000.0, quiet=True)
    progress(0, 500.0, 2_000_000)
    assert progress.line(10.0) == "0 of 4 replications done, 200,000 events/s, about 1.167 min left"


def test_replications_found_finished_do_not_speed_up_the_pace() -> None:
    """What an earlier run left counts as done, but not as done in no time."""
    progress = Progress(4, 1000.0, quiet=True)
    progress.already(3)
    progress(3, 100.0, 1000)
    assert progress.line(1.0) == "3 of 4 replications done, 1,000 events/s, about 9 s left"


def test_without_pace_no_forecast() -> None:
    """Before anything is simulated no time left is claimed."""
    assert "left" not in Progress(4, 1000.0, quiet=True).line(1.0)


@pytest.mark.parametrize("quiet", [True, False])
def test_no_moving_line_where_there_is_no_terminal(quiet: bool, capsys: pytest.CaptureFixture[str]) -> None:
    """Progress within a replication is shown on terminals only."""
    progress = Progress(1, 10.0, quiet=quiet)
    progress(0, 5.0, 10)
    progress.close()
    assert capsys.readouterr().err == ""
