"""The house stands: every file imports only from lower floors or its own room, in no circle, and keeps the laws of its place.

Files are read, not run, so imports within functions and under TYPE_CHECKING count as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = "jukinet_sim"
ROOT = Path(__file__).parents[1] / PACKAGE
FILES = sorted(path for path in ROOT.rglob("*.py") if "__pycache__" not in path.parts)

FLOORS: dict[str, int] = {
    "base": 0,
    "chance": 1, "calendar": 1, "statistics": 1, "crypto": 1, "authentication": 1,
    "network": 2, "metrics": 2, "design": 2, "fitting": 2,
    "engine": 3, "theory": 3,
    "language": 4,
    "juki_net": 5,
    "scenario": 6,
    "results": 7,
    "experiments": 8,
    "verify": 9,
    "report": 10,
    "guide": 11,
    "serve": 12,
    "api": 13, "cli": 13, "__init__": 13, "__main__": 13,
}  # fmt: skip
"""Rooms by floor; neighbours on one floor do not know each other, but for the roof."""
ROOF = ("api", "cli", "__init__", "__main__")
"""Under the roof all may meet."""

COMPILED = re.compile(r"^(engine\b|base\.(compiled|borrowed)$|chance\b)")
"""Where numba may be imported."""
GENERIC_ROOMS = {
    "base", "chance", "network", "engine", "theory", "metrics", "language", "results", "design", "fitting", "statistics",
    "crypto", "authentication",
}  # fmt: skip
"""Rooms that know stations and jobs, not whom they stand for."""
DOMAIN_DOORS = {"domain", "starter"}
"""The files of `juki_net` that the rooms above it may know: the object it is met through, and what `init` writes."""
GENERATORS = re.compile(r"^(random|secrets|uuid)(\.|$)|^numpy\.random(\.|$)")
"""Modules that make random numbers."""
GENERATING_CALLS = re.compile(r"(^|\.)(urandom|getrandom|uuid1|uuid4)$|^(np|numpy)\.random(\.|$)")
DOMAIN_WORDS = re.compile(r"municipal|prefect|agenc(y|ies)|juki|resident", re.IGNORECASE)
OUR_NAME = re.compile(r"jukinet_sim|jukinet-sim|JukinetError|\bjukinet\b")

Law = Callable[[str, str], list[str]]


def module_of(path: Path) -> str:
    """The dotted name of a file below the package: `engine.loop`, `facts` for its `__init__`, `__init__` for the package's."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def is_module(dotted: str) -> bool:
    """Whether the package has a module of this dotted name below it."""
    at = ROOT.joinpath(*dotted.split("."))
    return at.is_dir() or at.with_suffix(".py").is_file()


@cache
def parsed(source: str) -> ast.Module:
    """The syntax tree of a text; every law reads every file."""
    return ast.parse(source)


@cache
def imports(module: str, source: str) -> tuple[tuple[int, str], ...]:
    """Line and absolute dotted name of everything that a file imports, wherever it does so."""
    return tuple(_imports(module, source))


def _imports(module: str, source: str) -> Iterator[tuple[int, str]]:
    is_room = ROOT.joinpath(*module.split(".")).is_dir()
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                here = [PACKAGE, *module.split(".")]
                above = here[: len(here) - node.level + is_room]
                base = ".".join([*above, base] if base else above)
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def rooms_used(module: str, source: str) -> Iterator[tuple[int, str]]:
    """Line and room of everything that a file imports from the package; its front door counts as the room `__init__`."""
    for line, name in imports(module, source):
        package, _, rest = name.partition(".")
        if package == PACKAGE:
            room = rest.split(".")[0]
            yield line, room if room and is_module(room) else "__init__"


def may_import(room: str, other: str) -> bool:
    """Whether a file in one room may import from another."""
    return room == other or FLOORS[other] < FLOORS[room] or (room in ROOF and other in ROOF)


def one_way(module: str, source: str) -> list[str]:
    """A file imports only from lower floors or its own room."""
    room = module.split(".")[0]
    if room not in FLOORS:
        return [f"{module}: the room {room} is on no floor"]
    return [
        f"{module}:{line}: imports from {other}" for line, other in rooms_used(module, source) if not may_import(room, other)
    ]


def dotted(node: ast.expr) -> str:
    """The text of a dotted name; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def one_source_of_chance(module: str, source: str) -> list[str]:
    """Random numbers come from `draws` alone; keys of real exchanges, which no run sees, from `entropy`."""
    if module in ("chance.draws", "crypto.entropy"):
        return []
    found = [f"{module}:{line}: imports {name}" for line, name in imports(module, source) if GENERATORS.search(name)]
    found += [f"{module}:{line}: imports {name}" for line, name in imports(module, source) if GENERATING_CALLS.search(name)]
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Attribute) and GENERATING_CALLS.search(dotted(node)):
            found.append(f"{module}:{node.lineno}: uses {dotted(node)}")
    return found


def simpy_in_one_file(module: str, source: str) -> list[str]:
    """Only one file of the reference engine knows SimPy."""
    if module == "engine.reference.time":
        return []
    return [f"{module}:{line}: imports {name}" for line, name in imports(module, source) if name.split(".")[0] == "simpy"]


def numba_in_few_rooms(module: str, source: str) -> list[str]:
    """Only the engines and the draws are compiled."""
    if COMPILED.match(module):
        return []
    return [
        f"{module}:{line}: imports {name}"
        for line, name in imports(module, source)
        if name.split(".")[0] in ("numba", "llvmlite")
    ]


def cryptography_on_demand(module: str, source: str) -> list[str]:
    """The library of real keys is loaded in one file, when it is first asked for: plans and runs do without it."""
    return [
        f"{module}:{line}: imports {name}" for line, name in imports(module, source) if name.split(".")[0] == "cryptography"
    ]


def nothing_evaluated(module: str, source: str) -> list[str]:
    """No text is run as code."""
    return [
        f"{module}:{node.lineno}: calls {node.func.id}"
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("eval", "exec")
    ]


def domain_by_its_doors(module: str, source: str) -> list[str]:
    """The rooms above `juki_net` meet it through its doors alone, so that what lies inside may move."""
    if module.split(".")[0] == "juki_net":
        return []
    found = []
    for line, name in imports(module, source):
        parts = name.split(".")
        if parts[:2] == [PACKAGE, "juki_net"] and parts[2] not in DOMAIN_DOORS:
            found.append(f"{module}:{line}: imports {name}")
    return found


def no_domain_words_below(module: str, source: str) -> list[str]:
    """Generic rooms know stations and jobs, not whom they stand for."""
    if module.split(".")[0] not in GENERIC_ROOMS:
        return []
    return [
        f"{module}:{line}: says {found[0]}"
        for line, text in enumerate(source.splitlines(), start=1)
        if (found := DOMAIN_WORDS.search(OUR_NAME.sub("", text)))
    ]


LAWS: tuple[Law, ...] = (
    one_way,
    one_source_of_chance,
    simpy_in_one_file,
    numba_in_few_rooms,
    cryptography_on_demand,
    nothing_evaluated,
    domain_by_its_doors,
    no_domain_words_below,
)


def needs(sources: dict[str, str]) -> dict[str, set[str]]:
    """For each file the other files that it imports, wherever it does so."""
    found: dict[str, set[str]] = {module: set() for module in sources}
    for module, source in sources.items():
        for _, name in imports(module, source):
            other = name.removeprefix(f"{PACKAGE}.")
            while other and other not in sources:
                other = other.rpartition(".")[0]
            found[module] |= {other} - {"", module}
    return found


def a_cycle(sources: dict[str, str]) -> list[str]:
    """Files each of which imports the next, and the last the first; none where there is no such circle."""
    try:
        TopologicalSorter(needs(sources)).prepare()
    except CycleError as circle:
        files: list[str] = circle.args[1]
        return files
    return []


def letters(sources: dict[str, str]) -> set[tuple[str, str]]:
    """Each one-letter name under which some file imports a module of the package, with that module."""
    return {
        (alias.asname, f"{node.module}.{alias.name}")
        for source in sources.values()
        for node in ast.walk(parsed(source))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(PACKAGE)
        for alias in node.names
        if alias.asname and len(alias.asname) == 1
    }


def sources_below(room: str) -> dict[str, str]:
    """The text of every file of a room, or of the whole house, by module."""
    every = {module_of(path): path.read_text(encoding="utf-8") for path in FILES}
    return {module: text for module, text in every.items() if not room or module.split(".")[0] == room}


def test_no_circles() -> None:
    """No file imports itself by way of others, for type checkers and within functions included."""
    assert a_cycle(sources_below("")) == []


def test_circles_are_seen() -> None:
    """A circle through two files is named, although one of them closes it for type checkers only."""
    one = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from jukinet_sim.b import X"
    assert sorted(set(a_cycle({"a": one, "b": "from . import a", "c": "from jukinet_sim import a"}))) == ["a", "b"]
    assert a_cycle({"a": one, "b": "import ast", "c": "from jukinet_sim import a, b"}) == []


def test_letters() -> None:
    """A letter means one module throughout the house, and a module has one letter."""
    pairs = letters(sources_below(""))
    assert len(pairs) == len({letter for letter, _ in pairs}) == len({module for _, module in pairs}) >= 6


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.__name__)
def test_law(law: Law) -> None:
    """Every file of the package keeps the law."""
    assert FILES
    assert not [fault for path in FILES for fault in law(module_of(path), path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(
    ("law", "module", "source"),
    [
        (one_way, "engine.fast", "from jukinet_sim.results import store"),
        (one_way, "engine.fast", "from jukinet_sim import results"),
        (one_way, "engine.fast", "from jukinet_sim import theory"),
        (one_way, "theory.queues", "import jukinet_sim.engine.fast.loop"),
        (one_way, "theory.queues", "from ..engine import loop"),
        (one_way, "network.model", "def f():\n    from jukinet_sim.engine.program import Program"),
        (one_way, "juki_net.facts", "if TYPE_CHECKING:\n    from jukinet_sim.scenario.load import Loaded"),
        (one_way, "results.manifest", "from jukinet_sim import __version__"),
        (one_way, "calendar.days", "from jukinet_sim.chance.draws import uniform_pair"),
        (domain_by_its_doors, "scenario.load", "def f():\n    from jukinet_sim.juki_net import facts"),
        (domain_by_its_doors, "report.explain", "from jukinet_sim.juki_net.schema import JukiNet"),
        (one_way, "cellar.wine", "import numpy"),
        (one_source_of_chance, "engine.fast", "import random"),
        (one_source_of_chance, "engine.fast", "from numpy import random"),
        (one_source_of_chance, "engine.fast", "from numpy.random import default_rng"),
        (one_source_of_chance, "engine.fast", "import numpy as np\nrng = np.random.default_rng(1)"),
        (one_source_of_chance, "results.store", "import secrets"),
        (one_source_of_chance, "results.store", "from uuid import uuid4"),
        (one_source_of_chance, "results.store", "import os\nname = os.urandom(8)"),
        (one_source_of_chance, "results.store", "from os import urandom"),
        (simpy_in_one_file, "engine.fast", "def f():\n    from simpy.events import Event"),
        (numba_in_few_rooms, "theory.queues", "from numba import njit"),
        (cryptography_on_demand, "crypto.library", "def f():\n    from cryptography import x509"),
        (one_way, "crypto.suite", "from jukinet_sim.statistics import intervals"),
        (one_source_of_chance, "crypto.records.aead", "import os\nnonce = os.urandom(12)"),
        (nothing_evaluated, "scenario.load", "x = eval('1')"),
        (no_domain_words_below, "engine.loop", "# one queue per municipality"),
        (no_domain_words_below, "engine.loop", "class JukiServer: pass"),
    ],
)
def test_law_sees(law: Law, module: str, source: str) -> None:
    """Each law reports a file that breaks it."""
    assert len(law(module, source)) >= 1


@pytest.mark.parametrize(
    ("law", "module", "source"),
    [
        (one_way, "engine.fast", "from jukinet_sim.engine import loop\nfrom jukinet_sim.network.model import Network"),
        (one_way, "engine.fast", "from . import loop\nfrom ..network import model"),
        (one_way, "juki_net.flows.compile", "from jukinet_sim.juki_net import facts"),
        (one_way, "base.units", "from jukinet_sim.base.errors import Fault"),
        (domain_by_its_doors, "scenario.load", "from jukinet_sim.juki_net.domain import DOMAIN"),
        (domain_by_its_doors, "juki_net.nation", "from jukinet_sim.juki_net import facts"),
        (one_way, "cli.app", "from jukinet_sim import __version__"),
        (one_source_of_chance, "crypto.entropy", "import os\nkey = os.urandom(16)"),
        (cryptography_on_demand, "crypto.library", "part('hazmat.primitives.hashes')"),
        (one_source_of_chance, "engine.fast", "from jukinet_sim.chance.draws import uniform_pair\nrandom = True"),
        (simpy_in_one_file, "engine.reference.time", "import simpy"),
        (numba_in_few_rooms, "engine.loop", "from numba import njit"),
        (nothing_evaluated, "scenario.load", "def evaluate(x): return x\nevaluate(1)"),
        (no_domain_words_below, "engine.loop", "from jukinet_sim.base.errors import JukinetError"),
        (no_domain_words_below, "juki_net.flows.compile", "# one queue per municipality"),
    ],
)
def test_law_allows(law: Law, module: str, source: str) -> None:
    """Each law lets pass what is right."""
    assert law(module, source) == []


def test_every_room_has_its_floor() -> None:
    """The floor table names each room of the package and no other."""
    assert {module_of(path).split(".")[0] for path in FILES} == set(FLOORS)
