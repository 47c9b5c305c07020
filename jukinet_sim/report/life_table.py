"""The life of a job as a table of what happened when, in plain words, as wide as tables are at most."""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from jukinet_sim.base.units import format_duration
from jukinet_sim.report.terminal import WIDTH, Table, table

if TYPE_CHECKING:
    from jukinet_sim.experiments.life_record import Entry, Life, Other

_BETWEEN = 3
"""Blanks between two columns."""
_NAMED = 6
"""Longer lists of jobs are shortened to so many and a count."""
_LEAST_DECIMALS, _MOST_DECIMALS = 3, 9
_EXACT_DIGITS = 15
"""Significant digits that a float is sure to hold."""


def life_table(life: Life, starts: dt.datetime | None = None) -> Iterator[str | Table]:
    """Yield the lines about a job; `starts` is the date and time of time 0, where the scenario has a calendar."""
    yield f"{life.job} of {life.network}, replication {life.replication}, seed {life.seed}"
    yield _outcome(life)
    decimals = _decimals([entry.at_s for entry in life.entries])
    rows = [_Row(entry, decimals, starts) for entry in life.entries]
    names = ("time s", *(("date and time",) if starts else ()), "step", "what happens")
    fixed = [max(len(name), *(len(row.cells[i]) for row in rows)) for i, name in enumerate(names[:-1])]
    width = WIDTH - sum(fixed) - _BETWEEN * len(fixed)
    before, after = (rows[: len(rows) - _kept_last(life)], rows[len(rows) - _kept_last(life) :])
    lines = [row.cells_in(width) for row in before]
    if life.left_out:
        lines.append(["..."] + [""] * (len(names) - 2) + [f"{life.left_out:,} more, left out"])
        lines += [row.cells_in(width) for row in after]
    yield table(names, lines, left=0, right=1)


def life_document(life: Life, starts: dt.datetime | None = None) -> dict[str, Any]:
    """Return the life as a JSON document: times in seconds, `starts` the date and time of time 0 or null."""
    return {**asdict(life), "starts": None if starts is None else starts.isoformat()}


def _kept_last(life: Life) -> int:
    """How many entries stand behind the gap, where there is one."""
    from jukinet_sim.experiments.life_record import LAST

    return LAST if life.left_out else 0


def _outcome(life: Life) -> str:
    """How it ended, when, and how long it waited."""
    spent = format_duration(life.ended_s - life.arrived_s)
    attempts = f" in {life.attempts} attempts" if life.attempts > 1 else ""
    waited = f"{format_duration(life.waited_s)} of that waiting in queues" if life.waited_s else "without waiting in queues"
    return f"{life.outcome}{attempts}, {spent} after it arrived, {waited}"


def _decimals(times: Sequence[float]) -> int:
    """Decimals that tell the closest two of some times apart to three digits, as far as a float can."""
    gaps = [b - a for a, b in pairwise(times) if b > a]
    wanted = 2 - math.floor(math.log10(min(gaps))) if gaps else 0
    sure = _EXACT_DIGITS - len(str(int(max(times, default=0.0))))
    return max(_LEAST_DECIMALS, min(wanted, sure, _MOST_DECIMALS))


class _Row:
    """An entry as cells; the last one, the words, may need several lines."""

    def __init__(self, entry: Entry, decimals: int, starts: dt.datetime | None) -> None:
        time = f"{entry.at_s:,.{decimals}f}"
        clock = [] if starts is None else [_clock(starts, entry.at_s)]
        self.cells = [time, *clock, entry.step]
        self.words = _words(entry, decimals)

    def cells_in(self, width: int) -> list[str]:
        """Return the cells, the words in lines of that width."""
        return [*self.cells, textwrap.fill(self.words, max(width, 20), break_long_words=False, subsequent_indent="  ")]


def _clock(starts: dt.datetime, at_s: float) -> str:
    """Date and clock time to the millisecond, not rounded up."""
    when = starts + dt.timedelta(milliseconds=math.floor(at_s * 1000.0))
    return f"{when:%Y-%m-%d %H:%M:%S}.{when.microsecond // 1000:03d}"


def _words(entry: Entry, decimals: int) -> str:
    """Return what happened, and who went before while the job waited."""
    said = _SENTENCES[entry.what](entry)
    if entry.served_before:
        said += f"; meanwhile went before it: {_list(entry.served_before, decimals)}"
    return said


def _list(others: Sequence[Other], decimals: int) -> str:
    """Name some jobs with their times, the first few if there are many."""
    named = ", ".join(f"{other.job} at {other.at_s:,.{decimals}f}" for other in others[:_NAMED])
    return named + (f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else "")


def _names(others: Sequence[Other]) -> str:
    """Name some jobs, the first few if there are many."""
    named = ", ".join(other.job for other in others[:_NAMED])
    return named + (f" and {len(others) - _NAMED:,} more" if len(others) > _NAMED else "")


def _time(seconds: float | None) -> str:
    return "ever" if seconds is None else format_duration(seconds)


def _after(entry: Entry) -> str:
    """How long the wait was that this ends."""
    return f" after {_time(entry.waited_s)}" if entry.waited_s is not None else ""


def _came(entry: Entry) -> str:
    said = f"comes to {entry.where} for {_time(entry.seconds)} of service"
    if entry.in_service:
        said += f"; in service: {_names(entry.in_service)}"
    if entry.ahead:
        said += f"; ahead in the queue: {_names(entry.ahead)}"
    if not entry.in_service and not entry.ahead:
        said += "; nobody is there"
    return f"{said}; {entry.detail}" if entry.detail else said


def _started(entry: Entry) -> str:
    if entry.detail == "shared":
        return f"service at {entry.where} begins, shared with all who are there"
    wait = f", after {_time(entry.waited_s)} in the queue" if entry.waited_s else ""
    return f"service at {entry.where} begins{wait}, for {_time(entry.seconds)}"


def _stopped(entry: Entry) -> str:
    why = _for_nobody(entry) or f": {entry.detail}"
    return f"service at {entry.where} stops{why}; {_time(entry.seconds)} of it left; back to the head of the queue"


def _resumed(entry: Entry) -> str:
    return f"service at {entry.where} goes on{_for_nobody(entry)}{_after(entry)}; {_time(entry.seconds)} of it left"


def _for_nobody(entry: Entry) -> str:
    """Return what to add where the client had left before."""
    return ", for nobody any more," if entry.detail == "for nobody" else ""


def _retries(entry: Entry) -> str:
    why = "refused" if entry.detail == "refused" else "gave up"
    return f"{why}; tries again {f'in {_time(entry.seconds)}' if entry.seconds else 'at once'}"


def _timed_out(entry: Entry) -> str:
    where = f" ({entry.where})" if entry.where else ""
    wait = f", {_time(entry.waited_s)} of waiting" if entry.waited_s is not None else ""
    return f"the attempt times out {entry.detail}{where}{wait}"


def _waits_for_token(entry: Entry) -> str:
    ahead = f"; ahead of it: {_names(entry.ahead)}" if entry.ahead else ""
    return f"waits for a token of {entry.where}{ahead}"


_SENTENCES: dict[str, Callable[[Entry], str]] = {
    "arrived": lambda e: "arrives" + (f", {e.detail}" if e.detail else ""),
    "came": _came,
    "refused": lambda e: f"{e.where} is full and refuses it",
    "queued": lambda e: f"waits in the queue of {e.where}",
    "started": _started,
    "preempted": _stopped,
    "resumed": _resumed,
    "rescaled": lambda e: f"{e.where} changes its speed; {_time(e.seconds)} of the service left",
    "served": lambda e: f"service at {e.where}{_for_nobody(e)} ends",
    "lost patience": lambda e: f"loses its patience{_after(e)} in the queue of {e.where}",
    "timed out": _timed_out,
    "waits for a token": _waits_for_token,
    "took a token": lambda e: f"takes a token of {e.where}{_after(e)}",
    "gave a token back": lambda e: f"gives its token of {e.where} back",
    "delayed": lambda e: f"pauses for {_time(e.seconds)}",
    "at a gate": lambda e: f"waits at a gate for {_time(e.seconds)}",
    "branched": lambda e: "the branch leads out" if e.detail == "out" else f"the branch leads to {e.detail}",
    "switched": lambda e: e.detail,
    "assigned": lambda e: f"from now on {e.detail}",
    "round": lambda e: f"begins round {e.detail}",
    "spawned": lambda e: f"starts {e.detail}",
    "retries": _retries,
    "lost": lambda e: "leaves: refused, and does not try again",
    "abandoned": lambda e: "leaves: gave up, and does not try again",
    "completed": lambda e: "leaves: its route is done",
}
