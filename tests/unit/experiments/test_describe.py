"""What a run folder says of itself is complete as soon as anybody can see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runner import write_scenario

from jukinet_sim.experiments import points
from jukinet_sim.experiments.drafts import point_of
from jukinet_sim.experiments.listing import folders
from jukinet_sim.experiments.points import OpenRun
from jukinet_sim.results.store import Store
from jukinet_sim.scenario.load import load


@pytest.mark.parametrize("step", ["write_tree", "write_kept"])
def test_a_run_that_ends_while_it_is_described_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Without its scenario a run could not be taken up, so its manifest, by which it is found, is written last."""
    def dies(*_: object) -> None:
        raise SystemExit

    point = point_of(load(Path(write_scenario(tmp_path))))
    with Store(tmp_path, "corner", point.hash) as store:
        run = OpenRun(point, store, point.network)
        with monkeypatch.context() as patched:
            patched.setattr(points, step, dies)
            with pytest.raises(SystemExit):
                run.describe(3)
        assert folders(tmp_path) == []
        run.describe(3)
        assert folders(tmp_path) == [store.folder]
