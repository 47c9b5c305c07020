"""How much more traffic a scenario carries until it misses a service level, and in which month growth brings it there."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.verbs.size.assumed import ENDS, over_assumptions
from jukinet_sim.experiments.verbs.size.expected import start
from jukinet_sim.experiments.verbs.size.trial import Settings, Trials
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.language.base import Figure
from jukinet_sim.scenario.schema import Scenario
from jukinet_sim.statistics.search import Found, largest_meeting

MOST_GROWTH = 16.0
"""Growth beyond which is not looked."""
TOLERANCE = 0.01
"""Factors are tried this far apart, relative."""
_DAYS = 365.2425
_STEPS = math.ceil(math.log(MOST_GROWTH) / math.log1p(TOLERANCE))
FACTORS = tuple(round(MOST_GROWTH ** (step / _STEPS), 4) for step in range(_STEPS + 1))


def volume_key(scenario: Scenario) -> str:
    """Return the key that multiplies all traffic of a scenario."""
    return "network.volume" if scenario.juki_net is None else f"{DOMAIN.key}.volume"


def volume_of(scenario: Scenario, key: str) -> float:
    """Return the number at a key. Raises UsageError where no positive number stands there."""
    found: Any = scenario
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else getattr(found, part, None)
    value = found.value if isinstance(found, Figure) else found
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0.0 < value < math.inf:
        cure = f"name one with a number above 0, such as {volume_key(scenario)}"
        raise UsageError(f"--growth-key: {key} is no number that grows; {cure}")
    return float(value)


def slack(trials: Trials, chosen: Settings, key: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Return by which factor what stands at a key may grow until a service level is missed, and until when.

    The factor is the largest that still meets, to `TOLERANCE`; None where even 1 misses. `until` is the first day of the
    month in which growth (`growth`, a share of the year before) reaches it, counted from the beginning of the run.
    """
    now = volume_of(trials.point(chosen).loaded.scenario, key)

    def settings(factor: float) -> Settings:
        return (*chosen, f"{key}={now * factor!r}") if factor != 1.0 else chosen

    # Where theory does not know, larger factors are tried step by step: those that are far too large take longest to run.
    backward = FACTORS[::-1]
    guessed = start(len(FACTORS), lambda i: trials.point(settings(backward[i])).network, trials.levels, easy=False)
    near = FACTORS[0] if guessed is None else backward[guessed[1]]
    found = largest_meeting(
        FACTORS, lambda factor, n: trials.margins(settings(factor), n), trials.bounds,
        start=(near, near), confidence=options["confidence"], most=options["most"],
    )  # fmt: skip
    per_year, first_day = options["growth"], _first_day(trials.point(chosen).loaded.scenario)
    assumed = None
    if options["assumptions"] and found.answer is not None:
        at = backward.index(found.answer)
        searched = {key, *(setting.partition("=")[0] for setting in chosen)}
        drawn = over_assumptions(
            trials, len(backward), lambda i: settings(backward[i]), at, options["assumptions"], searched
        )
        assumed = drawn.as_json(backward, at, rising=False)
        assumed |= {f"until_{end}": until(assumed[end], per_year, first_day)["until"] for end in ENDS}
    return {
        "key": key,
        "factor": found.answer,
        "at_least": found.answer == MOST_GROWTH,
        "distinguishable": found.distinguishable,
        "tolerance": TOLERANCE,
        "per_year": per_year,
        **until(found.answer, per_year, first_day),
        "assumptions": assumed,
        "evaluated": _evaluated(trials, found, settings),
    }


def until(factor: float | None, per_year: float | None, first_day: dt.date | None) -> dict[str, Any]:
    """Return in how many years growth reaches a factor, and the first day of that month; None where that is not known."""
    if factor is None or not per_year or factor >= MOST_GROWTH:
        return {"years": None, "until": None}
    years = math.log(factor) / math.log1p(per_year)
    when = None
    if first_day is not None:
        days = years * _DAYS
        if days < (dt.date.max - first_day).days:
            when = (first_day + dt.timedelta(days=days)).replace(day=1).isoformat()
    return {"years": years, "until": when}


def _first_day(scenario: Scenario) -> dt.date | None:
    return None if scenario.run.period is None else scenario.run.period.first_day


def _evaluated(trials: Trials, found: Found[float], settings: Any) -> list[dict[str, Any]]:
    tried = sorted(found.evaluated, key=lambda each: each.value)
    return [trials.row({"growth": each.value}, settings(each.value), each.judgement) for each in tried]
