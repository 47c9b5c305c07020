"""Answers kept for the latest thing: once for each question, by identity, and never another thing's."""

from __future__ import annotations

from collections.abc import Callable

from jukinet_sim.base.latest import of_the_latest


class Thing:
    """Something to ask about; two of them are equal."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Thing)

    __hash__ = None  # type: ignore[assignment]  # a network with arrays has none either


def counting() -> tuple[Callable[..., object], list[tuple[object, ...]]]:
    """A function that answers with what it was asked, and how often it had to."""
    asked: list[tuple[object, ...]] = []

    @of_the_latest
    def answer(about: object, *further: object) -> object:
        asked.append((about, *further))
        return (id(about), *further)

    return answer, asked


def test_each_question_is_answered_once_about_the_latest() -> None:
    """Asked again, nothing is worked out again, until another thing has been asked about."""
    answer, asked = counting()
    one, other = Thing(), Thing()
    assert [answer(one, 1), answer(one, 2), answer(one, 1)] == [(id(one), 1), (id(one), 2), (id(one), 1)]
    assert len(asked) == 2
    assert answer(other, 1) == (id(other), 1)
    assert answer(one, 1) == (id(one), 1)
    assert len(asked) == 4


def test_who_asks_in_between_is_not_mixed_up() -> None:
    """A thing that is asked about while another is being answered, as another thread may, gets its own answers."""
    one, other = Thing(), Thing()

    @of_the_latest
    def answer(about: object, _: int) -> object:
        if about is one:
            assert inner(other, 1) is other
        return about

    inner = answer
    assert answer(one, 1) is one
    assert answer(other, 1) is other
    assert answer(one, 1) is one


def test_a_failure_is_not_kept() -> None:
    """Who asks again what could not be answered has it tried again."""
    fails = [True]

    @of_the_latest
    def answer(_: object) -> str:
        if fails.pop():
            raise ValueError
        return "now"

    thing = Thing()
    try:
        answer(thing)
    except ValueError:
        fails.append(False)
    assert answer(thing) == "now"
