"""`sweep`: a scenario at many points of its keys, in a table with a row for each; one that cannot be run says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from jukinet_sim.design.axes import Axis, json_value
from jukinet_sim.design.plans import Plan, plan
from jukinet_sim.design.vary import parse_axis
from jukinet_sim.experiments.asked import load_asked
from jukinet_sim.experiments.bench import Bench, Brought
from jukinet_sim.experiments.drafts import Refused
from jukinet_sim.experiments.experiment import Request, Sources
from jukinet_sim.experiments.figures import check_names, names_that_matter
from jukinet_sim.experiments.points import Point
from jukinet_sim.experiments.precision import bring_precisely, read_precision, widths_of
from jukinet_sim.experiments.question import Load, Question
from jukinet_sim.experiments.table import metrics, slo_met

VERB = "sweep"
OVERRIDE, FILE = "override", "file"
"""Axes that choose a named override, or one of the files, rather than set a key."""
NO_OVERRIDE = "none"


def ask(
    name: str,
    load: Load,
    *,
    vary: Sequence[str],
    design: str = "grid",
    points: int | None = None,
    metrics: Sequence[str] = (),
    precision: str | None = None,
) -> Question:
    """Return the question what a scenario, or the files that an axis names, does at every point of a plan.

    `vary` and `precision` are written as on the command line. Raises UsageError and ScenarioError.
    """
    names = files_of([parse_axis(text) for text in vary]) or (name,)
    asked = [load_asked(metrics, partial(load, one)) for one in names]
    options: dict[str, Any] = {
        "vary": list(vary), "design": design, "points": points, "metrics": asked[0][1], "precision": read_precision(precision),
    }  # fmt: skip
    check_plan(options, asked[0][0].scenario.run.seed)
    return Question(Request(VERB, options), tuple(scenario for scenario, _ in asked), tuple(names))


@dataclass(frozen=True)
class Place:
    """Where in its plan a point stands: which file, override and settings make it."""

    number: int
    overrides: tuple[str, ...]
    settings: tuple[str, ...]
    said: dict[str, Any]


def carry_out(request: Request, sources: Sources, bench: Bench) -> dict[str, Any]:
    """Run every point of a plan, and return a row for each."""
    options = request.options
    axes = [parse_axis(text) for text in options["vary"]]
    seed = sources.load(0).scenario.run.seed
    made = plan(options["design"], axes, points=options["points"], seed=seed)
    places = [place_of(made, number, sources.names) for number in range(len(made.points))]
    points = bench.points([sources.draft(place.number, place.settings, place.overrides) for place in places])
    brought = _brought(bench, [one for one in points if isinstance(one, Point)], options)
    runs = iter(brought)
    rows = [
        failed(place.said, point.why) if isinstance(point, Refused) else row(place.said, next(runs))
        for place, point in zip(places, points, strict=True)
    ]
    return {
        "status": "partial" if any(one["error"] for one in rows) else "complete",
        "design": made.design,
        "axes": [axis.key for axis in axes],
        "notes": list(made.notes),
        "shown": shown(brought, options["metrics"]),
        "points": rows,
    }


def _brought(bench: Bench, points: Sequence[Point], options: Mapping[str, Any]) -> list[Brought]:
    """Return the points with as many replications as the scenario says, or as the precision asked for takes."""
    if options["precision"] is None:
        return bench.bring([(one, one.loaded.scenario.run.replications) for one in points])

    def widths(one: Brought) -> list[float]:
        return widths_of(options["metrics"] or names_that_matter(one.point.loaded.scenario, one.rows), one)

    return bring_precisely(bench, points, options["precision"], widths)


def check_plan(options: Mapping[str, Any], seed: int) -> None:
    """Refuse axes that make no plan, before anything runs. Raises UsageError."""
    plan(options["design"], [parse_axis(text) for text in options["vary"]], points=options["points"], seed=seed)


def place_of(made: Plan, number: int, names: Sequence[str]) -> Place:
    """Return which file, override and settings a point of a plan means."""
    chosen = {axis.key: text for axis, text in zip(made.axes, made.points[number], strict=True)}
    file, override = chosen.get(FILE), chosen.get(OVERRIDE)
    settings = tuple(f"{key}={text}" for key, text in chosen.items() if key not in (FILE, OVERRIDE))
    overrides = () if override in (None, NO_OVERRIDE) else (str(override),)
    said = {key: json_value(text) for key, text in chosen.items()}
    return Place(0 if file is None else list(names).index(file), overrides, settings, said)


def files_of(axes: Sequence[Axis]) -> tuple[str, ...]:
    """Return the files that a sweep chooses among; none where it has no such axis."""
    return tuple(text for axis in axes if axis.key == FILE for text in axis.values(None))


def failed(said: dict[str, Any], why: str) -> dict[str, Any]:
    """Return the row of a point that could not be run."""
    return {"set": said, "run": None, "replications": 0, "metrics": {}, "slo_met": None, "error": why}


def shown(brought: Sequence[Brought], asked: Sequence[str]) -> list[str]:
    """Return the figures that people are shown: those asked for, or else those that matter. Raises UsageError."""
    for one in brought:
        if one.rows:
            return check_names(asked, one.rows) or names_that_matter(one.point.loaded.scenario, one.rows)
    return list(asked)


def row(said: dict[str, Any], brought: Brought) -> dict[str, Any]:
    """Return the row of a point; one that a limit cut short says why, and judges nothing."""
    if not brought.rows:
        return failed(said, brought.limit or "no replication was finished")
    return {
        "set": said,
        "run": brought.point.hash[:12],
        "replications": len(brought.rows),
        "metrics": metrics(brought),
        "slo_met": slo_met(brought),
        "error": brought.trouble,
    }
