"""Compiled code is out of date as soon as a source has changed that has a part in it, and not before."""

from __future__ import annotations

import ast
import functools
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

import numba.core.caching
import pytest

import jukinet_sim
from jukinet_sim.base import compiled
from jukinet_sim.base.errors import JukinetError
from jukinet_sim.engine.fast import calls, drawing, heap
from jukinet_sim.engine.fast.loop import loop

PACKAGE = Path(jukinet_sim.__file__).parent
STAMPED = {file.relative_to(PACKAGE).as_posix() for pattern in compiled.SOURCES for file in PACKAGE.glob(pattern)}
EVERY = {file.relative_to(PACKAGE).as_posix() for file in PACKAGE.rglob("*.py")}
DRAWING = {"chance/draws.py", "chance/sampling.py", "chance/portable.py"}
WITHOUT_NUMBERS = {"base/errors.py", "base/lines.py"}
"""Imported by compiled files, for messages and for where arrays begin."""
RAISES_AT_IMPORT = """
import numba.core.caching as caching
def load(self): return {}
caching.IndexDataCacheFile._load_index = load
from jukinet_sim.base.errors import JukinetError
try:
    from jukinet_sim.engine.fast import engine
except JukinetError as error:
    print(error)
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of every source file of the package."""
    copied = tmp_path_factory.mktemp("package")
    for name in EVERY:
        (copied / name).parent.mkdir(parents=True, exist_ok=True)
        (copied / name).write_bytes((PACKAGE / name).read_bytes())
    return copied


def test_exactly_the_compiled_sources_are_stamped(copy: Path) -> None:
    """A change of any of them changes the stamp; a change of another file, or of none, does not."""
    before = compiled.source_stamp(copy)
    assert before == compiled.source_stamp(PACKAGE)
    changing = set()
    for name in EVERY:
        content = (copy / name).read_bytes()
        (copy / name).write_bytes(content + b"# changed\n")
        if compiled.source_stamp(copy) != before:
            changing.add(name)
        (copy / name).write_bytes(content)
    assert changing == STAMPED
    assert compiled.source_stamp(copy) == before


def test_new_and_moved_sources_are_seen(copy: Path) -> None:
    """A new file among them changes the stamp, and so does text that moves from one file to the next."""
    before = compiled.source_stamp(copy)
    new = copy / "engine" / "fast" / "zzz.py"
    new.write_bytes(b"")
    assert compiled.source_stamp(copy) != before
    new.unlink()
    first, second = copy / "engine" / "fast" / "heap.py", copy / "engine" / "fast" / "loop.py"
    texts = first.read_bytes(), second.read_bytes()
    first.write_bytes(texts[0][:-1])
    second.write_bytes(texts[0][-1:] + texts[1])
    assert compiled.source_stamp(copy) != before
    first.write_bytes(texts[0])
    second.write_bytes(texts[1])


@functools.cache
def imported(name: str) -> set[str]:
    """Give the files of the package that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((PACKAGE / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("jukinet_sim"):
            base = (node.module or "").removeprefix("jukinet_sim").lstrip(".").replace(".", "/")
            for path in (f"{base}.py", *(f"{base}/{alias.name}.py".lstrip("/") for alias in node.names)):
                found |= {path} & EVERY
    return found


def compiled_files() -> set[str]:
    """Give the files that use the means of `compiled` to compile something, rather than to ask what is kept."""
    asking = {"experiments/compiled.py"}
    return {name for name in EVERY if "base/compiled.py" in imported(name) and not name.startswith("cli/")} - asking


def test_every_compiled_file_is_stamped() -> None:
    """Whoever compiles is stamped, with everything of the package it imports that is not known to hold no number."""
    assert {"engine/observe.py", "engine/fast/loop.py", *DRAWING} <= compiled_files()
    assert compiled_files() <= STAMPED
    for name in compiled_files():
        assert imported(name) - WITHOUT_NUMBERS <= STAMPED, name


def functions_of(module: ModuleType) -> Iterator[FunctionType]:
    """Yield the functions that a module has compiled, or would."""
    for value in vars(module).values():
        function = getattr(value, "py_func", value)
        if isinstance(function, FunctionType) and function.__module__ == module.__name__:
            yield function


def reached(function: Any, seen: dict[str, Any]) -> None:
    """Collect what a function and those it calls name in the package's modules, as numba follows them."""
    function = getattr(function, "py_func", function)
    if not isinstance(function, FunctionType) or function.__qualname__ in seen:
        return
    seen[function.__qualname__] = function
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        parts = [getattr(value, part, None) for part in function.__code__.co_names]
        for found in parts if isinstance(value, ModuleType) else [value]:
            if getattr(found, "__module__", "").startswith("jukinet_sim"):
                reached(found, seen)


def test_everything_the_loop_reaches_is_stamped() -> None:
    """Every function inlined into the loop, or called by address, stands in a stamped file."""
    seen: dict[str, Any] = {}
    for function in (loop(True, True), *calls.FUNCTIONS.values(), *functions_of(drawing)):
        reached(function, seen)
    files = {Path(function.__code__.co_filename).relative_to(PACKAGE).as_posix() for function in seen.values()}
    assert {"engine/observe.py", "engine/streams.py", *DRAWING} <= files <= STAMPED


def test_the_stamp_is_what_numba_compares() -> None:
    """Every function's cache has the stamp of the package, and finds nothing under another."""
    for owner in (heap.push, loop(False, False)):
        index = compiled._index_of(owner)
        assert index._source_stamp == compiled.source_stamp(PACKAGE)
    index = numba.core.caching.IndexDataCacheFile("", "", "old")
    assert index._source_stamp == "old"


def test_other_stamps_find_nothing(tmp_path: Path) -> None:
    """What was kept under one stamp is not found under another."""
    kept = numba.core.caching.IndexDataCacheFile(str(tmp_path), "function", "stamp of then")
    kept._save_index({"signature": "function.1.nbc"})
    assert kept._load_index()
    assert not numba.core.caching.IndexDataCacheFile(str(tmp_path), "function", "stamp of now")._load_index()


def renamed(self: Any) -> dict[str, str]:
    """Stand for a method that knows no stamp under the name that we write."""
    return dict(self._digest)


@pytest.mark.parametrize(
    "caching",
    [
        SimpleNamespace(),
        SimpleNamespace(IndexDataCacheFile=SimpleNamespace()),
        SimpleNamespace(IndexDataCacheFile=SimpleNamespace(_load_index=renamed, _save_index=renamed)),
        SimpleNamespace(
            IndexDataCacheFile=SimpleNamespace(
                _load_index=numba.core.caching.IndexDataCacheFile._load_index, _save_index=renamed
            )
        ),
    ],
)
def test_a_strange_numba_is_refused(caching: Any) -> None:
    """A numba whose private parts have other names cannot be told to forget old code, so it is an error."""
    with pytest.raises(JukinetError, match=r"numba 9\.9 keeps compiled code in a way .* install numba"):
        compiled.check_cache(caching, "9.9")


@pytest.mark.parametrize("owner", [SimpleNamespace(_cache=SimpleNamespace()), SimpleNamespace(_cache=None), SimpleNamespace()])
def test_a_function_without_a_stamp_is_refused(owner: Any) -> None:
    """A function whose cache has no stamp where we put ours is refused, not left with what is on disk."""
    with pytest.raises(JukinetError, match="keeps compiled code"):
        compiled._stamp(owner)


def test_a_strange_numba_is_refused_at_import() -> None:
    """The engine cannot even be imported with it."""
    done = subprocess.run([sys.executable, "-c", RAISES_AT_IMPORT], capture_output=True, text=True, check=True)
    assert "install numba" in done.stdout
