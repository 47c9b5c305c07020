"""A long list is read many rows at once; what is said of it is what would be said row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.juki_net.places.csv_file import read_csv
from jukinet_sim.language import planner_csv

HEADER = "code,prefecture_code,name,population\n"


def faults(path: Path) -> list[tuple[int, str, str]]:
    """What is wrong with a list: line, fault and cure."""
    with pytest.raises(ScenarioError) as caught:
        read_csv(path)
    return [(fault.position.line if fault.position else 0, fault.what, fault.cure) for fault in caught.value.faults]


def test_faults_do_not_depend_on_how_many_rows_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong cells, wrong widths and codes that come again, near and far, are found whatever the size of a block."""
    rows = [f"{number:05d},01,Town,{number + 1}" for number in range(40)]
    rows[11] = "00003,01,Again,5"
    rows[12] = "00012,48,Nowhere,5"
    rows[25] = "00025,01,Short"
    rows[39] = "00038,01,Neighbour,x"
    path = tmp_path / "towns.csv"
    path.write_text(HEADER + "\n".join(rows) + '\n00099,01,"Open,7', encoding="utf-8")
    told = []
    for block in (1, 3, 10, 1_000):
        monkeypatch.setattr(planner_csv, "_BLOCK", block)
        told.append(faults(path))
    assert told[0] == told[1] == told[2] == told[3]
    assert [line for line, _, _ in told[0]] == [13, 14, 27, 41, 41, 42]


def test_every_row_of_many_blocks_is_there_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks, the last one not full, join to the whole list."""
    monkeypatch.setattr(planner_csv, "_BLOCK", 7)
    path = tmp_path / "towns.csv"
    path.write_text(HEADER + "\n".join(f"{n:05d},13,T{n},{n + 1}" for n in range(30)) + "\n", encoding="utf-8")
    places = read_csv(path)
    assert places.code == tuple(f"{n:05d}" for n in range(30))
    assert places.population.tolist() == list(range(1, 31))
