"""Operators as tables: how long log-ons take, what goes wrong by each method, and which wrong persons get in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jukinet_sim.report.numbers import UNDEFINED, count, interval, time_unit
from jukinet_sim.report.terminal import Table, table

if TYPE_CHECKING:
    from jukinet_sim.juki_net.domain import Operated

_EVENTS = ("rejected", "locked", "called", "fell-back", "replaced")


def operators_tables(operated: Operated | None) -> Iterator[Table]:
    """Yield the tables of log-ons and of wrong persons; none where nobody logs on."""
    if operated is None:
        return
    if operated.occasions:
        unit = time_unit([value for one in operated.occasions for value in (one.mean_s, one.p99_s)])
        rows = [
            (one.name, count(one.log_ons), *(interval(value, unit) for value in (one.mean_s, one.p50_s, one.p99_s)))
            for one in operated.occasions
        ]
        yield table(("log-ons", "number", *(f"{point} {unit.name}" for point in ("mean", "p50", "p99"))), rows)
    some = [event for event in _EVENTS if any(one.events.get(event) for one in operated.methods)]
    if some:
        methods = [
            (
                one.name,
                UNDEFINED if one.log_ons is None else count(one.log_ons),
                *(count(one.events[event]) if event in one.events else UNDEFINED for event in some),
            )
            for one in operated.methods
        ]
        yield table(("method", "log-ons", *some), methods)
    if operated.ways:
        ways = [(one.name, count(one.attempts), count(one.got_in)) for one in operated.ways]
        yield table(("wrong persons", "attempts", "got in"), ways)
