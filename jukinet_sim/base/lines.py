"""Arrays that begin at a cache line, so that a record of eight words is one line of memory and not parts of two."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

LINE_BYTES = 64


def on_lines(shape: int | tuple[int, ...], value: int = 0) -> NDArray[np.int64]:
    """Return an array of integers of 8 bytes, each of this value, that begins at a cache line."""
    words = math.prod(shape) if isinstance(shape, tuple) else shape
    memory = np.zeros(8 * words + LINE_BYTES, dtype=np.uint8)
    first = -memory.ctypes.data % LINE_BYTES
    found: NDArray[Any] = memory[first : first + 8 * words].view(np.int64).reshape(shape)
    if value:
        found.fill(value)
    return found
