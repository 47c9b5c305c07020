"""`size`: what was asked to the smallest value, or the cheapest values, that meet every service level, and their slack."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.design.axes import Axis, json_value
from jukinet_sim.design.vary import parse_axis
from jukinet_sim.experiments.bench import Bench
from jukinet_sim.experiments.experiment import Request, Sources
from jukinet_sim.experiments.verbs.size.assumed import over_assumptions
from jukinet_sim.experiments.verbs.size.expected import start
from jukinet_sim.experiments.verbs.size.slack import slack, volume_key
from jukinet_sim.experiments.verbs.size.thinned import thinned_start
from jukinet_sim.experiments.verbs.size.trial import Settings, Trials, as_settings
from jukinet_sim.statistics.cheapest import Cheapest, cheapest, cheapest_measured
from jukinet_sim.statistics.search import smallest_meeting

VERB = "size"
Chosen = dict[str, Any]


def carry_out(request: Request, sources: Sources, bench: Bench) -> dict[str, Any]:
    """Search what is to be varied, and then how much growth the answer carries."""
    options = request.options
    trials = Trials(sources, bench)
    axes = [parse_axis(text) for text in options["vary"]]
    levels = [level.text for level in trials.levels]
    found: Chosen = {"answer": None, "distinguishable": True, "evaluated": []}
    chosen: Settings = ()
    if len(axes) == 1 and options["cost_by"] is None:
        found, chosen = _smallest(trials, axes[0], options)
    elif axes:
        found, chosen = _cheapest(trials, axes, options)
    answered = not axes or found["answer"] is not None
    growth = None
    if options["slack"] and answered:
        growth = slack(trials, chosen, options["growth_key"] or volume_key(trials.point(()).loaded.scenario), options)
    every = found["evaluated"] + (growth["evaluated"] if growth else [])
    return {
        "status": "complete",
        "keys": [axis.key for axis in axes],
        "levels": levels,
        **found,
        "confidence": options["confidence"],
        "replications": sum(row["replications"] for row in every),
        "growth": growth,
    }


def amounts(axis: Axis) -> list[float]:
    """Return the numbers of an axis that has a cost per unit. Raises UsageError for words."""
    numbers = [axis.number(text) for text in axis.values(None)]
    if any(number is None for number in numbers):
        raise UsageError(f"--cost: {axis.written} has values that are no numbers of one unit, so that they have no cost each")
    return [number for number in numbers if number is not None]


def _smallest(trials: Trials, axis: Axis, options: Mapping[str, Any]) -> tuple[Chosen, Settings]:
    """Search one key: later values only help."""
    texts = axis.values(None)

    def settings(index: int) -> Settings:
        return as_settings([axis.key], [texts[index]])

    for end in (0, len(texts) - 1):
        trials.point(settings(end))
    expected = start(len(texts), lambda i: trials.point(settings(i)).network, trials.levels)
    expected, searched = thinned_start(trials, len(texts), settings, expected, options["every"])
    found = smallest_meeting(
        range(len(texts)), lambda i, n: trials.margins(settings(i), n), trials.bounds,
        start=expected, confidence=options["confidence"], most=options["most"],
    )  # fmt: skip
    chosen = () if found.answer is None else settings(found.answer)
    cost = None
    if options["costs"] and found.answer is not None:
        cost = options["costs"][axis.key] * amounts(axis)[found.answer]
    assumed = None
    if options["assumptions"] and found.answer is not None:
        drawn = over_assumptions(trials, len(texts), settings, found.answer, options["assumptions"], {axis.key})
        assumed = drawn.as_json([json_value(text) for text in texts], found.answer)
    return {
        "answer": None if found.answer is None else json_value(texts[found.answer]),
        **({} if cost is None else {"cost": cost}),
        "distinguishable": found.distinguishable,
        "expected": None if expected is None else [json_value(texts[i]) for i in expected],
        "searched": searched,
        "assumptions": assumed,
        "evaluated": [
            trials.row({axis.key: json_value(texts[each.value])}, settings(each.value), each.judgement)
            for each in sorted(found.evaluated, key=lambda each: each.value)
        ],
    }, chosen


def _cheapest(trials: Trials, axes: Sequence[Axis], options: Mapping[str, Any]) -> tuple[Chosen, Settings]:
    """Search several keys: more of any only helps, and costs."""
    keys = [axis.key for axis in axes]
    texts = [axis.values(None) for axis in axes]
    numbers = [range(len(each)) for each in texts]

    def settings(at: tuple[int, ...]) -> Settings:
        return as_settings(keys, [each[i] for each, i in zip(texts, at, strict=True)])

    def margins(at: tuple[int, ...], n: int) -> Any:
        return trials.margins(settings(at), n)

    for end in (tuple(0 for _ in axes), tuple(len(each) - 1 for each in texts)):
        trials.point(settings(end))
    how = {"confidence": options["confidence"], "most": options["most"]}
    if options["cost_by"] is not None:
        name = options["cost_by"]
        found = cheapest_measured(
            numbers, lambda at, n: trials.values(settings(at), name, n), options["worth"], margins, trials.bounds, **how
        )
    else:
        units = [[options["costs"].get(axis.key, 0.0) * number for number in amounts(axis)] for axis in axes]
        found = cheapest(
            numbers, lambda at: math.fsum(unit[i] for unit, i in zip(units, at, strict=True)), margins, trials.bounds, **how
        )
    return _said(trials, keys, texts, found, settings), () if found.answer is None else settings(found.answer)


def _said(
    trials: Trials, keys: Sequence[str], texts: Sequence[Sequence[str]], found: Cheapest[int], settings: Any
) -> Chosen:
    """Return what a document says of a search over several keys."""

    def said(at: tuple[int, ...]) -> dict[str, Any]:
        return {key: json_value(each[i]) for key, each, i in zip(keys, texts, at, strict=True)}

    chosen = found.selection
    selection = None
    if chosen is not None:
        selection = {
            "indifference": chosen.indifference,
            "probability_of_correct_selection": found.confidence,
            "guaranteed": chosen.guaranteed,
            "systems": [
                {"set": said(at), "replications": n} for at, n in zip(chosen.systems, chosen.replications, strict=True)
            ],
        }
    return {
        "answer": None if found.answer is None else said(found.answer),
        "cost": found.cost,
        "distinguishable": found.distinguishable,
        "expected": None,
        "searched": None,
        "selection": selection,
        "evaluated": [trials.row(said(each.value), settings(each.value), each.judgement) for each in found.evaluated],
    }
