"""The verbs of experiments as functions; options are called as on the command line, and mean the same.

Each turns its options into a question, by the function `ask` of its verb, and the answer into its kind of `Answer`.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jukinet_sim.api import words
from jukinet_sim.api.answer import CalibrateAnswer, CompareAnswer, SensitivityAnswer, SizeAnswer, SweepAnswer
from jukinet_sim.api.asking import Folder, Scenario, Source, Way, answered, name_of
from jukinet_sim.api.words import Settings, Texts
from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.listing import scenario_of
from jukinet_sim.experiments.stored import RUNS
from jukinet_sim.experiments.verbs import compare as compare_verb
from jukinet_sim.experiments.verbs import suites as suites_verb
from jukinet_sim.experiments.verbs import sweep as sweep_verb
from jukinet_sim.experiments.verbs.calibrate import question as calibrate_verb
from jukinet_sim.experiments.verbs.sensitivity import question as sensitivity_verb
from jukinet_sim.experiments.verbs.size import question as size_verb
from jukinet_sim.scenario.loaded import Loaded


def compare(
    *scenarios: Scenario,
    with_: Settings | Iterable[Mapping[str, Any] | str] = None,
    metric: Texts = None,
    precision: str | float | None = None,
    names: Sequence[str] | None = None,
    set: Settings = None,
    override: Texts = None,
    seed: int | None = None,
    replications: int | None = None,
    engine: str | None = None,
    jobs: int | None = None,
    on: str | None = None,
    out: Folder = "runs",
    fresh: bool = False,
    progress: bool = False,
) -> CompareAnswer:
    """Compare scenarios with the first one, or one with variants of itself, by the same random numbers.

    `with_` is a mapping of settings for one variant or the name of an override, or a list of such; `names` is what the
    scenarios are called, their files when left out. A scenario may be a stored run, by its folder, hash or name. Raises as
    `asking.answered` does.
    """
    way = Way(jobs, on, out, fresh, progress)
    if not scenarios:
        raise UsageError("nothing is compared; name a scenario, and a second one or with_={key: value}")
    called = _names(scenarios) if names is None else list(names)
    if len(dict.fromkeys(called)) != len(called) or len(called) != len(scenarios):
        raise UsageError(f"{len(scenarios)} scenarios are called {', '.join(called)}; give a name of its own to each")
    known = {name: _stored(scenario, way.folder) for name, scenario in zip(called, scenarios, strict=True)}
    question = compare_verb.ask(
        called, Source(known, set, override, seed, replications, engine), variants=words.variants(with_),
        metrics=words.texts(metric), precision=words.share(precision),
    )  # fmt: skip
    return answered(question, way, CompareAnswer)


def compare_suites(
    scenario: Scenario,
    suites: Sequence[str] | str = ("today", "target"),
    *,
    metric: Texts = None,
    precision: str | float | None = None,
    set: Settings = None,
    override: Texts = None,
    seed: int | None = None,
    replications: int | None = None,
    engine: str | None = None,
    jobs: int | None = None,
    on: str | None = None,
    out: Folder = "runs",
    fresh: bool = False,
    progress: bool = False,
) -> CompareAnswer:
    """Compare a scenario of the national network under cipher suites, by name or alias, with the same random numbers.

    What the suites are stands under `about` in its document. Raises as `asking.answered` does.
    """
    called = name_of(scenario)
    question = suites_verb.ask(
        called, Source({called: scenario}, set, override, seed, replications, engine), suites=suites,
        metrics=words.texts(metric), precision=words.share(precision),
    )  # fmt: skip
    return answered(question, Way(jobs, on, out, fresh, progress), CompareAnswer)


def sweep(
    scenario: Scenario,
    *,
    vary: Settings = None,
    design: str = "grid",
    points: int | None = None,
    metric: Texts = None,
    precision: str | float | None = None,
    set: Settings = None,
    override: Texts = None,
    seed: int | None = None,
    replications: int | None = None,
    engine: str | None = None,
    jobs: int | None = None,
    on: str | None = None,
    out: Folder = "runs",
    fresh: bool = False,
    progress: bool = False,
) -> SweepAnswer:
    """Run a scenario at many values of its keys: `vary={"network.stations.db.servers": [1, 2, 4]}`, or `"1..4"` for a range.

    `design` is grid, zip, lhs or sobol. Raises as `asking.answered` does.
    """
    question = sweep_verb.ask(
        name_of(scenario), Source({name_of(scenario): scenario}, set, override, seed, replications, engine),
        vary=words.axes(vary), design=design, points=points, metrics=words.texts(metric), precision=words.share(precision),
    )  # fmt: skip
    return answered(question, Way(jobs, on, out, fresh, progress), SweepAnswer)


def size(
    scenario: Scenario,
    *,
    vary: Settings = None,
    cost: Settings = None,
    worth: float | None = None,
    growth: str | float | None = None,
    growth_key: str | None = None,
    slack: bool = True,
    confidence: str | float = 0.95,
    most: int = 100,
    every: int | None = None,
    assumptions: int | None = None,
    set: Settings = None,
    override: Texts = None,
    seed: int | None = None,
    engine: str | None = None,
    jobs: int | None = None,
    on: str | None = None,
    out: Folder = "runs",
    fresh: bool = False,
    progress: bool = False,
) -> SizeAnswer:
    """Find the smallest value, or the cheapest values, that meet every service level, and how much growth they carry.

    `growth` is a share of the year before, such as 0.217 or "21.7%/year". Its `answer` is None where no value is enough. Raises
    as `asking.answered` does.
    """
    question = size_verb.ask(
        name_of(scenario), Source({name_of(scenario): scenario}, set, override, seed, None, engine), vary=words.axes(vary),
        cost=words.costs(cost), worth=worth, growth=words.per_year(growth), growth_key=growth_key, slack=slack,
        confidence=str(words.share(confidence)), most=most, every=every, assumptions=assumptions,
    )  # fmt: skip
    return answered(question, Way(jobs, on, out, fresh, progress), SizeAnswer)


def sensitivity(
    scenario: Scenario,
    *,
    output: str | None = None,
    method: str = "morris",
    only: Texts = None,
    vary: Settings = None,
    groups: str | None = None,
    trajectories: int = 10,
    rows: int = 64,
    every: int | None = None,
    replications: int = sensitivity_verb.REPLICATIONS,
    set: Settings = None,
    override: Texts = None,
    seed: int | None = None,
    engine: str | None = None,
    jobs: int | None = None,
    on: str | None = None,
    out: Folder = "runs",
    fresh: bool = False,
    progress: bool = False,
) -> SensitivityAnswer:
    """Vary the assumed figures of a scenario over their ranges, and say which one to measure first.

    `method` is morris, sobol or tornado; `vary={"key": "1 s..3 s"}` adds a range. Raises as `asking.answered` does.
    """
    question = sensitivity_verb.ask(
        name_of(scenario), Source({name_of(scenario): scenario}, set, override, seed, None, engine), output=output,
        method=method, only=words.texts(only), vary=words.axes(vary), groups=groups, trajectories=trajectories, rows=rows,
        every=every, replications=replications,
    )  # fmt: skip
    return answered(question, Way(jobs, on, out, fresh, progress), SensitivityAnswer)


def calibrate(
    scenario: Scenario,
    *,
    observed: str | os.PathLike[str],
    fit: Settings,
    set: Settings = None,
    override: Texts = None,
    seed: int | None = None,
    replications: int | None = None,
    engine: str | None = None,
    jobs: int | None = None,
    on: str | None = None,
    out: Folder = "runs",
    fresh: bool = False,
    progress: bool = False,
) -> CalibrateAnswer:
    """Fit keys of a scenario to what a CSV says was observed, with intervals.

    `fit` is a list of keys, or a mapping of keys to bounds such as "10 ms..50 ms". Raises as `asking.answered` does.
    """
    source = Source({name_of(scenario): scenario}, set, override, seed, replications, engine)
    question = calibrate_verb.ask(name_of(scenario), source, observed=observed, fit=words.settings(fit))
    return answered(question, Way(jobs, on, out, fresh, progress), CalibrateAnswer)


def _names(scenarios: Sequence[Scenario]) -> list[str]:
    """Return what scenarios are called; those of one file are told apart by what was laid over it."""
    plain = [name_of(scenario) for scenario in scenarios]
    told = [
        " ".join([name, *one.variant]) if isinstance(one, Loaded) and plain.count(name) > 1 else name
        for one, name in zip(scenarios, plain, strict=True)
    ]
    return [name if name not in told[:number] else f"{name} ({number + 1})" for number, name in enumerate(told)]


def _stored(scenario: Scenario, out: Path | None) -> Scenario:
    """Return a scenario, or the file of the stored run that a name means. Raises UsageError."""
    return scenario if isinstance(scenario, Loaded) else scenario_of(os.fspath(scenario), out or RUNS)
