"""What people write to ask `calibrate`, and the observations they have, checked before anything runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.experiment import Request
from jukinet_sim.experiments.question import Load, Question
from jukinet_sim.experiments.verbs.calibrate.carry import VERB
from jukinet_sim.experiments.verbs.calibrate.keys import fit_keys
from jukinet_sim.experiments.verbs.calibrate.read_csv import read_observations
from jukinet_sim.scenario.compile import compile_network


def ask(name: str, load: Load, *, observed: str | os.PathLike[str] | None, fit: Sequence[str]) -> Question:
    """Return the question at which values of the keys of `fit` a scenario simulates what a CSV says was observed.

    Each text of `fit` holds keys with a comma between them, and perhaps `=LO..HI` behind one. Raises UsageError and
    ScenarioError.
    """
    loaded = load(name, ())
    fit_keys(fit, loaded)
    if observed is None:
        raise UsageError("nothing was observed; add --observed CSV, which --template CSV writes for you to fill in")
    rows = read_observations(os.fspath(observed), compile_network(loaded), loaded.scenario.run)
    # Blanks and commas between keys mean nothing, so that they begin no other experiment.
    asked = [part.strip() for text in fit for part in text.split(",") if part.strip()]
    return Question(Request(VERB, {"fit": asked, "observed": rows, "file": Path(observed).name}), (loaded,), (name,))
