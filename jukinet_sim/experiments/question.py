"""A question: what a verb is asked about which scenarios, checked before anything runs, whoever asks it and by which words.

Each verb of `verbs/` has a function `ask` that makes one, so that a command line and a program ask the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jukinet_sim.experiments.experiment import Carrier, Experiment, Request, Settings, conduct
from jukinet_sim.scenario.loaded import Loaded

Load = Callable[[str, Sequence[str]], Loaded]
"""What turns the name by which somebody calls a scenario, and settings to be laid over it last, into the scenario."""


@dataclass(frozen=True)
class Question:
    """A request, the scenarios that it is about, and how people call these."""

    request: Request
    scenarios: tuple[Loaded, ...]
    names: tuple[str, ...]

    def answer(self, carry_out: Carrier, settings: Settings) -> Experiment:
        """Have it answered; see `experiment.conduct`."""
        return conduct(self.request, self.scenarios, carry_out, settings, self.names)
