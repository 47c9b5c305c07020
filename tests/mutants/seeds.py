"""What mutants are made from: every shipped scenario, every golden one, and a scenario for each kind of CSV file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TESTS = Path(__file__).parents[1]
_SCENARIOS = _TESTS.parent / "scenarios"
_OWN = Path(__file__).parent / "seeds"
_EVERY = "juki_net.municipalities.every"
_STARTER = _TESTS.parent / "jukinet_sim" / "juki_net" / "init_files" / "municipalities.csv"


@dataclass(frozen=True)
class Seed:
    """A scenario that is in order: the name of its file, and the bytes of that file and of those beside it."""

    main: str
    files: dict[str, bytes]

    @property
    def thinning(self) -> tuple[str, ...]:
        """The settings that make a whole nation small enough for thousands of runs; lists and records need theirs whole."""
        content = self.files[self.main]
        whole = b"juki_net" in content and b"source:" not in content and b"every:" not in content and b"record:" not in content
        return (f"{_EVERY}=100",) if whole else ()


@cache
def seeds() -> tuple[Seed, ...]:
    """Give every seed, in an order that does not depend on the machine."""
    found = [_with_tables(path) for path in sorted(_SCENARIOS.rglob("*.yaml"))]
    found += [_with_tables(path) for path in sorted((_TESTS / "golden").glob("*.yaml"))]
    return (*found, *with_tables())


@cache
def with_tables() -> tuple[Seed, ...]:
    """Give the seeds that name CSV files: arrival times, lists of municipalities, rows of provisions."""
    nation = _with_tables(_OWN / "own-nation.yaml")
    example = Seed(nation.main, {**nation.files, "towns.csv": _STARTER.read_bytes()})
    return _with_tables(_OWN / "arrivals.yaml"), nation, example, _with_tables(_SCENARIOS / "tiny.yaml")


def _with_tables(path: Path) -> Seed:
    """Read a scenario and the CSV files beside it that it names."""
    content = path.read_bytes()
    tables = {table.name: table.read_bytes() for table in sorted(path.parent.glob("*.csv")) if table.name.encode() in content}
    return Seed(path.name, {path.name: content, **tables})
