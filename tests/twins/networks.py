"""The random networks that `verify` compares, with every choice drawn by hypothesis, so that what fails shrinks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from jukinet_sim.network.model import Network
from jukinet_sim.verify.random_networks.networks import make_network

T = TypeVar("T")
Draw = Callable[[st.SearchStrategy[Any]], Any]


class DrawnChooser:
    """Choices that hypothesis makes, and makes simpler: lower numbers, False and earlier options."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        """Draw a whole number."""
        drawn: int = self._draw(st.integers(low, high))
        return drawn

    def floating(self, low: float, high: float) -> float:
        """Draw any number between both, the awkward ones preferred."""
        drawn: float = self._draw(st.floats(low, high))
        return drawn

    def boolean(self, one_in: int = 2) -> bool:
        """Draw True once in so many times."""
        return self.integer(1, one_in) == one_in

    def choice(self, options: Sequence[T]) -> T:
        """Draw one of the options."""
        return options[self.integer(0, len(options) - 1)]


@st.composite
def networks(draw: Draw) -> Network:
    """Draw a network."""
    return make_network(DrawnChooser(draw), "random")
