"""What people write to ask `size`, checked before anything runs: what is varied, costs, growth and confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.units import UnitError, parse_fraction, parse_number
from jukinet_sim.design.vary import parse_axis
from jukinet_sim.experiments.assumptions.study import check_assumed
from jukinet_sim.experiments.experiment import Request
from jukinet_sim.experiments.question import Load, Question
from jukinet_sim.experiments.verbs.size.size import VERB, amounts
from jukinet_sim.experiments.verbs.size.slack import volume_of


def ask(
    name: str,
    load: Load,
    *,
    vary: Sequence[str] = (),
    cost: Sequence[str] = (),
    worth: float | None = None,
    growth: str | None = None,
    growth_key: str | None = None,
    slack: bool = True,
    confidence: str = "95 %",
    most: int = 100,
    every: int | None = None,
    assumptions: int | None = None,
) -> Question:
    """Return the question which values of a scenario's keys are enough, and how much growth they carry.

    Texts are written as on the command line; without `vary` only the growth is asked for. Raises UsageError and ScenarioError.
    """
    costs, cost_by = _costs(cost)
    options = {
        "vary": list(vary), "costs": costs, "cost_by": cost_by, "worth": worth, "growth": _per_year(growth),
        "growth_key": growth_key, "slack": slack, "confidence": _share("--confidence", confidence), "most": most,
        "every": every, "assumptions": assumptions,
    }  # fmt: skip
    _check(options)
    if assumptions is not None and len(vary) > 1:
        raise UsageError("--assumptions is for one key or for growth; with several keys, fix all but one of them by --set")
    loaded = load(name, ())
    if assumptions is not None:
        check_assumed(loaded)
    if growth_key is not None:
        volume_of(loaded.scenario, growth_key)
    return Question(Request(VERB, options), (loaded,), (name,))


def _check(options: Mapping[str, Any]) -> None:
    """Refuse what makes no search, before anything runs. Raises UsageError."""
    axes = [parse_axis(text) for text in options["vary"]]
    for axis in axes:
        axis.values(None)
    if not axes and not options["slack"]:
        raise UsageError("nothing is asked: give --vary KEY=LOW..HIGH, or leave out --no-slack")
    if len({axis.key for axis in axes}) < len(axes):
        raise UsageError("--vary names a key twice; give all its values in one")
    if len(axes) > 1 and not options["costs"] and options["cost_by"] is None:
        cure = f"add --cost {axes[0].key}=YEN for each key, or --cost MEASURE"
        raise UsageError(f"with several keys the cheapest combination is looked for, but nothing has a cost; {cure}")
    for key in options["costs"]:
        if key not in {axis.key for axis in axes}:
            raise UsageError(f"--cost: {key} is not varied; give the cost of one unit of a key that --vary names")
    for axis in axes:
        if options["costs"]:
            amounts(axis)
    if options["cost_by"] is not None and not options["worth"]:
        raise UsageError("--cost MEASURE needs --worth: the difference in cost that is worth telling, such as --worth 1000000")


def _costs(texts: Sequence[str]) -> tuple[dict[str, float], str | None]:
    """Return the cost of one unit by key, or the measure that tells it. Raises UsageError."""
    costs: dict[str, float] = {}
    for text in texts:
        key, equals, value = text.rpartition("=")
        if not equals:
            if len(texts) > 1:
                raise UsageError(f"--cost {text}: a measure tells the whole cost; give it alone, or KEY=YEN for each key")
            return {}, text
        try:
            costs[key.strip()] = parse_number(value)
        except UnitError as error:
            raise UsageError(f"--cost {text}: {error.what}; {error.cure}") from None
    return costs, None


def _share(option: str, text: str) -> float:
    """Return a share between 0 and 1, both excluded. Raises UsageError."""
    try:
        share = parse_fraction(text)
    except UnitError as error:
        raise UsageError(f"{option}: {error.what}; {error.cure}") from None
    if not 0.0 < share < 1.0:
        raise UsageError(f'{option}: {text} is no confidence; write a share between 0 and 1, such as "95 %"')
    return share


def _per_year(text: str | None) -> float | None:
    """Return the growth of a year as a share of the year before. Raises UsageError."""
    if text is None:
        return None
    share, slash, year = text.partition("/")
    cure = "write such as 21.7%/year"
    if not slash or year.strip() not in ("year", "y"):
        raise UsageError(f"--growth: {text} does not say in which time; {cure}")
    try:
        found = parse_fraction(share.strip())
    except UnitError as error:
        raise UsageError(f"--growth: {error.what}; {cure}") from None
    if not found > 0.0:
        raise UsageError(f"--growth: {text} never grows; {cure}")
    return found
