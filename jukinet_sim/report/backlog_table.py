"""What incidents did, as a line for each and as tables: who waited, since when, how soon it was gone, who is still blocked."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.base.units import format_duration
from jukinet_sim.report.moments import moments
from jukinet_sim.report.numbers import HOURS, count, interval, plain, time_unit
from jukinet_sim.report.terminal import WIDTH, Table, table
from jukinet_sim.report.words import Words

_SHOWN = 10
_LONG_S = 60.0
"""Queues shorter than this are nobody's back-log and only counted."""


def incident_lines(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield what each incident did, in a sentence for the top of a report: who waited where when it ended, and until when."""
    by_name: dict[str, list[Mapping[str, Any]]] = {}
    for watch in document.get("incidents", ()):
        by_name.setdefault(watch["name"], []).append(watch)
    for name, watches in by_name.items():
        did = [said for said in map(_what_it_did, watches) if said]
        said = f"INCIDENT {name}, {_when(watches[0])}: {'; '.join(did) if did else 'nobody waited because of it'}"
        yield textwrap.fill(said, WIDTH, subsequent_indent="  ")


def _what_it_did(watch: Mapping[str, Any]) -> str | None:
    """Say what happened at one queue; None where nobody waited."""
    waited, waiting = watch["waited_in_all_s"]["value"], watch["waiting_at_end"]["value"]
    found = _long(watch)
    if not waited and not found:
        return None
    part = watch.get("station") or watch["pool"]
    at = f"{part} at {count(watch['places_waiting'])} places" if watch["places_waiting"] > 1 else part
    said = f"{count(waiting)} waited at {at} when it ended" if waiting else f"nobody waited at {part} any more when it ended"
    said += f", after {plain(float(f'{(waited or 0.0) / HOURS.size:.3g}'))} h of waiting in all"
    drained, blocked = _drained(found), _blocked(found)
    if drained:
        said += f", the last worked off {_after(max(drained))}"
    return said + (f", {_still(blocked)}" if blocked else "")


def _when(watch: Mapping[str, Any]) -> str:
    length_s = watch["ends_s"] - watch["begins_s"]
    lasted = f"{plain(length_s / HOURS.size)} h" if length_s >= HOURS.size else format_duration(length_s)
    since = watch["began"] or f"at {format_duration(watch['begins_s'])}"
    return f"{since} for {lasted}"


def _long(watch: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the back-logs that lasted."""
    return [backlog for backlog in watch["backlogs"] if backlog["waited_s"]["value"] >= _LONG_S]


def _drained(found: Sequence[Mapping[str, Any]]) -> list[float]:
    """Return how long after the repair each back-log was gone, where it was."""
    return [backlog["drained_after_s"]["value"] for backlog in found if backlog["drained_after_s"]["value"] is not None]


def _blocked(found: Sequence[Mapping[str, Any]]) -> int:
    """Return at how many places somebody still waits at the end."""
    return sum(1 for backlog in found if backlog["blocked"])


def _still(blocked: int) -> str:
    return f"{blocked} still blocked at the end of the run"


def backlog_tables(document: Mapping[str, Any], words: Words, *, everything: bool) -> Iterator[str | Table]:
    """Yield for each queue that an incident is watched at a sentence and its longest back-logs, all if `everything`."""
    for watch in document.get("incidents", ()):
        part = watch.get("station") or watch["pool"]
        found = _long(watch)
        yield ""
        if not found:
            yield f"incident {watch['name']}, {_when(watch)}: {_without_table(watch, part)}"
            continue
        yield f"incident {watch['name']}, {_when(watch)}: {_summary(part, found)}"
        yield _table(part, found if everything else found[:_SHOWN], words)
        if not everything and len(found) > _SHOWN:
            yield f"and {len(found) - _SHOWN} more back-logs at {part}: --all shows them"


def _without_table(watch: Mapping[str, Any], part: str) -> str:
    """Say what is known of a queue whose longest stretch is of another time, or that nobody joined."""
    waited = watch["waited_in_all_s"]["value"]
    if not waited:
        return f"nobody waited at {part}"
    hours = plain(float(f"{waited / HOURS.size:.3g}"))
    return f"{hours} h of waiting in all at {part}, in queues shorter than those of other times or than a minute"


def _summary(part: str, found: Sequence[Mapping[str, Any]]) -> str:
    """Say in how many places there was a back-log, when the last was gone, and in how many somebody is still blocked."""
    many = f"{count(len(found))} place{'s' if len(found) > 1 else ''}"
    places = f"a back-log of {part} at {many}" if "place" in found[0] else f"a back-log at {part}"
    drained, blocked = _drained(found), _blocked(found)
    parts = [places]
    if drained:
        parts.append(f"the last was worked off {_after(max(drained))}")
    parts.append(_still(blocked) if blocked else "nobody stays blocked")
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
