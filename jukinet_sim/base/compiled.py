"""How this package compiles: always cached, IEEE division, no fast-math; and the bit casts and indices compiled code needs.

Only arithmetic that is the same on every machine may be compiled, so options that reorder or fuse operations stay off.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba.core.caching
import numba.core.config
import numba.core.options
from llvmlite import ir
from numba import config, njit, types
from numba.core.ccallback import CFunc
from numba.core.registry import cpu_target
from numba.core.runtime.nrt import rtsys
from numba.extending import intrinsic

from jukinet_sim.base.errors import JukinetError, UsageError

__all__ = [
    "address_of", "allocating", "bits_of", "call", "compiled", "float_of", "inlined", "is_cached", "is_kept", "ix",
    "prefetch",
]  # fmt: skip
F = TypeVar("F", bound=Callable[..., Any])

if config.DISABLE_JIT:  # type: ignore[attr-defined]  # numba sets its options when it is loaded
    # Uncompiled, the draws would overflow and the casts below cannot be called at all.
    raise UsageError(
        "numba's compiler is switched off by NUMBA_DISABLE_JIT, and nothing can be simulated without it; run again with "
        "`env -u NUMBA_DISABLE_JIT`, and take disable_jit out of .numba_config.yaml if that file is there"
    )


SOURCES = ("base/borrowed.py", "base/compiled.py", "chance/*.py", "engine/*.py", "engine/fast/*.py")
"""The files whose functions are compiled, and those from which they take numbers. The rest may change without a new compile."""
_NUMBA = "0.68"
"""The latest version of numba whose private parts were looked at."""


def source_stamp(package: Path) -> str:
    """Return a digest of every source file of the package that has a part in compiled code, wherever it is inlined."""
    digest = hashlib.blake2b(digest_size=16)
    for pattern in SOURCES:
        for file in sorted(package.glob(pattern)):
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


@functools.cache
def _own_stamp() -> str:
    return source_stamp(Path(__file__).parents[1])


def check_cache(caching: Any, version: str = numba.__version__) -> None:
    """Refuse a numba that does not compare the stamps of its files as we know it: changed sources would run as old code.

    `caching` is `numba.core.caching`, of which no part that we need is public.
    """
    index = getattr(caching, "IndexDataCacheFile", None)
    for method in ("_load_index", "_save_index"):
        code = getattr(getattr(index, method, None), "__code__", None)
        if "_source_stamp" not in getattr(code, "co_names", ()):
            raise _strange_numba(version)


def _strange_numba(version: str) -> JukinetError:
    return JukinetError(
        f"numba {version} keeps compiled code in a way that this program does not know, so that it could run code of sources "
        f"that have changed since; install numba {_NUMBA}"
    )


check_cache(numba.core.caching)


BORROWED: dict[str, Any] = {"_nrt": False} if hasattr(numba.core.options.DefaultOptions, "_nrt") else {}
"""Arrays are borrowed from the caller, who keeps them alive: counting references to them costs the event loop a twentieth to a
fifth of its time. The option is private to numba; without it, code is slower and does the same."""


UNWRAPPED: dict[str, Any] = {"no_cfunc_wrapper": True} if hasattr(numba.core.options.DefaultOptions, "no_cfunc_wrapper") else {}
"""No wrapper for C, a thirtieth of all there is to compile, as nothing calls it; `address_of` makes what C calls."""


def _cached(function: F, *, inline_everywhere: bool = False, **options: Any) -> F:
    """Compile with a disk cache that is out of date as soon as any compiled file has changed.

    numba looks at the file of the function alone, although code of other files is inlined into it.
    """
    dispatcher: Any = njit(error_model="numpy", forceinline=inline_everywhere, **UNWRAPPED, **options)(function)
    _keep(dispatcher)
    return cast(F, dispatcher)


def _index_of(owner: Any) -> Any:
    """Return numba's index of what it keeps on disk for a function, None where it keeps nothing. Raises JukinetError."""
    cache = getattr(owner, "_cache", None)
    if isinstance(cache, numba.core.caching.NullCache):
        return None
    index = getattr(cache, "_cache_file", None)
    if "_source_stamp" not in getattr(index, "__dict__", ()):
        raise _strange_numba(numba.__version__)
    return index


def _keep(owner: Any) -> None:
    """Let numba keep on disk what it compiles, wherever it may write; elsewhere it is compiled for this process alone."""
    try:
        owner.enable_caching()
    except RuntimeError:  # what numba raises where neither the package nor the user has a folder to write to
        return
    _stamp(owner)
    save = owner._cache.save_overload

    def save_if_possible(*arguments: Any) -> None:
        # A disk that fills up costs time in the next run, not this run.
        with contextlib.suppress(OSError):
            save(*arguments)

    owner._cache.save_overload = save_if_possible
    load = getattr(owner._cache, "_load_overload", None)
    if load is None:
        return

    def load_alone(signature: Any, context: Any) -> Any:
        # What is loaded needs numba's runtime. All that numba can compile, which it would learn here first, takes a third of a
        # second, and it learns that anyway before it compiles.
        rtsys.initialize(context)
        return load(signature, context)

    owner._cache.load_overload = load_alone


def is_kept(function: Callable[..., Any]) -> bool:
    """Tell whether there is a folder in which what a function of `compiled` compiles to can be kept."""
    return getattr(getattr(function, "_cache", None), "_cache_file", None) is not None


def _stamp(owner: Any) -> None:
    """Give whatever keeps a cache the digest of all sources in place of the date of its own."""
    index = _index_of(owner)
    if index is not None:
        index._source_stamp = _own_stamp()


def compiled(function: F) -> F:
    """Compile on first call and keep the result on disk; the function makes no array and returns none."""
    return _cached(function, **BORROWED)


def inlined(function: F) -> F:
    """Compile into every caller: for the small steps of the event loop."""
    return _cached(function, inline_everywhere=True, **BORROWED)


def allocating(function: F) -> F:
    """Compile, as `compiled` does, a function that makes arrays."""
    return _cached(function)


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


def _call_seven(typingctx: Any, f: Any, a: Any, b: Any, c: Any, d: Any, e: Any, g: Any, h: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.FunctionType(ir.DoubleType(), [ir.IntType(64)] * 7)
        numbers = [context.cast(builder, x, t, types.int64) for x, t in zip(args[1:], signature.args[1:], strict=True)]
        return builder.call(builder.inttoptr(args[0], kind.as_pointer()), numbers)

    return types.float64(types.int64, a, b, c, d, e, g, h), build


call = cast("Callable[..., float]", intrinsic(_call_seven))
"""Call the function at an address that `address_of` gave, with its seven integers."""


def address_of(function: Callable[..., float]) -> int:
    """Return the address, in this process, of a function of seven integers that returns a float; compiled if not in the cache.

    Raises JukinetError where there is no address.
    """
    callback = _callback(function)
    callback.compile()
    if not callback.address:
        raise JukinetError(f"numba gave no address of {function.__name__}, so it cannot be called from compiled code")
    _KEPT_ALIVE.append(callback)
    return cast(int, callback.address)


def is_cached(function: Callable[..., Any]) -> bool:
    """Whether a compiled function, or one for `address_of`, will be found compiled; true where that cannot be told."""
    owner = function if hasattr(function, "_cache") else _callback(function)
    index = _index_of(owner)
    try:
        # The index answers with nothing when the sources have changed since; there is no public question for that. Functions
        # that one function makes share an index, in which a key ends with the processor and what they close over.
        if index is None:
            return True
        wanted = owner._cache._index_key(None, cpu_target.target_context.codegen())[1:]
        return any(key[1:] == wanted for key in index._load_index())
    except Exception:
        return True


def _callback(function: Callable[..., float]) -> Any:
    """Return a C function that keeps what it compiles on disk, not compiled yet."""
    callback = CFunc(function, ((types.int64,) * 7, types.float64), locals={}, options={"error_model": "numpy", **BORROWED})
    _keep(callback)
    return callback


_KEPT_ALIVE: list[Any] = []


def _prefetch(typingctx: Any, array: Any, at: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, args[0]).data
        byte, word = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, word, word, word])
        fetched = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        # It will be read (0), stays of use (3), and is data (1).
        builder.call(fetched, [builder.bitcast(builder.gep(data, [args[1]]), byte), word(0), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(array, at), build


prefetch = cast("Callable[[Any, int], None]", intrinsic(_prefetch))
"""Let the cache line with an entry of an array come from memory while something else is done; changes nothing."""

bits_of = cast("Callable[[float], int]", intrinsic(_bits_of))
"""The 64 bits of a float as an int64; non-negative floats keep their order."""

float_of = cast("Callable[[int], float]", intrinsic(_float_of))
"""The float whose 64 bits are the given int64."""

ix = cast("Callable[[int], int]", intrinsic(_ix))
"""An index known not to be negative: compiled code need not look for one that counts from the end, which costs the event
loop about a fifth of its time."""
