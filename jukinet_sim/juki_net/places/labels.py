"""What places are called, made when somebody asks: a nation of a million places need not keep a million more names."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray


class Labels(Sequence[str]):
    """Names of places by their numbers."""

    @abstractmethod
    def label(self, place: int) -> str:
        """Return what a place is called; its number is not negative."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join([*self[:3], *(['..'] if len(self) > 3 else [])])})"

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        found = range(len(self))[at]
        return self.label(found) if isinstance(found, int) else tuple(self.label(place) for place in found)


class TownLabels(Labels):
    """Municipalities: their code and their name."""

    def __init__(self, codes: Sequence[str], names: Sequence[str]) -> None:
        self._codes, self._names = codes, names

    def __len__(self) -> int:
        return len(self._codes)

    def label(self, place: int) -> str:
        """Return code and name of a municipality."""
        return f"{self._codes[place]} {self._names[place]}"


class TerminalLabels(Labels):
    """Terminals: their municipality and a number in it, pool by pool."""

    def __init__(self, pools: Sequence[NDArray[np.int64]], towns: Labels) -> None:
        self.parents = np.concatenate([np.repeat(np.arange(len(seats)), seats) for seats in pools])
        """The municipality of each terminal, by its number."""
        self._numbers = np.concatenate([np.arange(seats.sum()) - np.repeat(np.cumsum(seats) - seats, seats) for seats in pools])
        self._towns = towns

    def __len__(self) -> int:
        return len(self.parents)

    def label(self, place: int) -> str:
        """Return the municipality of a terminal with the terminal's number there."""
        return f"{self._towns.label(int(self.parents[place]))} {self._numbers[place] + 1}"
