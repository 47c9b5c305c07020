"""What each incident of a run did, in a sentence of both languages: who waited where when it ended, and until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from jukinet_sim.base.units import format_duration
from jukinet_sim.report.numbers import HOURS, count, plain
from jukinet_sim.report.page.texts import say

Watch = Mapping[str, Any]
_LONG_S = 60.0
"""Queues shorter than this are nobody's back-log."""


def incident_messages(document: Mapping[str, Any]) -> Iterator[Markup]:
    """Yield a message for each incident, with one for each queue at which somebody waited because of it."""
    by_name: dict[str, list[Watch]] = {}
    for watch in document.get("incidents", ()):
        by_name.setdefault(watch["name"], []).append(watch)
    for name, watches in by_name.items():
        began = watches[0]["began"] or format_duration(watches[0]["begins_s"])
        told = [message for watch in watches if (message := _at(watch)) is not None]
        did = Markup(" ").join(told) if told else say("incident.nothing")
        lasts = _length(watches[0]["ends_s"] - watches[0]["begins_s"])
        yield say("incident.began", name=name, began=began, lasts=lasts) + Markup(" ") + did


def _length(length_s: float) -> str:
    """Return how long an incident lasts; 28 h, not 1.167 d."""
    return f"{plain(length_s / HOURS.size)} h" if length_s >= HOURS.size else format_duration(length_s)


def _at(watch: Watch) -> Markup | None:
    """Say what happened at one queue; None where nobody waited."""
    waited, waiting = watch["waited_in_all_s"]["value"] or 0.0, watch["waiting_at_end"]["value"] or 0.0
    long = [backlog for backlog in watch["backlogs"] if backlog["waited_s"]["value"] >= _LONG_S]
    if not waited and not long:
        return None
    values = {
        "waiting": count(waiting), "part": watch.get("station") or watch["pool"], "places": count(watch["places_waiting"]),
        "hours": plain(float(f"{waited / HOURS.size:.3g}")),
    }  # fmt: skip
    said = say("incident.waited_at_places" if watch["places_waiting"] > 1 else "incident.waited", **values)
    blocked = sum(1 for backlog in long if backlog["blocked"])
    return said + Markup(" ") + say("incident.blocked", places=blocked) if blocked else said
