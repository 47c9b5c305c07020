"""Arrays that compiled code looks up by their addresses. Nobody counts references to them: whoever made them keeps them alive.

numba's own `carray` returns an array from a function, which counts a reference to it; what is made here is part of its caller.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np import arrayobj

__all__ = ["listed", "rows_listed", "words_at"]

make_array: Any = arrayobj.make_array
populate_array: Any = arrayobj.populate_array
_WORD = ir.IntType(64)
_WORDS = types.Array(types.int64, 1, "C")


def _array(context: Any, builder: Any, kind: Any, address: Any, shape: list[Any]) -> Any:
    """Return the array of a kind that begins at an address, its last axis in one piece."""
    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    strides = [ir.Constant(_WORD, size)]
    for length in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], length))
    data = builder.inttoptr(address, context.get_data_type(kind.dtype).as_pointer())
    made = make_array(kind)(context, builder)
    populate_array(made, data=data, shape=shape, strides=strides, itemsize=strides[-1], meminfo=None)
    return made._getvalue()


def _entry(context: Any, builder: Any, signature: Any, args: Any) -> tuple[Any, Any]:
    """Return the address and the length that stand one after the other in a table."""
    data = make_array(signature.args[0])(context, builder, args[0]).data
    at = context.cast(builder, args[1], signature.args[1], types.int64)
    first = builder.gep(data, [at])
    return builder.load(first), builder.load(builder.gep(first, [ir.Constant(ir.IntType(32), 1)]))


def listed(dtype: Any) -> Callable[[Any, int], Any]:
    """Return a function of a table and a place in it: the array of this type whose address and length stand there."""
    kind = types.Array(dtype, 1, "C")

    def look_up(typingctx: Any, table: Any, at: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            address, length = _entry(context, builder, signature, args)
            return _array(context, builder, kind, address, [length])

        return kind(table, at), build

    return cast("Callable[[Any, int], Any]", intrinsic(look_up))


def rows_listed(dtype: Any) -> Callable[[Any, int, int], Any]:
    """Return the same for arrays with columns, whose number is the third argument."""
    kind = types.Array(dtype, 2, "C")

    def look_up(typingctx: Any, table: Any, at: Any, width: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            address, length = _entry(context, builder, signature, args)
            columns = context.cast(builder, args[2], signature.args[2], types.int64)
            return _array(context, builder, kind, address, [builder.sdiv(length, columns), columns])

        return kind(table, at, width), build

    return cast("Callable[[Any, int, int], Any]", intrinsic(look_up))


def _words_at(typingctx: Any, address: Any, length: Any) -> Any:
    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        numbers = [context.cast(builder, x, t, types.int64) for x, t in zip(args, signature.args, strict=True)]
        return _array(context, builder, _WORDS, numbers[0], numbers[1:])

    return _WORDS(address, length), build


words_at = cast("Callable[[int, int], Any]", intrinsic(_words_at))
"""The array of so many integers of 8 bytes at an address."""
