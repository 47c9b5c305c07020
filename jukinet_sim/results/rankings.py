"""The places of one station or pool ranked by one of their figures, the worst first, from a document with places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from jukinet_sim import metrics
from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import did_you_mean
from jukinet_sim.results.levels import PlaceTree, figure_of, value_of
from jukinet_sim.results.moments import moment


class Asked(NamedTuple):
    """A ranking as asked for: of `stations` or `pools`, which of them, and by which figure of a place."""

    kind: str
    name: str
    metric: str


def read_ranking(text: str, stations: Sequence[str], pools: Sequence[str]) -> Asked:
    """Return what a text such as `cs:wait_s.max` asks for, given the stations and pools that are kept per place.

    Raises UsageError for a name or a metric that is none of those.
    """
    name, _, metric = text.partition(":")
    if name not in stations and name not in pools:
        near = did_you_mean(name, [*stations, *pools])
        what = f'--worst {text}: no station or pool with several places is called "{name}"'
        raise UsageError(f"{what}; {_cure(near, 'there are', [*stations, *pools], 'there is none in this run')}")
    kind: metrics.Kind = "station" if name in stations else "pool"
    known = metrics.ranked(kind)
    by_name = {one.name: path for path, one in known.items()}
    metric = by_name.get(metric, metric) or next(iter(known))
    if metric not in known:
        near = did_you_mean(metric, [*known, *by_name])
        what = f'--worst {text}: the places of {name} have no figure "{metric}"'
        raise UsageError(f"{what}; {_cure(near, 'they have', list(known), '')}")
    return Asked(f"{kind}s", name, metric)


def _cure(near: str | None, lead: str, known: Sequence[str], otherwise: str) -> str:
    """Return the near miss, if there is one, and everything there is to choose from."""
    listed = f"{lead} {', '.join(known)}" if known else otherwise
    return f"{near} ({listed})" if near else listed


def rank(
    document: Mapping[str, Any], asked: Asked, top: int, *, tree: PlaceTree | None = None, first_day: dt.date | None = None
) -> dict[str, Any]:
    """Return the `top` places with the highest figure, each as the document has it, with where it lies and dates.

    Equal ones follow in the order of their utilisation or use, then of their numbers; places where the figure is undefined
    are left out. Raises UsageError where the run did not keep the figure.
    """
    places = document[asked.kind][asked.name]["places"]
    if not any(figure_of(place, asked.metric) for place in places):
        what = f"this run did not keep {asked.metric} of the places of {asked.name}"
        raise UsageError(f"{what}; run its scenario again, or choose another figure")
    usual = next(iter(metrics.ranked("station" if asked.kind == "stations" else "pool")))

    def order(place: Mapping[str, Any]) -> tuple[float, float, int]:
        return -(value_of(place, asked.metric) or 0.0), -(value_of(place, usual) or 0.0), place["place"]

    known = [place for place in places if value_of(place, asked.metric) is not None]
    at = getattr(tree, asked.kind)[asked.name] if tree is not None else None
    return {
        asked.kind.removesuffix("s"): asked.name,
        "metric": asked.metric,
        "level": at,
        "within": tree.levels[at].within if tree is not None and at is not None else None,
        "places": [
            {
                **place,
                "within": tree.parent(at, place["place"]) if tree is not None and at is not None else None,
                **_dated(place, first_day),
            }
            for place in sorted(known, key=order)[:top]
        ],
    }


def _dated(place: Mapping[str, Any], first_day: dt.date | None) -> dict[str, Any]:
    """Return when the longest queue of a place began, as a date where the scenario has a calendar."""
    began_s = began(place)
    return {"began_s": began_s, "began": None if began_s is None or first_day is None else moment(first_day, began_s)}


def began(place: Mapping[str, Any]) -> float | None:
    """Return when the longest queue of a place began, in the replication in which it was the longest: a mean would mislead."""
    if "longest_queue_from_s" not in place:
        return None
    each = zip(*(place[key]["per_replication"] for key in ("longest_queue_s", "longest_queue_from_s")), strict=True)
    known = [(length_s, from_s) for length_s, from_s in each if length_s and from_s is not None]
    return max(known, key=lambda one: one[0])[1] if known else None
