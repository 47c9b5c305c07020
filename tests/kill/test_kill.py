"""A few of the trials that `python -m tests.kill` makes by hundreds, and that its comparison sees what is wrong."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from jukinet_sim.results.store import DATABASE
from tests.kill.kept import differences, kept, replications
from tests.kill.trial import SCENARIO, Subject, Undisturbed, disturbed, subjects, undisturbed

REPLICATIONS, SEED = 25, 3


@pytest.fixture(scope="module")
def peaceful(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Subject, Undisturbed]:
    """A plain run in peace, and where it is kept."""
    folder = tmp_path_factory.mktemp("kill")
    scenario = folder / "corner.yaml"
    scenario.write_text(SCENARIO)
    subject = subjects(scenario, REPLICATIONS)[0]
    return folder, subject, undisturbed(subject, folder)


@pytest.mark.parametrize("number", [0, 1])
def test_a_killed_run_is_completed_to_the_same_bytes(peaceful: tuple[Path, Subject, Undisturbed], number: int) -> None:
    """Whoever is killed, and whenever: taken up again, the run keeps what it keeps undisturbed."""
    _, subject, peace = peaceful
    trial = disturbed(subject, peace, number, seed=SEED)
    assert trial.kills
    assert trial.faults == []


def test_a_lost_replication_and_a_changed_file_are_seen(peaceful: tuple[Path, Subject, Undisturbed]) -> None:
    """A folder that lacks a replication, or in which a byte differs, is not the same."""
    folder, subject, peace = peaceful
    out = folder / f"{subject.name}-undisturbed"
    (database,) = out.glob(f"*/*/{DATABASE}")
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM replications WHERE replication = 7")
    (database.parent / "scenario.yaml").write_text(SCENARIO)
    found = kept(out)
    assert replications(found) == [[number for number in range(REPLICATIONS) if number != 7]]
    ends = [name.rpartition("/")[2] for name in differences(peace.what, found)]
    assert sorted(ends) == ["results.sqlite: replications", "scenario.yaml"]
