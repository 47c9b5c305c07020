"""`compare`: scenarios with the same random numbers, and what differs between them beyond chance.

Comparisons of stored runs pair what is there, as far as they were drawn with the same seed.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import did_you_mean
from jukinet_sim.experiments.asked import load_asked
from jukinet_sim.experiments.bench import Bench, Brought
from jukinet_sim.experiments.experiment import Request, Sources
from jukinet_sim.experiments.figures import check_names, names_that_matter, unit_of
from jukinet_sim.experiments.precision import read_precision
from jukinet_sim.experiments.question import Load, Question
from jukinet_sim.experiments.table import slo
from jukinet_sim.scenario.load import lay_over
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.statistics.intervals import DEFAULT_LEVEL, over_replications
from jukinet_sim.statistics.paired import compare
from jukinet_sim.statistics.precision import LEAST, relative_half_width, replications_next

VERB = "compare"
_BEGINS = re.compile(r"[\w.-]+=")
_CURE = "write key=value or the name of an override, several separated by blanks"


def ask(
    names: Sequence[str],
    load: Load,
    *,
    variants: Sequence[Sequence[str]] = (),
    metrics: Sequence[str] = (),
    precision: str | None = None,
) -> Question:
    """Return the question how scenarios, and variants of the first, differ from the first.

    A variant is names of overrides of the first scenario and settings such as `run.seed=2`, which are laid over these.
    `precision` is written such as "2%". Raises UsageError, and ScenarioError for wrong settings with their place.
    """
    if len(names) < 2 and not variants:
        raise UsageError(f"{names[0]} alone is compared with nothing; name a second file, or add --with key=value")
    asked = [load_asked(metrics, partial(load, name)) for name in names]
    for variant in variants:
        _check(asked[0][0], *_parted(variant))
    options: dict[str, Any] = {
        "precision": read_precision(precision), "with": [list(variant) for variant in variants], "metrics": asked[0][1],
    }  # fmt: skip
    called = [name if name not in names[:number] else f"{name} ({number + 1})" for number, name in enumerate(names)]
    return Question(Request(VERB, options), tuple(scenario for scenario, _ in asked), tuple(called))


def variant_of(text: str) -> list[str]:
    """Return the words of one variant, `name a=1 b=2`: overrides, then settings.

    Blanks within brackets and quotes of settings are left alone, units stay behind their number. Raises UsageError.
    """
    all_words = text.split()
    first = next((number for number, word in enumerate(all_words) if "=" in word), len(all_words))
    rest = text
    for name in all_words[:first]:
        rest = rest.split(name, 1)[1]
    found = [*all_words[:first], *_settings(rest)]
    if not found:
        raise UsageError(f"--with {shlex.quote(text)}: this is empty; {_CURE}")
    return found


def _parted(variant: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the settings of a variant, and its overrides."""
    return tuple(word for word in variant if "=" in word), tuple(word for word in variant if "=" not in word)


def _check(scenario: Loaded, settings: Sequence[str], overrides: Sequence[str]) -> None:
    """Refuse a variant that cannot be. Raises UsageError, and ScenarioError with the place of what is wrong."""
    named = scenario.scenario.overrides
    for name in overrides:
        if name not in named:
            cure = did_you_mean(name, named) or _CURE
            raise UsageError(f"--with {shlex.quote(name)}: this is no setting, and no override of the scenario; {cure}")
    lay_over(scenario, overrides=overrides, sets=settings)


def _settings(text: str) -> list[str]:
    words: list[str] = []
    depth = 0
    for word in text.split(" "):
        if not words or (depth == 0 and _BEGINS.match(word)):
            words.append(word)
        else:
            words[-1] += f" {word}"
        depth += sum(word.count(c) for c in "{[(") - sum(word.count(c) for c in "}])")
    return [word.strip() for word in words if word.strip()]


def carry_out(request: Request, sources: Sources, bench: Bench) -> dict[str, Any]:
    """Run every scenario, and the variants of the first one, and compare them with the first."""
    variants: list[list[str]] = request.options["with"]
    points = [sources.point(number) for number in range(len(sources.paths))]
    points += [sources.point(0, *_parted(variant)) for variant in variants]
    names = [*sources.names, *(" ".join(variant) for variant in variants)]
    seeds = {point.seed for point in points}
    if len(seeds) > 1:
        what = f"the scenarios have different seeds ({', '.join(map(str, sorted(seeds)))}), so their replications are no pairs"
        raise UsageError(f"{what}; give one with --seed")
    precision = request.options["precision"]
    number = LEAST if precision is not None else max(point.loaded.scenario.run.replications for point in points)
    while True:
        found = compared(names, bench.bring([(point, number) for point in points]), request.options["metrics"])
        more = number if precision is None or found["troubles"] else replications_next(number, _widths(found), precision)
        if more == number:
            return found
        number = more


def _widths(found: dict[str, Any]) -> Iterator[float]:
    """Yield the half-width of every difference relative to the first scenario's value, or to its own where that is 0."""
    for metric in found["metrics"]:
        base = metric["values"][0]["value"]
        for one in metric["differences"]:
            if one["value"] is not None and base is not None:
                yield relative_half_width(base or one["value"], one["half_width"])


def compared(names: Sequence[str], brought: Sequence[Brought], asked: Sequence[str]) -> dict[str, Any]:
    """Return what the document of a comparison says of points, the first of which the others are compared with."""
    empty = [name for name, one in zip(names, brought, strict=True) if not one.rows]
    if empty:
        why = next(one.limit for one in brought if not one.rows)
        raise UsageError(f"{empty[0]} has no finished replication to compare ({why or 'it was interrupted'}); run it first")
    figures = check_names(asked, brought[0].rows) or _common(brought)
    values = [[one.values(name) for name in figures] for one in brought]
    apart = compare(values)
    troubles = {name: one.trouble for name, one in zip(names, brought, strict=True) if one.trouble}
    return {
        "status": "partial" if troubles else "complete",
        "level": DEFAULT_LEVEL,
        "scenarios": list(names),
        "runs": [one.point.hash[:12] for one in brought],
        "troubles": troubles,
        "replications": min(len(one.rows) for one in brought),
        "metrics": [
            {
                "name": name,
                "unit": unit_of(name, brought[0].point.loaded.scenario),
                "values": [over_replications(one[number]).as_json() for one in values],
                "differences": [one[number].as_json() for one in apart],
            }
            for number, name in enumerate(figures)
        ],
        "slo": [slo(one) for one in brought],
    }


def _common(brought: Sequence[Brought]) -> list[str]:
    """Return the figures that matter in any of some points and that all of them have."""
    named = [name for one in brought for name in names_that_matter(one.point.loaded.scenario, one.rows)]
    return [name for name in dict.fromkeys(named) if all(name in one.rows[0].values for one in brought)]
