"""The municipalities of a run as columns of equal length; the row number is the place's index everywhere below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Municipalities:
    """Code, name, prefecture (0..46), population and whether on the network, a row per municipality; read-only."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    prefecture: NDArray[np.int64]
    population: NDArray[np.int64]
    connected: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Check that columns have one length and make the arrays read-only."""
        columns = (self.code, self.name, self.prefecture, self.population, self.connected)
        if len({len(column) for column in columns}) != 1:
            raise ValueError("the columns of municipalities differ in length")
        for array in (self.prefecture, self.population, self.connected):
            array.flags.writeable = False

    def __len__(self) -> int:
        """Give the number of municipalities."""
        return len(self.code)

    @classmethod
    def from_columns(
        cls,
        code: Sequence[str],
        name: Sequence[str],
        prefecture: Sequence[int],
        population: Sequence[int],
        connected: Sequence[bool],
    ) -> Municipalities:
        """Turn columns of plain values into municipalities."""
        return cls(
            code=tuple(code),
            name=tuple(name),
            prefecture=np.array(prefecture, np.int64),
            population=np.array(population, np.int64),
            connected=np.array(connected, np.bool_),
        )
