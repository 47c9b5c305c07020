"""Hold what a run of the whole battery has printed against README, row by row: `python -m tests.battery FILE.md`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.documents import ROOT, table

TABLES = ("Family", "Claim")
"""The headings of the first column of both tables."""


def differences(printed: str, shown: str) -> list[str]:
    """Return a line for each row that is not the same in both texts to the last digit."""
    found = []
    for first in TABLES:
        ours, theirs = table(printed, first), table(shown, first)
        for name in dict.fromkeys((*ours, *theirs)):
            pair = [" | ".join(rows[name]) if name in rows else "not there" for rows in (ours, theirs)]
            if pair[0] != pair[1]:
                found.append(f"{name}: printed {pair[0]}, README {pair[1]}")
    return found


if __name__ == "__main__":
    found = differences(Path(sys.argv[1]).read_text(encoding="utf-8"), (ROOT / "README.md").read_text(encoding="utf-8"))
    sys.exit("\n".join(found) or 0)
