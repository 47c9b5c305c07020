"""`python -m tests.kill N [SEED]`: N trials in turn of a run and of a sweep; the exit code is 1 where one went wrong."""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.kill.trial import SCENARIO, disturbed, subjects, undisturbed

REPLICATIONS = 200


def main(count: int, seed: int) -> int:
    """Carry out so many trials, and say what came of each."""
    whom: Counter[str] = Counter()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="kill-") as folder:
        scenario = Path(folder) / "corner.yaml"
        scenario.write_text(SCENARIO)
        peaceful = [(subject, undisturbed(subject, Path(folder))) for subject in subjects(scenario, REPLICATIONS)]
        for number in range(count):
            subject, peace = peaceful[number % len(peaceful)]
            trial = disturbed(subject, peace, number, seed)
            whom.update(who for who, _ in trial.kills)
            wrong += bool(trial.faults)
            print(trial, flush=True)
    killed = ", ".join(f"{name} {times} times" for name, times in sorted(whom.items()))
    print(f"{count - wrong} of {count} completed to the same bytes; killed: {killed}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
