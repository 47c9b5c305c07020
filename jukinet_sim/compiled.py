"""How this package compiles: always cached, IEEE division, no fast-math; and the bit casts and indices compiled code needs.

Only arithmetic that is the same on every machine may be compiled, so options that reorder or fuse operations stay off.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

F = TypeVar("F", bound=Callable[..., Any])


@functools.cache
def _source_stamp() -> str:
    """A digest of every source file that is compiled, wherever it is inlined."""
    package = Path(__file__).parent
    files = sorted([*package.glob("*.py"), *(package / "engine").glob("*.py")])
    digest = hashlib.blake2b(digest_size=16)
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _cached(function: F, *, inline_everywhere: bool) -> F:
    """Compile with a disk cache that is out of date as soon as any compiled file has changed.

    numba looks at the file of the function alone, although code of other files is inlined into it.
    """
    dispatcher = njit(cache=True, error_model="numpy", forceinline=inline_everywhere)(function)
    index = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
    if index is not None:
        index._source_stamp = _source_stamp()
    return cast(F, dispatcher)


def compiled(function: F) -> F:
    """Compile on first call and keep the result on disk."""
    return _cached(function, inline_everywhere=False)


def inlined(function: F) -> F:
    """Compile into every caller: for the small steps of the event loop."""
    return _cached(function, inline_everywhere=True)


def _bits_of(typingctx: Any, x: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), build


def _float_of(typingctx: Any, i: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), build


def _ix(typingctx: Any, i: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return context.cast(builder, args[0], signature.args[0], types.uint64)

    return types.uint64(i), build


bits_of = cast("Callable[[float], int]", intrinsic(_bits_of))
"""The 64 bits of a float as an int64; non-negative floats keep their order."""

float_of = cast("Callable[[int], float]", intrinsic(_float_of))
"""The float whose 64 bits are the given int64."""

ix = cast("Callable[[int], int]", intrinsic(_ix))
"""An index known not to be negative: compiled code need not look for one that counts from the end, which costs the event
loop about a fifth of its time."""
