"""Broken scenarios and lists end with exit code 0, 2, 4 or 99 and a message fit for a terminal; none hangs or dies.

`JUKINET_MUTANTS=20000 pytest -n 0 tests/mutants` tries as many as it says, each within 5 s of processor time and 1 GB.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.mutants.hostile import NUMBERS
from tests.mutants.mutators import mutant
from tests.mutants.reproducer import keep, reduced
from tests.mutants.runner import run_chunk
from tests.mutants.seeds import seeds
from tests.mutants.yaml_text import read, write

ASKED = int(os.environ.get("JUKINET_MUTANTS", "0"))
IN_THE_SUITE, CHUNK_IN_THE_SUITE, CHUNK = 40, 20, 500
OF_ALL_KINDS = 240
"""So many mutants are made, though not tried, to see that they are of all kinds."""
SIZE = CHUNK if ASKED else CHUNK_IN_THE_SUITE


@pytest.mark.parametrize("first", range(0, ASKED or IN_THE_SUITE, SIZE))
def test_bad_input_is_refused_and_never_a_bug(first: int) -> None:
    """Whatever is done to a scenario, its tables or the settings over it, it runs, is refused, or meets a limit."""
    count = min(SIZE, (ASKED or IN_THE_SUITE) - first)
    endings = list(run_chunk(first, count, strict=ASKED > 0))
    broken = [f"{keep(one)}: {one.fault} at {one.where} ({one.recipe})" for one in endings if one.fault]
    assert not broken, "\n".join(broken)
    assert [one.number for one in endings] == list(range(first, first + count))


def test_mutants_are_of_all_kinds() -> None:
    """The first few hundred mutants come from most seeds, differ from them, and are the same each time."""
    made = [mutant(number) for number in range(OF_ALL_KINDS)]
    originals = {seed.main: seed.files for seed in seeds()}
    assert len({one.main for one in made}) > 0.8 * len(originals)
    assert sum(one.files != originals[one.main] or bool(one.sets) for one in made) > 0.9 * len(made)
    assert made[:20] == [mutant(number) for number in range(20)]
    assert len({one.recipe.split("(")[0].split(":")[0] for one in made}) > 20


def test_seeds_survive_the_writer() -> None:
    """A scenario that is read and written again, and again, is the same tree: only what a mutator does is broken."""
    for seed in seeds():
        written = write(read(seed.files[seed.main]))
        assert write(read(written)) == written


def test_a_reproducer_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a fault does not need is taken out: of a whole scenario the one culprit is left."""
    made = next(one for one in map(mutant, range(50)) if b"stations" in one.files[one.main] and not one.sets)
    culprit = random.Random(0).choice(NUMBERS)
    made.files[made.main] = made.files[made.main] + f"\nculprit: {{a: 1, b: '{culprit}'}}\n".encode()
    monkeypatch.setattr(
        "tests.mutants.reproducer._fails_at", lambda one: "here" if b"culprit" in one.files[one.main] else None
    )
    small = reduced(made, "here")
    assert len(small.files[small.main].splitlines()) == 1
