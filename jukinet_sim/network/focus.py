"""Where and when one metric is looked at: at one place or the worst, in one stretch of time or the busiest bin of a width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

HOUR_S = 3600.0
MOST_BINS = 1_000_000
"""Bins of one width that a run may have: the engine stops at the end of each."""


@dataclass(frozen=True)
class Focus:
    """One metric, by its name in the catalogue, of one part (or of the sum of several that bear a family's name).

    With neither `busiest_s` nor `from_s` it is the whole observed run. `key` is the canonical text by which results know it.
    """

    key: str
    kind: Literal["flow", "station", "pool"]
    parts: tuple[str, ...]
    metric: str
    place: int | None = None
    """Number of the only place looked at; a group as a whole where neither this nor `worst` is given."""
    worst: bool = False
    """Whether it is the place with the worst value."""
    busiest_s: float | None = None
    """Width of the bins of which the busiest counts."""
    from_s: float | None = None
    to_s: float | None = None
    """The only stretch of time looked at."""


def focus_key(kind: str, name: str, metric: str, window: str = "", place: str = "") -> str:
    """Return the canonical text of a focus: `station db utilisation, busiest 1 h, worst place`."""
    return ", ".join(filter(None, (f"{kind} {name} {metric}", window, place)))


@dataclass(frozen=True)
class Bins:
    """Bins that follow each other: number i goes from `(first + i) * width_s` to `(first + i + 1) * width_s`."""

    width_s: float
    first: int
    count: int


def whole_bins(width_s: float, warm_up_s: float, horizon_s: float) -> Bins:
    """Return the bins of a width, aligned with time 0, that lie wholly between the end of the warm-up and the horizon.

    An edge that misses either by no more than the rounding of a product lies on it.
    """
    first = _multiple(warm_up_s / width_s, up=True)
    return Bins(width_s, first, max(0, _multiple(horizon_s / width_s, up=False) - first))


def _multiple(ratio: float, *, up: bool) -> int:
    near = round(ratio)
    if abs(ratio - near) <= 1e-12 * max(1.0, ratio):
        return near
    return int(ratio) + up


def place_number(text: str, count: int, labels: Sequence[str]) -> int | None:
    """Return the number of the place that people mean: by its label, the code or the name in it, or else its number.

    None where no place is called so, or several are.
    """
    if not labels:
        return int(text) if text.isascii() and text.isdigit() and str(int(text)) == text and int(text) < count else None
    for names in (list(labels), [label.partition(" ")[0] for label in labels], [label.partition(" ")[2] for label in labels]):
        if names.count(text) == 1:
            return names.index(text)
    return None
