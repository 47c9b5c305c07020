"""What is on record of the real system beside what was simulated, as the table that `run`, `show` and `check` print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.report.figures_table import wrapped
from jukinet_sim.report.numbers import PERCENT, PLAIN, UNDEFINED, Unit, interval, plain, time_unit
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.words import Words

_HOW = (
    "The record tells of one run of the real thing: 95 % of runs is where one further run would lie. Each replication is left "
    "out in turn, and the band of the others has to reach what the words of the record allow, in as many cases as a band that "
    "keeps its level does (17 of 20). What was given, put in from the record, is not judged."
)
"""How the table is to be read."""


def record_tables(document: Mapping[str, Any], words: Words) -> Iterator[str | Table]:
    """Yield the table of a document with its heading and how it is read; nothing where nothing is on record."""
    rows = document.get("record", ())
    if rows:
        yield ""
        yield words("reported beside simulated")
        yield _table(rows, words)
        yield wrapped(_HOW)


def _table(rows: Sequence[Mapping[str, Any]], words: Words) -> Table:
    """Return the table; times of all rows in units of their own, as records write them."""
    heads = ("figure", "on record", "read as", "simulated", "95 % of runs", "bands that reach it", "")
    return table([words(head) if head else "" for head in heads], [_row(one, words) for one in rows], right=6)


def _row(one: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    unit, (low, high) = _unit(one), one["written"]["reads"]
    shown = UNDEFINED if one["value"]["value"] is None else f"{interval(one['value'], unit)} {unit.name}".rstrip()
    reached = UNDEFINED if one["given"] or one["inside"] is None else f"{one['inside']} of {one['replications']}"
    reads = "" if low == high else f"{low} to {high}"
    return one["name"], one["written"]["says"], reads, shown, _band(one["band"], unit), reached, words(one["verdict"])


def _band(band: Mapping[str, float] | None, unit: Unit) -> str:
    if band is None:
        return "n/a"
    low, high = plain(band["low"] / unit.size), plain(band["high"] / unit.size)
    return f"{low if low == high else f'{low} to {high}'} {unit.name}".rstrip()


def _unit(one: Mapping[str, Any]) -> Unit:
    """Return the unit that suits a figure, by that of the catalogue."""
    if one["unit"] == "s":
        return time_unit([{"value": one["says"]}])
    return PERCENT if one["written"]["says"].endswith("%") else PLAIN
