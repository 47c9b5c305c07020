"""Arrays that compiled code is lent: no reference to them is counted, and those looked up by address are the same memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cli_runner import environment, python
from numba import types

from jukinet_sim.base import compiled as C
from jukinet_sim.base.borrowed import listed, rows_listed, words_at
from jukinet_sim.base.lines import LINE_BYTES, on_lines
from jukinet_sim.chance import sampling
from jukinet_sim.engine import streams
from jukinet_sim.engine.fast import heap, moves, servers
from jukinet_sim.engine.fast.loop import loop

OF_THE_LOOP = (
    loop(True, False), loop(False, True), heap.push, moves.schedule, servers.begin, streams.fill_block, streams.draw_one,
)  # fmt: skip
_ints, _halves, _rows = listed(types.int64), listed(types.int32), rows_listed(types.float64)


@C.compiled
def _changed(address: int, length: int) -> float:
    table = words_at(address, length)
    whole, half, rows = _ints(table, 0), _halves(table, 2), _rows(table, 4, 3)
    whole[1] += 10
    half[2] = whole.size + half.size
    rows[1, 2] += rows.shape[0] * 100.0 + rows.shape[1]
    return float(rows[0, 1])


@pytest.mark.parametrize("function", OF_THE_LOOP, ids=lambda function: function.__name__)
def test_the_loop_counts_no_references(function: object) -> None:
    """What the loop is made of is compiled without; only what makes arrays is not."""
    assert getattr(function, "targetoptions")["_nrt"] is False  # noqa: B009  # a function to the type checker
    assert "_nrt" not in getattr(sampling._gamma_nodes, "targetoptions")  # noqa: B009
    assert C.BORROWED == {"_nrt": False}


def test_code_without_references(tmp_path: Path) -> None:
    """The machine code of a compiled function that takes and looks up arrays calls nothing that counts, and another does."""
    (tmp_path / "run.py").write_text("""
import numpy as np
from numba import types
from jukinet_sim.base.borrowed import listed, words_at
from jukinet_sim.base.compiled import allocating, compiled
ints = listed(types.int64)

def first(table, a, n):
    rows = ints(table, 0)
    while n > 0:
        a, rows = rows[1:], a
        n -= 1
    return a[0] + rows[0]

def made(n):
    return np.zeros(n)

a = np.arange(5)
borrows, makes = compiled(first), allocating(made)
print(borrows(np.array([a.ctypes.data, a.size]), a, 3))
makes(2)
for function in (borrows, makes):
    (code,) = function.inspect_asm().values()
    print("NRT_" in code)
""")
    done = python("import run", folder=tmp_path, env={**environment(), "NUMBA_CACHE_DIR": str(tmp_path / "cache")})
    assert (done.stdout, done.stderr) == ("3\nFalse\nTrue\n", "")


def test_arrays_looked_up_by_address_are_the_same_memory() -> None:
    """Integers, half words and rows of floats are found with their lengths, and written in place."""
    whole, half, rows = np.arange(4), np.arange(6, dtype=np.int32), np.arange(6.0).reshape(2, 3)
    table = np.array([n for array in (whole, half, rows) for n in (array.ctypes.data, array.size)], dtype=np.int64)
    assert _changed(table.ctypes.data, len(table)) == 1.0
    assert whole.tolist() == [0, 11, 2, 3]
    assert half.tolist() == [0, 1, 10, 3, 4, 5]
    assert rows.tolist() == [[0.0, 1.0, 2.0], [3.0, 4.0, 208.0]]


@pytest.mark.parametrize("shape", [1, 7, 64, 100_003, (3, 5)])
def test_arrays_begin_at_a_line(shape: int | tuple[int, ...]) -> None:
    """The first word stands at a multiple of the line, all words are zero, or the value asked for, and can be written."""
    for value in (0, heap.NEVER):
        found = on_lines(shape, value)
        assert found.ctypes.data % LINE_BYTES == 0
        assert found.shape == (shape if isinstance(shape, tuple) else (shape,))
        assert (found == value).all()
        assert found.flags.writeable
        assert found.flags.c_contiguous
        assert found.view(np.float64).dtype == np.float64


def test_a_numba_without_the_option_counts_and_works(tmp_path: Path) -> None:
    """Where numba no longer knows the option, functions are compiled without it."""
    (tmp_path / "run.py").write_text("""
import numba.core.options
del numba.core.options.DefaultOptions._nrt
from jukinet_sim.base.compiled import BORROWED, compiled

def doubled(x: float) -> float:
    return 2.0 * x

print(BORROWED, compiled(doubled)(1.5))
""")
    done = python("import run", folder=tmp_path, env={**environment(), "NUMBA_CACHE_DIR": str(tmp_path / "cache")})
    assert (done.stdout, done.stderr) == ("{} 3.0\n", "")
