"""What is varied: the assumed figures of a scenario, those that a pattern leaves, and the ranges that somebody asks for."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from jukinet_sim.base.errors import ScenarioError, UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.design.vary import parse_axis
from jukinet_sim.experiments.assumptions.factors import Factor, asked_for, factors
from jukinet_sim.scenario.load import lay
from jukinet_sim.scenario.loaded import Loaded

SHORT = ("juki_net.",)
"""What a pattern may leave out at its beginning."""


def chosen(loaded: Loaded, *, only: Sequence[str] = (), vary: Sequence[str] = ()) -> tuple[Factor, ...]:
    """Return the factors: the assumed figures that any pattern of `only` fits, all where there is none, and those of `vary`.

    A pattern is a key, the beginning of one up to a dot, or has `*` in it. Raises UsageError for a pattern that fits nothing
    and where nothing is left to vary, ScenarioError for a range of which the scenario takes neither end.
    """
    known = factors(loaded)
    for pattern in only:
        if not any(_fits(one.key, pattern) for one in known):
            cure = one_of(pattern, [one.key for one in known], "jukinet explain KEY tells which figures are assumed")
            raise UsageError(f'--only {pattern}: no assumed figure has such a key; {cure}')
    found = {one.key: one for one in known if not only or any(_fits(one.key, pattern) for pattern in only)}
    for text in vary:
        one = asked_for(loaded, parse_axis(text), known)
        _check(loaded, one)
        found[one.key] = one
    if not found:
        what = f"{loaded.scenario.scenario} has no assumed figure with a range"
        cure = "write one as {value: 20 ms, assumed: reason, range: [10 ms, 50 ms]}, or add --vary key=lo..hi"
        raise UsageError(f"{what}; {cure}")
    return tuple(found.values())


def _fits(key: str, pattern: str) -> bool:
    """Tell whether a pattern means a key."""
    names = [key, *(key.removeprefix(beginning) for beginning in SHORT if key.startswith(beginning))]
    return any(fnmatchcase(name, pattern) or name.startswith(f"{pattern}.") for name in names)


def _check(loaded: Loaded, factor: Factor) -> None:
    """Refuse a range that the scenario takes at neither end: its key or its unit is wrong. Raises ScenarioError."""
    refused: list[ScenarioError] = []
    for value in factor.ends:
        try:
            lay(loaded, [factor.setting(value)])
        except ScenarioError as error:
            refused.append(error)
    if len(refused) == len(factor.ends):
        raise refused[0]
