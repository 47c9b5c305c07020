"""The sparkline of a run: half-widths by Student's t over the replications so far, of the largest flow."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt
from statistics import mean, stdev

import pytest
from results_samples import sample

from jukinet_sim.cli.convergence import Convergence, sparkline
from jukinet_sim.cli.progress import Progress
from jukinet_sim.results.digest import Part, ReplicationDigest

T_975 = {2: 4.302652729911275, 3: 3.182446305284263}
"""Student's t at 97.5 % by degrees of freedom."""
SOJOURNS = (2.0, 3.0, 4.0, 3.0)


def finished(number: int, sojourn_s: float | None) -> ReplicationDigest:
    """A replication with a large flow and a small one."""
    large = Part({"completed": 100}, {"sojourn_s.mean": sojourn_s})
    return replace(sample(number), flows={"small": Part({"completed": 1}, {"sojourn_s.mean": 9.0}), "large": large})


def test_half_widths_are_those_of_student() -> None:
    """From three replications on the share is t times s over the root of n, of the mean; before there is none."""
    found = Convergence()
    for number, sojourn_s in enumerate(SOJOURNS):
        found.add(finished(number, sojourn_s))
        seen = SOJOURNS[: number + 1]
        if number < 2:
            assert found.text() == ""
        else:
            share = T_975[number] * stdev(seen) / sqrt(len(seen)) / mean(seen)
            assert found.text().startswith(f"large sojourn ± {share:.1%} ")
    assert len(found.text().split()[-1]) == 2


def test_undefined_figures_are_left_out() -> None:
    """A replication in which nobody arrived counts for nothing."""
    found = Convergence()
    for number, sojourn_s in enumerate((None, 2.0, None)):
        found.add(finished(number, sojourn_s))
    assert found.text() == ""


@pytest.mark.parametrize(("values", "bars"), [([4.0, 2.0, 1.0], "█▅▃"), ([0.0, 0.0], "▁▁"), ([1.0], "█")])
def test_the_largest_bar_is_full(values: list[float], bars: str) -> None:
    """Bars are in proportion, eight steps high."""
    assert sparkline(values) == bars


def test_only_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A log gets plain lines."""
    for terminal in (True, False):
        monkeypatch.setattr("sys.stderr.isatty", lambda terminal=terminal: terminal)
        progress = Progress(9, 10.0, quiet=False)
        monkeypatch.setattr(progress, "_tell", lambda: None)
        for number, sojourn_s in enumerate(SOJOURNS):
            progress.done(finished(number, sojourn_s))
        assert ("large sojourn ±" in progress.line(1.0)) is terminal
