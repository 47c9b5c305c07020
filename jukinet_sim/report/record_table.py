"""What is on record of the real system beside what was simulated, as the table that `run`, `show` and `check` print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
    if not rows:
        return
    yield ""
    yield words("reported beside simulated")
    heads = ("figure", "on record", "read as", "simulated", "95 % of runs", "bands", "")
    yield table([words(head) if head else "" for head in heads], [_row(one, words) for one in rows], right=6)
    yield wrapped(_HOW)
    over = {one["name"]: one for one in document.get("assumptions", {}).get("record", ())}
    if over:
        columns = ("over our assumptions", "on record", "read as", "95 % of samples", "bands", "")
        found = [_over(one, over[one["name"]], words) for one in rows if one["name"] in over]
        yield table([words(head) if head else "" for head in columns], found, right=5)


def _row(one: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    unit = _unit(one)
    shown = UNDEFINED if one["value"]["value"] is None else f"{interval(one['value'], unit)} {unit.name}".rstrip()
    reached = UNDEFINED if one["given"] or one["inside"] is None else f"{one['inside']} of {one['replications']}"
    return *_recorded(one), shown, _band(one["band"], unit), reached, words(one["verdict"])


def _over(one: Mapping[str, Any], held: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    """Return the same over draws of our assumptions."""
    reached = UNDEFINED if held["inside"] is None else f"{held['inside']} of {held['samples']}"
    return *_recorded(one), _band(held["band"], _unit(one)), reached, words(held["verdict"])


def _recorded(one: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return a figure's name, what is on record of it, and what that may mean."""
    low, high = one["written"]["reads"]
    # A window has a line of its own, as with its dates it is the longest word of the table.
    return one["name"].replace(", ", "\n", 1), one["written"]["says"], "" if low == high else f"{low} to {high}"


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
