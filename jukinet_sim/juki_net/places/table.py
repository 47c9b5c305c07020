"""The municipalities of a run as columns of equal length; the row number is the place's index everywhere below.

Optional columns are None where nothing is known of any place; a single unknown cell is 0 (counts), NaN (measures) or
None (dates) and means the scenario's general figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Municipalities:
    """Code, name, prefecture (0..46), population and more of each municipality, a row each; arrays are read-only."""

    code: tuple[str, ...]
    name: tuple[str, ...]
    prefecture: NDArray[np.int64]
    population: NDArray[np.int64]
    connected: NDArray[np.bool_]
    """Whether the place is on the network."""
    cs_servers: NDArray[np.int64] | None = None
    """Servers of its communication server; 0 where not given."""
    cs_service_s: NDArray[np.float64] | None = None
    """Mean time in which one of them handles a message, seconds."""
    line_bit_rate: NDArray[np.float64] | None = None
    """Its line to the prefecture, bit/s."""
    terminals: NDArray[np.int64] | None = None
    """Counter terminals; 0 where not given."""
    card_share: NDArray[np.float64] | None = None
    """Residents who hold a card, as a fraction."""
    kiosk_from: tuple[dt.date | None, ...] | None = None
    """First day of certificates at shop kiosks; None where there are none."""

    def __post_init__(self) -> None:
        """Check that columns have one length and make the arrays read-only."""
        columns = [getattr(self, field.name) for field in fields(self)]
        if len({len(column) for column in columns if column is not None}) != 1:
            raise ValueError("the columns of municipalities differ in length")
        for column in columns:
            if isinstance(column, np.ndarray):
                column.flags.writeable = False

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
        *,
        cs_servers: Sequence[int] | None = None,
        cs_service_s: Sequence[float] | None = None,
        line_bit_rate: Sequence[float] | None = None,
        terminals: Sequence[int] | None = None,
        card_share: Sequence[float] | None = None,
        kiosk_from: Sequence[dt.date | None] | None = None,
    ) -> Municipalities:
        """Turn columns of plain values into municipalities."""
        return cls(
            code=tuple(code),
            name=tuple(name),
            prefecture=np.array(prefecture, np.int64),
            population=np.array(population, np.int64),
            connected=np.array(connected, np.bool_),
            cs_servers=None if cs_servers is None else np.array(cs_servers, np.int64),
            cs_service_s=None if cs_service_s is None else np.array(cs_service_s, np.float64),
            line_bit_rate=None if line_bit_rate is None else np.array(line_bit_rate, np.float64),
            terminals=None if terminals is None else np.array(terminals, np.int64),
            card_share=None if card_share is None else np.array(card_share, np.float64),
            kiosk_from=None if kiosk_from is None else tuple(kiosk_from),
        )

    def by_size(self) -> NDArray[np.intp]:
        """Give the row numbers by population, largest first, ties by code."""
        by_code = np.array(sorted(range(len(self)), key=self.code.__getitem__), dtype=np.intp)
        return by_code[np.argsort(-self.population[by_code], kind="stable")]

    def rows(self, numbers: Sequence[int]) -> Municipalities:
        """Give the municipalities of some rows, in the order of the numbers."""
        chosen: dict[str, Any] = {}
        for field in fields(self):
            column = getattr(self, field.name)
            if isinstance(column, np.ndarray):
                chosen[field.name] = column[list(numbers)]
            else:
                chosen[field.name] = None if column is None else tuple(column[number] for number in numbers)
        return Municipalities(**chosen)
