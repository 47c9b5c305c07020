"""What people write to ask `sensitivity`, checked before anything runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.experiment import Request
from jukinet_sim.experiments.question import Load, Question
from jukinet_sim.experiments.verbs.sensitivity.carry import METHODS, VERB, check

GROUPS = ("topic", "none")
REPLICATIONS = 2
"""With two of them, and no fewer, chance can be told from the ranges."""


def ask(
    name: str,
    load: Load,
    *,
    output: str | None = None,
    method: str = "morris",
    only: Sequence[str] = (),
    vary: Sequence[str] = (),
    groups: str | None = None,
    trajectories: int = 10,
    rows: int = 64,
    every: int | None = None,
    replications: int = REPLICATIONS,
) -> Question:
    """Return the question which assumption of a scenario decides an output; texts are written as on the command line.

    Raises UsageError and ScenarioError.
    """
    for option, given, known in (("method", method, METHODS), ("groups", groups, (None, *GROUPS))):
        if given not in known:
            raise UsageError(f'--{option}: there is no "{given}"; write one of {", ".join(one for one in known if one)}')
    loaded = load(name, ())
    options: dict[str, Any] = {
        "output": output, "method": method, "only": list(only), "vary": list(vary), "groups": groups,
        "trajectories": trajectories, "rows": rows, "every": every, "replications": replications,
    }  # fmt: skip
    check(loaded, options)
    return Question(Request(VERB, options), (loaded,), (name,))
