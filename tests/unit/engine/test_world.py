"""What compiled code is handed: every array under its own name, of the kind it is read as, and no address of 0."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jukinet_sim.base.errors import JukinetError
from jukinet_sim.engine import flow_table, layout
from jukinet_sim.engine.fast import calls, drawing, engine
from jukinet_sim.engine.fast import world as W
from jukinet_sim.engine.program import compile_program
from tests.golden.golden import SCENARIOS, compiled

FILES = sorted(Path(W.__file__).parent.glob("*.py"))
READERS = {"ints": (W.Ints, False), "floats": (W.Floats, False), "halves": (W.Ints32, False), "int_rows": (W.Ints, True),
           "float_rows": (W.Floats, True)}  # fmt: skip
MODULES = {"L": layout, "F": flow_table}
LEAN = next(path for path in SCENARIOS if path.stem == "loops")
RICH = next(path for path in SCENARIOS if path.stem == "sharing")
KEEPS = next(path for path in SCENARIOS if path.stem == "kept")


def test_constants_stand_where_fields_stand() -> None:
    """Every field has its constant, and two that are swapped are named."""
    assert W.misplaced(vars(W)) == []
    assert W.misplaced({**vars(W), "JI": W.JF, "JF": W.JI}) == ["ji", "jf"]
    assert W.misplaced({**vars(W), "BEGIN": W.HAPPEN}) == ["begin"]
    assert set(W.offsets()) == set(W.World._fields) - {"table"}
    assert sorted([*W.offsets().values(), W.SELF]) == [*range(0, W.SELF, 2), *range(W.SELF, W.LENGTH)]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("X, HEAP, GATES, AGENDA, JI, JF", "X, HEAP, GATES, AGENDA, JF, JI"), ("    si: Ints\n    sf", "    st: Ints\n    sf")],
)
def test_a_swap_is_refused_at_import(right: str, wrong: str) -> None:
    """The file cannot be imported with its table in another order than its fields."""
    source = Path(W.__file__).read_text(encoding="utf-8")
    assert source.count(right) == 1
    module = ModuleType(W.__name__)
    with pytest.raises(ImportError, match="bring World and the constants of its table into one order"):
        exec(compile(source.replace(right, wrong), W.__file__, "exec"), vars(module))


def assigned(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield target and value of each assignment, those of tuples one by one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                    yield from zip(target.elts, node.value.elts, strict=True)
                else:
                    yield target, node.value


def read_name(value: ast.expr) -> str | None:
    """Give the field that an expression reads: `W.ints(w, W.JI)`, `w[W.WORDS]` or `w.ji`."""
    if isinstance(value, ast.Call) and len(value.args) > 1 and ast.unparse(value.func) in {f"W.{name}" for name in READERS}:
        return ast.unparse(value.args[1]).removeprefix("W.").lower()
    if isinstance(value, ast.Subscript) and ast.unparse(value.value) == "w":
        return ast.unparse(value.slice).removeprefix("W.").lower()
    if isinstance(value, ast.Attribute) and ast.unparse(value.value) == "w":
        return value.attr
    return None


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_fields_are_read_under_their_names(file: Path) -> None:
    """A variable that bears the name of a field holds that field, never another."""
    for target, value in assigned(ast.parse(file.read_text(encoding="utf-8"))):
        name = ast.unparse(target)
        field = read_name(value)
        if field is not None and name in W.World._fields:
            assert name == field, f"{file.name}:{value.lineno}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_fields_are_read_as_what_they_are(file: Path) -> None:
    """Whole numbers, floats and half words are read as such; tables in rows of their own width, and only those."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        name = read_name(node) if isinstance(node, ast.Call) else None
        if name is None or not isinstance(node, ast.Call):
            continue
        kind, in_rows = READERS[ast.unparse(node.func).removeprefix("W.")]
        where = f"{file.name}:{node.lineno}: {name}"
        assert W._HINTS[name] == kind, where
        if in_rows:
            module, constant = ast.unparse(node.args[2]).split(".")
            assert getattr(MODULES[module], constant) == W.COLUMNS[name], where
        else:
            assert name not in W.COLUMNS or name == "samplers_tail", where


@pytest.fixture
def no_calls(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Give an engine that must not run addresses of its functions, without compiling them."""
    fake = {name: 1000 + i for i, name in enumerate(W.FUNCTIONS)}
    monkeypatch.setattr(calls, "addresses", lambda _: fake)
    monkeypatch.setattr(drawing, "addresses", dict)
    for drawn_at_once in ("_sit_down", "_set_up"):
        monkeypatch.setattr(engine, drawn_at_once, lambda *_: None)
    return fake


def engine_of(path: Path) -> engine.FastEngine:
    """Give an engine for a golden scenario."""
    network, seed = compiled(path)
    return engine.FastEngine(compile_program(network), seed, 0)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_table_points_to_the_arrays(path: Path, no_calls: dict[str, int]) -> None:
    """The table has each array's address and length at its name's offset, and each number at its own."""
    world = engine_of(path)._world
    for name in W.ARRAYS:
        at = W.offsets()[name]
        assert world.table[at] == getattr(world, name).ctypes.data, name
        assert world.table[at + 1] == getattr(world, name).size, name
    assert all(world.table[W.offsets()[name]] == getattr(world, name) for name in W.NUMBERS)
    assert world.table[W.SELF] == world.table.ctypes.data
    for whole, views in W.VIEWS.items():
        assert {getattr(world, view).ctypes.data for view in views} == {getattr(world, whole).ctypes.data}


@pytest.mark.parametrize("name", W.FUNCTIONS)
def test_an_address_of_0_is_refused(name: str, no_calls: dict[str, int]) -> None:
    """A network that needs functions by address does not begin to run without one of them."""
    no_calls[name] = 0
    with pytest.raises(JukinetError, match=f"no address of {name}"):
        engine_of(KEEPS if name == "keep" else RICH)


def test_lean_networks_call_nothing(no_calls: dict[str, int]) -> None:
    """A network that calls nothing by address has 0 there, and is not refused."""
    world = engine_of(LEAN)._world
    assert [getattr(world, name) for name in W.FUNCTIONS] == [0] * len(W.FUNCTIONS)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_whatever_calls_is_rich(path: Path) -> None:
    """A network with a special station, a dated change, a time-out, a bucket or members that think is a rich one."""
    program = compile_program(compiled(path)[0])
    kinds = set(program.steps[:, layout.K_KIND].tolist()) - {layout.TIMER, layout.CLOCK}
    timed = (program.flow_i[: len(program.network.flows), flow_table.A_TIMEOUT] >= 0).any()
    rare = kinds & ({layout.SPECIAL, layout.METER, layout.RETRY, layout.THINK} | set(range(layout.PATIENT, layout.RETRY)))
    assert program.rich == bool(rare or timed or len(program.timeline_s) or program.clocks.any())
    assert not (program.lean and program.rich)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("states", np.zeros(3)), ("times", np.zeros((1, 4), dtype=np.int64)), ("j32", np.zeros(8, dtype=np.int64)),
        ("links", np.zeros((4, 2), dtype=np.int64)[:, 0]), ("flow_i", np.zeros((1, 3), dtype=np.int64)),
    ],
)  # fmt: skip
def test_a_wrong_array_is_refused(name: str, wrong: NDArray[Any]) -> None:
    """An array of another kind or width than its field says, or in pieces, is not handed over."""
    world = engine_of(LEAN)._world
    with pytest.raises(JukinetError, match=f"cannot read {name}"):
        W.table_of(world._replace(**{name: wrong}))
