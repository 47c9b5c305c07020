"""The records: every offset belongs to one field of its record, and fields neither overlap nor stick out."""

from __future__ import annotations

from itertools import pairwise
from types import ModuleType

import pytest

import jukinet_sim.engine.fast as page
from jukinet_sim.engine import arrival_times, flow_table, layout
from jukinet_sim.engine.fast import world
from jukinet_sim.engine.records import Record

CODES = {"E", "NO"}
"""First parts of names in `layout` that are kinds of events, or NO_PLACE, not offsets."""
SIZES = {"JOB_HEADER", "LINE_WORDS"}
"""Lengths of records, named like offsets."""
COUNTED = (
    (flow_table, "A", flow_table.FLOW_INTS), (flow_table, "AF", flow_table.FLOW_FLOATS), (world, "X", world.SCALARS),
    (arrival_times, "T", arrival_times.STATE_INTS), (arrival_times, "TF", arrival_times.STATE_FLOATS),
)  # fmt: skip


def offsets(module: ModuleType, prefix: str) -> dict[str, int]:
    """Give the whole numbers of a module whose names begin so."""
    return {name: n for name, n in vars(module).items() if name.startswith(f"{prefix}_") and name.isupper() and type(n) is int}


def in_halves(name: str, offset: int) -> int:
    """Give an offset in half words."""
    return offset if name.endswith("_32") else 2 * offset


@pytest.mark.parametrize("prefix", layout.RECORDS)
def test_every_offset_is_a_field(prefix: str) -> None:
    """Names and fields are one to one: nobody wrote an offset by hand, and no field has no name or two."""
    named = sorted(in_halves(*item) for item in offsets(layout, prefix).items() if item[0] not in SIZES)
    assert named == [at for at, _ in layout.RECORDS[prefix].fields]


@pytest.mark.parametrize("record", layout.RECORDS.values(), ids=lambda record: record.name)
def test_fields_do_not_overlap(record: Record) -> None:
    """Each field begins where those before it have ended, words on whole words, and the last ends within the record."""
    assert record.words is not None
    assert all(a + length <= b for (a, length), (b, _) in pairwise(record.fields))
    assert sum(record.fields[-1]) <= 2 * record.words
    assert all(at % 2 == 0 for at, length in record.fields if length == 2)


def test_every_prefix_is_known() -> None:
    """A name of one or two capitals before its bar in `layout` belongs to a record, or is a code."""
    prefixes = {name.split("_")[0] for name in vars(layout) if name.isupper() and "_" in name}
    assert {prefix for prefix in prefixes if len(prefix) <= 2} <= layout.RECORDS.keys() | CODES


@pytest.mark.parametrize(("module", "prefix", "size"), COUNTED, ids=lambda part: part if isinstance(part, str) else "")
def test_columns_of_tables(module: ModuleType, prefix: str, size: int) -> None:
    """The columns of the other tables are counted without a gap and fit."""
    columns = offsets(module, prefix)
    assert sorted(columns.values()) == list(range(len(columns)))
    assert len(columns) <= size


def test_pairs_that_stand_together() -> None:
    """What is reached from the word before it stands behind it: tails behind heads, places and their parents in a row."""
    assert layout.S_TAIL == layout.S_HEAD + 1
    assert layout.P_TAIL == layout.P_HEAD + 1
    assert (layout.ORIGIN_PARENT, layout.DESTINATION_PARENT) == (layout.ORIGIN + 1, layout.DESTINATION + 1)
    for end in (flow_table.A_ORIGIN, flow_table.A_DESTINATION):
        names = {at: name for name, at in offsets(flow_table, "A").items()}
        assert names[end + 1].endswith("_COUNT")
        assert names[end + 2].endswith("_PARENT")


def test_codes_fit_their_places() -> None:
    """Codes of events differ and fit the four bits the fingerprint has for them; kinds of steps differ."""
    codes = offsets(layout, "E").values()
    assert len(set(codes)) == len(codes)
    assert max(codes) < 16
    kinds = [
        layout.VISIT, layout.DELAY, layout.SPECIAL, layout.PART, layout.BRANCH, layout.LOOP_BEGIN, layout.LOOP_END, layout.EXIT,
        layout.GATE, layout.ACQUIRE, layout.RELEASE, layout.METER, layout.SPAWN, layout.SWITCH, layout.ASSIGN, layout.PATIENT,
        layout.TAKE, layout.GIVE, layout.LEAVE, layout.CHOOSE, layout.RETRY, layout.THINK, layout.TIMER, layout.CLOCK,
    ]  # fmt: skip
    assert kinds == list(range(24))


def test_a_record_grows_by_what_is_asked_for() -> None:
    """Words are aligned behind half words; a record that is too small, or closed, takes no further field."""
    record = Record("new")
    assert (record.half(), record.word(), record.sum(), record.half(3), record.word()) == (0, 1, 2, 8, 6)
    with pytest.raises(ValueError, match="new record has 6 words and needs 7"):
        record.close(6)
    assert record.close(8) == 8
    with pytest.raises(ValueError, match="closed"):
        record.word()


def test_the_page_shows_the_records() -> None:
    """The diagram in the fast engine's docstring has every field where it stands."""
    text = (page.__doc__ or "").split("    event ")[0]
    job, station = text.split("    job ")[1].split("    station ")
    for prefix, drawn in (("J", job), ("S", station)):
        shown: dict[str, int] = {}
        words = drawn.split()
        for number, names in pairwise(words):
            if number.isdigit() and names.isupper():
                for half, name in enumerate(names.rstrip("+").split("|")):
                    known = f"{prefix}_{name}_32"
                    if hasattr(layout, known):
                        shown.setdefault(known, 2 * int(number) + half)
                    else:
                        shown[f"{prefix}_{name}"] = int(number)
        assert shown == offsets(layout, prefix)
