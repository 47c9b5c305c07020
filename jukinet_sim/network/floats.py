"""Float arrays that descriptions hold, which nobody changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def frozen_floats(values: object) -> Floats:
    """Return a read-only float64 copy; what is one already is shared, as by many flows of a nation."""
    if isinstance(values, np.ndarray) and values.dtype == np.float64 and values.base is None and not values.flags.writeable:
        return values
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array
