"""The rarer moves as functions that the event loop calls by address, so that it compiles without them.

A network that is not rich, see the page of this package, never compiles them at all.
"""

from __future__ import annotations

import functools

from jukinet_sim.base.borrowed import words_at
from jukinet_sim.base.compiled import address_of, float_of
from jukinet_sim.engine.fast import attempts, keeping, servers, special, tokens
from jukinet_sim.engine.fast import world as W


def _change(at: int, tick: int, now: int, _: int, __: int, ___: int, ____: int) -> float:
    servers.change_by_date(words_at(at, W.LENGTH), tick, float_of(now))
    return 0.0


def _is_stuck(at: int, _: int, __: int, ___: int, ____: int, _____: int, ______: int) -> float:
    return 1.0 if special.nothing_can_move(words_at(at, W.LENGTH)) else 0.0


def _begin(at: int, slot: int, now: int, _: int, __: int, ___: int, ____: int) -> float:
    attempts.begin_attempt(words_at(at, W.LENGTH), slot, float_of(now))
    return 0.0


def _happen(at: int, slot: int, now: int, _: int, __: int, ___: int, ____: int) -> float:
    special.happen(words_at(at, W.LENGTH), slot, float_of(now))
    return 0.0


def _enter(at: int, slot: int, s: int, now: int, demand: int, _: int, __: int) -> float:
    again = special.enter(words_at(at, W.LENGTH), slot, s, float_of(now), float_of(demand))
    return 1.0 if again else 0.0


def _finish(at: int, slot: int, now: int, _: int, __: int, ___: int, ____: int) -> float:
    attempts.finish(words_at(at, W.LENGTH), slot, float_of(now))
    return 0.0


def _meter(at: int, slot: int, p: int, now: int, _: int, __: int, ___: int) -> float:
    return tokens.ask(words_at(at, W.LENGTH), slot, p, float_of(now))


def _keep(at: int, what: int, slot: int, s: int, now: int, demand: int, _: int) -> float:
    keeping.act(words_at(at, W.LENGTH), what, slot, s, float_of(now), float_of(demand))
    return 0.0


FUNCTIONS = {
    "change": _change, "is_stuck": _is_stuck, "begin": _begin, "happen": _happen, "enter": _enter, "finish": _finish,
    "meter": _meter,
}  # fmt: skip
"""By their names in the world."""
KEEPING = {"keep": _keep}
"""The one of which only networks have use whose jobs keep servers after service."""


@functools.cache
def addresses(keeps: bool = False) -> dict[str, int]:
    """Where they stand in this process, with those for a network that `keeps` servers or without; compiled on first use."""
    return {name: address_of(function) for name, function in (FUNCTIONS | (KEEPING if keeps else {})).items()}
