"""One decision taken many times, each time with random numbers of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from jukinet_sim.verify.seeds import independent_seed
from jukinet_sim.verify.workers import Workers

Case = TypeVar("Case")
Taken = TypeVar("Taken")
Trial = Callable[[Case, int], Taken]
"""From a case and the seed of one trial to what was decided; a function of a module, so that other processes find it."""
_PARTS = 40
"""Parts into which trials are cut, so that all processes are busy to the end."""


def run_trials(trial: Trial[Case, Taken], case: Case, name: str, count: int, seed: int, pool: Workers) -> list[Taken]:
    """Return what came of so many trials of a case, in their order; their seeds are made of the seed, the name and a number."""
    seeds = [independent_seed(seed, name, str(number)) for number in range(count)]
    each = max(1, -(-count // _PARTS))
    parts = [seeds[first : first + each] for first in range(0, count, each)]
    return [taken for part in pool.map(partial(_several, trial, case), parts) for taken in part]


def _several(trial: Trial[Case, Taken], case: Case, seeds: Sequence[int]) -> list[Taken]:
    return [trial(case, seed) for seed in seeds]
