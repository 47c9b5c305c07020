"""Morris screening in rounds: first groups of parameters, then what is in those that matter, until each stands alone."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.design.morris import Effect, MorrisDesign, elementary_effects, morris_design, screen
from jukinet_sim.experiments.assumptions.factors import Factor
from jukinet_sim.experiments.verbs.sensitivity.answer import first_moved
from jukinet_sim.experiments.verbs.sensitivity.ground import Ground, Outputs
from jukinet_sim.experiments.verbs.sensitivity.groups import ENTRY, MOST_SINGLE, TOPIC, by_words

MATTERS = 0.05
"""An effect is too small to matter below this share of the largest one."""
_LEAST_TRAJECTORIES = 4
_BELOW = f"effect below {MATTERS:.0%} of the largest"


@dataclass(frozen=True, eq=False)
class Round:
    """One screening: what moved, by what design, and the outputs [outputs, points, replications]."""

    factors: tuple[Factor, ...]
    design: MorrisDesign
    outputs: Outputs

    @property
    def keys(self) -> list[str]:
        """The keys and groups that moved, in the order of the design."""
        return [group.name for group in self.design.groups]

    def effects(self, output: int) -> tuple[Effect, ...]:
        """Return the effects on an output, the largest first."""
        return screen(self.design, self.outputs[output])

    def absolute(self, output: int) -> NDArray[np.float64]:
        """Return the absolute elementary effects [trajectories, keys] on an output."""
        return np.abs(elementary_effects(self.design, self.outputs[output]))

    def members(self, key: str) -> list[Factor]:
        """Return the factors that move together under a name."""
        columns = next(group.columns for group in self.design.groups if group.name == key)
        return [self.factors[i] for i in columns]

    def chance(self, output: int) -> dict[str, float | None]:
        """Return the standard error of each effect that is due to the replications; None with a single one."""
        each = [
            [(one.key, one.effect) for one in screen(self.design, self.outputs[output][:, r])]
            for r in range(self.outputs.shape[2])
        ]
        return {key: standard_error([dict(one)[key] for one in each]) for key in self.keys}

    def moves(self, output: int) -> bool:
        """Whether anything that moved changes an output, or may do so."""
        return any(one.effect is None or one.effect > 0.0 for one in self.effects(output))


@dataclass
class Search:
    """How far screening has come: its rounds by groups, what is left to vary, and why the others are not varied any more."""

    left: tuple[Factor, ...]
    rounds: list[Round] = field(default_factory=list)
    fixed: dict[str, str] = field(default_factory=dict)
    output: int | None = None


def run_round(
    ground: Ground, factors: Sequence[Factor], groups: Mapping[str, Sequence[str]], trajectories: int, replications: int
) -> Round:
    """Screen some factors, those that are named together as groups; all others have their own values."""
    design = morris_design(
        [one.key for one in factors], trajectories, ground.loaded.scenario.run.seed, groups=groups
    )  # fmt: skip
    return Round(tuple(factors), design, ground.outputs(factors, design.points, replications))


def narrow(ground: Ground, factors: Sequence[Factor], trajectories: int, asked: str | None) -> Search:
    """Screen groups until few enough parameters are left to be screened one by one, with a third of the trajectories, but four.

    A group is taken apart if its effect, at the upper end of its interval, is at least `MATTERS` of the largest one, or is not
    known. One replication is enough: chance is the same at all points, and what is left is looked at more closely.
    """
    search = Search(tuple(factors))
    for words in (TOPIC, ENTRY):
        groups = by_words(search.left, words)
        if not groups or (search.rounds and len(search.left) <= MOST_SINGLE):
            continue
        found = run_round(ground, search.left, groups, max(_LEAST_TRAJECTORIES, trajectories // 3), 1)
        search.rounds.append(found)
        if search.output is None:
            search.output = first_moved(ground, unmoved(ground, found), asked)
        kept = set(that_matter(found.effects(search.output)))
        for key in found.keys:
            if key not in kept:
                search.fixed |= {one.key: _BELOW for one in found.members(key)}
        search.left = tuple(one for one in search.left if one.key not in search.fixed)
    return search


def that_matter(effects: Sequence[Effect]) -> Iterator[str]:
    """Yield the keys whose effect may be large enough to matter, the largest first; those of unknown effect are among them."""
    largest = max((one.effect for one in effects if one.effect is not None), default=0.0)
    for one in effects:
        if one.effect is None or (one.effect > 0.0 and one.effect + (one.half_width or 0.0) >= MATTERS * largest):
            yield one.key


def unmoved(ground: Ground, found: Round) -> list[str]:
    """Return the outputs that nothing in a round moves."""
    return [name for i, name in enumerate(ground.names) if not found.moves(i)]


def effects_json(found: Round, output: int) -> list[dict[str, Any]]:
    """Return the effects on an output as a document has them, with how many parameters stand behind each."""
    chance = found.chance(output)
    return [
        {**one.as_json(), "chance": chance[one.key], "members": [member.key for member in found.members(one.key)]}
        for one in found.effects(output)
    ]


def standard_error(values: Sequence[float | None]) -> float | None:
    """Return s / sqrt(n) of values of replications; None for fewer than two that are known."""
    known = [value for value in values if value is not None]
    return float(np.std(known, ddof=1)) / math.sqrt(len(known)) if len(known) > 1 else None
