"""Sobol indices of the few parameters that matter, found by Morris screening where there are more."""

from __future__ import annotations

from typing import Any

from jukinet_sim.design.sobol import SobolIndices, sobol_design, sobol_indices
from jukinet_sim.experiments.assumptions.factors import Factor
from jukinet_sim.experiments.verbs.sensitivity.answer import about, first_moved, fixed_json, head, spread
from jukinet_sim.experiments.verbs.sensitivity.ground import Ground
from jukinet_sim.experiments.verbs.sensitivity.judge import first_of
from jukinet_sim.experiments.verbs.sensitivity.morris import NOTHING
from jukinet_sim.experiments.verbs.sensitivity.screening import (
    MATTERS,
    Search,
    effects_json,
    narrow,
    run_round,
    standard_error,
    that_matter,
    unmoved,
)

MOST = 8
"""So many parameters have indices at most."""
_SCREENED = f"effect below {MATTERS:.0%} of the largest"
_BEYOND = f"beyond the {MOST} largest"


def carry_out(
    ground: Ground,
    factors: tuple[Factor, ...],
    asked: str | None,
    *,
    rows: int,
    trajectories: int,
    replications: int,
    topics: bool,
) -> dict[str, Any]:
    """Screen what is too much, run the points of the indices, and return what the document says."""
    search = _few(ground, factors, asked, trajectories, topics=topics) if len(factors) > MOST else Search(factors)
    rounds = [effects_json(one, search.output) for one in search.rounds if search.output is not None]
    if not search.left:
        nothing: dict[str, Any] = {"min": None, "max": None, "rows": 0, "parameters": [], "outputs": []}
        said = {**head(ground, search.output or 0, NOTHING, []), **nothing}
        return {**said, "replications": replications, "rounds": rounds, "fixed": fixed_json(search.fixed)}
    design = sobol_design([one.key for one in search.left], rows, ground.loaded.scenario.run.seed)
    outputs = ground.outputs(search.left, design.points, replications)
    found = [sobol_indices(design, one) for one in outputs]
    still = [name for name, one in zip(ground.names, found, strict=True) if all(i.total is None for i in one.indices)]
    output = search.output if search.output is not None else first_moved(ground, still, asked)
    indices = found[output].indices
    judged = first_of(
        [one.key for one in indices], [one.first for one in indices], [one.first_half_width for one in indices]
    )  # fmt: skip
    chance = _chance([sobol_indices(design, outputs[output][:, r]) for r in range(replications)])
    known = {one.key: one for one in factors}
    return {
        **head(ground, output, judged, still),
        **spread(outputs[output]),
        "rows": found[output].rows,
        "replications": replications,
        "parameters": [{**one.as_json(), "chance": chance[one.key], **about(known[one.key])} for one in indices],
        "rounds": rounds,
        "fixed": fixed_json(search.fixed),
        "outputs": [
            {
                "output": name,
                "unit": ground.unit(name),
                "value": ground.own[name],
                "moved": name not in still,
                "parameters": [index.as_json() for index in found[number].indices],
            }
            for number, name in enumerate(ground.names)
            if number != output
        ],
    }


def _few(ground: Ground, factors: tuple[Factor, ...], asked: str | None, trajectories: int, *, topics: bool) -> Search:
    """Return a search that has left the few parameters with the largest effects."""
    search = narrow(ground, factors, trajectories, asked) if topics else Search(factors)
    if not search.left or (search.output is not None and len(search.left) <= MOST):
        return search
    found = run_round(ground, search.left, {}, trajectories, 1)
    search.rounds.append(found)
    if search.output is None:
        search.output = first_moved(ground, unmoved(ground, found), asked)
    effects = found.effects(search.output)
    matter = list(that_matter(effects))
    kept = matter[:MOST]
    search.fixed |= {one.key: _BEYOND if one.key in matter else _SCREENED for one in effects if one.key not in kept}
    search.left = tuple(one for one in search.left if one.key in kept)
    return search


def _chance(each: list[SobolIndices]) -> dict[str, float | None]:
    """Return the standard error of each first-order index that is due to the replications."""
    found: dict[str, list[float | None]] = {}
    for indices in each:
        for one in indices.indices:
            found.setdefault(one.key, []).append(one.first)
    return {key: standard_error(values) for key, values in found.items()}
