"""Arguments of compiled functions go by place, so each that bears the name of a parameter has to stand at its place."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

import jukinet_sim
from jukinet_sim.base.compiled import SOURCES

ROOT = Path(jukinet_sim.__file__).parent
FILES = [file for pattern in (*SOURCES, "engine/reference/*.py") for file in sorted(ROOT.glob(pattern))]
TREES = {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8")) for file in FILES}


def compiled_functions() -> dict[str, list[str]]:
    """Give the parameters of every compiled function whose name only one function has."""
    every = [node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    names = Counter(node.name for node in every)
    return {
        node.name: [argument.arg for argument in node.args.args]
        for node in every
        if names[node.name] == 1 and any(ast.unparse(d) in ("compiled", "inlined") for d in node.decorator_list)
    }


FUNCTIONS = compiled_functions()


def last_name(node: ast.expr) -> str:
    """Give `x` for x and for y.x, nothing for anything else."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def misplaced(tree: ast.AST, functions: dict[str, list[str]]) -> list[str]:
    """Name the arguments in a file that stand where another parameter has their name, and calls of a wrong length."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or any(isinstance(argument, ast.Starred) for argument in node.args):
            continue
        name = last_name(node.func)
        parameters = functions.get(name, [])
        if parameters and len(node.args) != len(parameters):
            found.append(f"line {node.lineno}: {name} takes {len(parameters)} arguments")
        names = [last_name(argument) for argument in node.args]
        for parameter, own in zip(parameters, names, strict=False):
            if own in parameters and own != parameter and own not in names[parameters.index(own) :][:1]:
                found.append(f"line {node.lineno}: {name} takes {own} as {parameter}")
    return found


@pytest.mark.parametrize("file", TREES)
def test_arguments_stand_at_their_names(file: str) -> None:
    """No call swaps two arguments that are named as the parameters are."""
    assert {"fill_block", "completed", "new_job", "give_back", "draw_places", "_replay", "share"} <= FUNCTIONS.keys()
    assert misplaced(TREES[file], FUNCTIONS) == []


def test_a_swap_is_seen() -> None:
    """Two swapped arguments are both named, and so is a call with one too few."""
    tree = ast.parse("f(w.b, a, c)\nm.f(a, b)\nf(x, y, z)")
    assert misplaced(tree, {"f": ["a", "b", "c"]}) == [
        "line 1: f takes b as a", "line 1: f takes a as b", "line 2: f takes 3 arguments",
    ]  # fmt: skip
