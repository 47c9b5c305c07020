"""What incidents left behind as tables: who waited, since when, how soon it was worked off, and who is still blocked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.base.units import format_duration
from jukinet_sim.report.moments import moments
from jukinet_sim.report.numbers import HOURS, count, interval, plain, time_unit
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.words import Words

_SHOWN = 10
_LONG_S = 60.0
"""Queues shorter than this are nobody's back-log and only counted."""


def backlog_tables(document: Mapping[str, Any], words: Words, *, everything: bool) -> Iterator[str | Table]:
    """Yield for each queue that an incident is watched at a sentence and its longest back-logs, all if `everything`."""
    for watch in document.get("incidents", ()):
        part = watch.get("station") or watch["pool"]
        length_s = watch["ends_s"] - watch["begins_s"]
        lasted = f"{plain(length_s / HOURS.size)} h" if length_s >= HOURS.size else format_duration(length_s)
        since = watch["began"] or f"at {format_duration(watch['begins_s'])}"
        found = [backlog for backlog in watch["backlogs"] if backlog["waited_s"]["value"] >= _LONG_S]
        yield ""
        if not found:
            nothing = f"no back-log at {part} (of each place the longest queue of the run is kept)"
            yield f"incident {watch['name']}, {since} for {lasted}: {nothing}"
            continue
        yield f"incident {watch['name']}, {since} for {lasted}: {_summary(part, found)}"
        yield _table(part, found if everything else found[:_SHOWN], words)
        if not everything and len(found) > _SHOWN:
            yield f"and {len(found) - _SHOWN} more back-logs at {part}: --all shows them"


def _summary(part: str, found: Sequence[Mapping[str, Any]]) -> str:
    """Say in how many places there was a back-log, when the last was gone, and in how many somebody is still blocked."""
    many = f"{count(len(found))} place{'s' if len(found) > 1 else ''}"
    places = f"a back-log of {part} at {many}" if "place" in found[0] else f"a back-log at {part}"
    drained = [backlog["drained_after_s"]["value"] for backlog in found if backlog["drained_after_s"]["value"] is not None]
    blocked = sum(1 for backlog in found if backlog["blocked"])
    parts = [places]
    if drained:
        parts.append(f"the last was worked off {_after(max(drained))}")
    parts.append(f"{blocked} still blocked at the end of the run" if blocked else "nobody stays blocked")
    return "; ".join(parts)


def _after(seconds: float) -> str:
    return f"{format_duration(float(f'{seconds:.2g}'))} after the repair" if seconds >= 1.0 else "at once"


def _table(part: str, found: Sequence[Mapping[str, Any]], words: Words) -> Table:
    """Return the back-logs of one queue, a row for each place."""
    drained = time_unit(backlog["drained_after_s"] for backlog in found)
    heading, began = moments([(backlog["began"], backlog["from_s"]["value"]) for backlog in found])
    columns = (
        f"{words('place')} ({part})",
        words("began", heading),
        words("queue peak"),
        words("longest queue", HOURS.name),
        words("drained after repair", drained.name),
    )
    rows = [
        (
            backlog.get("name", part),
            since,
            interval(backlog["queue_peak"]),
            interval(backlog["waited_s"], HOURS),
            words("still blocked") if backlog["blocked"] else interval(backlog["drained_after_s"], drained),
        )
        for backlog, since in zip(found, began, strict=True)
    ]
    return table(columns, rows)
