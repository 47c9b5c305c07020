"""The table of what gives way first: dates, growth, the mark of files, and that a line fits a terminal."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Sequence

from jukinet_sim.report.limits_table import file_warnings, limits_notes, limits_table
from jukinet_sim.report.terminal import show
from jukinet_sim.theory.files import FileTime
from jukinet_sim.theory.limits import Limit, ranked

SERVER = Limit("prefecture_server", "14 Kanagawa", 0.4, 64_800.0, "provision.national-pension", 0.75, 0.75)
DESK = Limit("desk", None, 1.25, 3600.0, "people", 1.0, 0.0)
IDLE = Limit("idle", None, 0.0, 0.0, None, 0.0, 0.0)
FILE = FileTime("provision.national-pension", 72_000_000, 64_800.0, 40_000.0, 50_000.0)
CLOSED = Limit("closed", None, math.inf, 0.0, "people", 1.0, 0.0)


def rows(found: Sequence[Limit | FileTime], first_day: dt.date | None) -> list[str]:
    """The lines of the table below the rule, and before them the headings."""
    stream = io.StringIO()
    show([limits_table(found, first_day)], stream)
    lines = [line for line in stream.getvalue().splitlines() if line]
    return [lines[0], *lines[2:]]


def test_a_line_of_each_station() -> None:
    """40 % carries 2.5 times the load, at least, for files bring most of it; the date is that of the second it begins."""
    heading, row = rows([SERVER], dt.date(2012, 4, 2))
    assert heading.split("  ")[-4:] == ["load %", "begins 2012", "growth x", "most of it by"]
    assert row.split("  ")[0:2] == ["prefecture_server", "14 Kanagawa"]
    assert row.split()[3:] == ["40", "04-02", "18:00", "≥", "2.5", "75%", "provision.national-pension"]


def test_an_overloaded_station_must_shrink() -> None:
    """125 % carries 0.8 of the load; without a calendar the time is that of the run."""
    assert rows([DESK], None)[1].split() == ["desk", "125", "at", "1", "h", "0.8", "100%", "people"]


def test_extremes_are_words() -> None:
    """Without work there is nothing to say, without servers no percentage."""
    _, idle, closed = rows([IDLE, CLOSED], None)
    assert idle.split() == ["idle", "0", "-", "-", "-"]
    assert closed.split() == ["closed", "no", "server", "at", "0", "s", "0", "100%", "people"]


def test_a_line_fits_a_hundred_columns() -> None:
    """With the longest names that are usual no line is wider, the notes included."""
    long_names = [SERVER, Limit("cs", "34-001 Hiroshima", 0.01, 0.0, "updates.per_event", 1.0, 0.0)]
    assert max(len(line) for line in [*rows(long_names, dt.date(2012, 4, 2)), *limits_notes([SERVER])]) <= 100


def test_the_note_on_files_is_there_for_files() -> None:
    """The sign is explained where it is used."""
    assert any(note.startswith("≥") for note in limits_notes([SERVER, DESK]))
    assert not any(note.startswith("≥") for note in limits_notes([DESK]))


def test_a_file_stands_among_the_stations_by_its_growth() -> None:
    """A file that takes 40,000 s of its 50,000 s gives way at 1.25, before a station that carries 2.5 times its load."""
    _, first, second, *_ = rows(ranked([SERVER, IDLE], [FILE]), dt.date(2012, 4, 2))
    assert first.split() == ["one", "file", "80", "04-02", "18:00", "1.25", "100%", "provision.national-pension"]
    assert second.startswith("prefecture_server")
    assert any("one file" in note for note in limits_notes([SERVER, FILE]))
    assert max(map(len, [first, *limits_notes([SERVER, FILE])])) <= 100


def test_a_file_without_time_enough_is_warned_of() -> None:
    """Only a file that takes longer alone than it has is late whatever the others do."""
    late = FileTime("big", 10, 0.0, 7200.0, 3600.0)
    (said,) = file_warnings([late, FILE])
    assert said.startswith("warning: the largest file of big takes 2 h even if nobody is in its way, and has 1 h")
