"""Morris screening: the mean absolute effect of each parameter over its whole range, with both of its uncertainties."""

from __future__ import annotations

from typing import Any

from jukinet_sim.experiments.assumptions.factors import Factor
from jukinet_sim.experiments.verbs.sensitivity.answer import about, first_moved, fixed_json, head, spread
from jukinet_sim.experiments.verbs.sensitivity.ground import Ground
from jukinet_sim.experiments.verbs.sensitivity.judge import Judged, leader
from jukinet_sim.experiments.verbs.sensitivity.screening import (
    Round,
    Search,
    effects_json,
    narrow,
    run_round,
    unmoved,
)

NOTHING = Judged(None, "no parameter moves it")


def carry_out(
    ground: Ground, factors: tuple[Factor, ...], asked: str | None, *, trajectories: int, replications: int, topics: bool
) -> dict[str, Any]:
    """Screen, by topics first where there are many, and return what the document says."""
    search = narrow(ground, factors, trajectories, asked) if topics else Search(factors)
    final = run_round(ground, search.left, {}, trajectories, replications) if search.left else None
    rounds = [*search.rounds, *([final] if final else [])]
    output = search.output if search.output is not None else first_moved(ground, unmoved(ground, rounds[0]), asked)
    judged = leader(final.keys, final.absolute(output)) if final else NOTHING
    return {
        **head(ground, output, judged, unmoved(ground, rounds[0])),
        **(spread(final.outputs[output]) if final else {"min": None, "max": None}),
        "trajectories": trajectories,
        "replications": replications,
        "parameters": _parameters(final, output) if final else [],
        "rounds": [effects_json(one, output) for one in search.rounds],
        "fixed": fixed_json(search.fixed),
        "outputs": [_other(ground, rounds, number) for number in range(len(ground.names)) if number != output],
    }


def _parameters(found: Round, output: int) -> list[dict[str, Any]]:
    """Return the entry of every parameter, the largest effect first."""
    known = {one.key: one for one in found.factors}
    chance = found.chance(output)
    return [
        {
            **one.as_json(),
            "chance": chance[one.key],
            "mean": one.mean,
            "n": one.n,
            **about(known[one.key]),
        }
        for one in found.effects(output)
    ]


def _other(ground: Ground, rounds: list[Round], output: int) -> dict[str, Any]:
    """Return what the same runs say about another output: all parameters by the first round, and those looked at singly.

    Which parameters those are was decided by the output that was asked about.
    """
    name = ground.names[output]
    return {
        "output": name,
        "unit": ground.unit(name),
        "value": ground.own[name],
        "moved": any(one.moves(output) for one in rounds),
        "screened": effects_json(rounds[0], output),
        "parameters": effects_json(rounds[-1], output) if len(rounds) > 1 else [],
    }
