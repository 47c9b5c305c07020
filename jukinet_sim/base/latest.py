"""Answers that are kept for the thing asked about last, such as a network of which every station and flow asks the same."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Answers = TypeVar("Answers", bound=Callable[..., Any])


def of_the_latest(answer: Answers) -> Answers:
    """Keep what a function answers about its first argument, for each of the further ones, until it is asked about another.

    Things are told apart by identity, as one that is frozen stays as it is; further arguments have to be hashable.
    """
    kept: list[tuple[object, dict[tuple[object, ...], object]]] = []

    @wraps(answer)
    def kept_or_found(about: object, *further: object) -> object:
        # Another thread may ask about another thing at any time: what is kept may be thrown away then, but never mixed up.
        asked, answers = kept[0] if kept else (None, {})
        if asked is not about:
            answers = {}
            kept[:] = [(about, answers)]
        if further not in answers:
            answers[further] = answer(about, *further)
        return answers[further]

    return kept_or_found  # type: ignore[return-value]  # it is called just as the function is
