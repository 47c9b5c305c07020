"""Monitoring and attacks as tables: what alarms are worth, who was noticed and when, and whose lines are in which log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from jukinet_sim.report.numbers import PERCENT, PLAIN, UNDEFINED, Unit, count, interval, time_unit
from jukinet_sim.report.terminal import Table, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from jukinet_sim.juki_net.domain import Watched


def monitoring_tables(watched: Watched | None) -> Iterator[Table]:
    """Yield the tables of what was watched; none where nobody watched and nothing came."""
    if watched is None:
        return
    if watched.utilisation is not None:
        yield _alarms(watched)
    if watched.attacks:
        yield _attacks(watched)
    if watched.logs:
        rows = [(one.where, one.attack, count(one.lines), f"{100.0 * one.share:.4g}") for one in watched.logs]
        yield table(("log of what was dropped", "traffic", "lines", "of the log %"), rows, left=2)


def _alarms(watched: Watched) -> Table:
    rows = [
        ("alerts a day", interval(watched.alerts_per_day)),
        ("P(intrusion | alarm) %", _shown(watched.intrusion_given_alarm, PERCENT)),
        ("stale alerts %", _shown(watched.stale, PERCENT)),
        ("analysts busy %", _shown(watched.utilisation, PERCENT)),
        ("in their busiest hour %", _shown(watched.busiest_hour, PERCENT)),
    ]
    return table(("monitoring", "value"), rows)


def _attacks(watched: Watched) -> Table:
    """Return what became of each kind of traffic that should not be there."""
    times = [one.time_to_detect_s for one in watched.attacks if one.time_to_detect_s is not None]
    unit = time_unit(times) if times else PLAIN
    columns = ("unwanted traffic", "attempts", "got through", "rate-limited", "alerts", "noticed %")
    rows = [
        (
            one.name,
            *(count(number) for number in (one.attempts, one.got_through, one.limited, one.alerts)),
            _shown(one.detected, PERCENT),
            _shown(one.time_to_detect_s, unit),
        )
        for one in watched.attacks
    ]
    return table((*columns, f"after {unit.name}".rstrip()), rows)


def _shown(value: Mapping[str, Any] | None, unit: Unit) -> str:
    return UNDEFINED if value is None else interval(value, unit)
