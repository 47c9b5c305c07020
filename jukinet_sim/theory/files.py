"""How long scheduled jobs, such as files of records, take when nobody is in their way, against the time they have.

A file is worked one visit at a time, so however many servers are idle it can be the first to miss its window's end.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from jukinet_sim.network.model import EXIT, Branch, Choose, Delay, Gate, Loop, Network, Scheduled, Step, Switch, Visit, jumps
from jukinet_sim.theory.routes import mean_demand_s


@dataclass(frozen=True)
class FileTime:
    """The largest file of a flow with a due time: its records, when it comes, seconds it takes alone and seconds it has."""

    flow: str
    records: int
    at_s: float
    alone_s: float
    due_s: float

    @property
    def growth(self) -> float:
        """By what its records may be multiplied, as near as a time that grows with them tells."""
        return self.due_s / self.alone_s


def file_times(network: Network) -> tuple[FileTime, ...]:
    """Give the largest file of each flow that has scheduled jobs and a due time, the tightest first.

    Flows that take longer on one way than on another, be it by chance, state or calendar, are left out: the time they take
    alone is no one number. So are those that take none, which only set others off.
    """
    found = []
    for flow in network.flows:
        if not isinstance(flow.arrivals, Scheduled) or flow.due_s is None or not flow.arrivals.records:
            continue
        records = max(flow.arrivals.records)
        alone_s = _alone_s(flow.route, records, records)
        if alone_s:
            at_s = float(flow.arrivals.at_s[flow.arrivals.records.index(records)])
            found.append(FileTime(flow.name, records, at_s, alone_s, flow.due_s))
    return tuple(sorted(found, key=lambda file: file.growth))


def _alone_s(steps: tuple[Step, ...], records: int, lot: int, *, inside: bool = False) -> float | None:
    """Mean seconds a job of so many records spends on these steps without waiting, `lot` of them in hand; None if undecided.

    Whichever way it goes has to take as long: messages that raise an alarm do so beside their way. Who leaves the network
    `inside` a loop goes through fewer rounds than others, and who is sent back does some steps more often.
    """
    labels = {step.label: number for number, step in enumerate(steps) if step.label}
    left: list[float | None] = [None] * len(steps) + [0.0]
    for number in reversed(range(len(steps))):
        here = _step_s(steps[number], records, lot)
        ways = [None if here is None else left[after] for after in _following(steps, number, labels, inside=inside)]
        known = [way for way in ways if way is not None]
        alike = len(known) == len(ways) and math.isclose(min(known), max(known), abs_tol=1e-9)
        left[number] = (here or 0.0) + max(known) if alike else None
    return left[0]


def _step_s(step: Step, records: int, lot: int) -> float | None:
    """Mean seconds that one step takes; None where that depends on when a job comes."""
    match step:
        case Visit():
            return mean_demand_s(step) + step.per_record_s * lot
        case Delay():
            return step.delay.mean
        case Gate():
            return None
        case Loop():
            return _rounds_s(step, records, lot)
    return 0.0


def _following(steps: tuple[Step, ...], number: int, labels: dict[str, int], *, inside: bool) -> Iterator[int]:
    """Yield the positions where a job without obstacles may be after a step; the same one where no one number comes of it."""
    step = steps[number]
    if isinstance(step, Branch | Switch | Choose):
        for label in jumps(step):
            if label is None or label == EXIT:
                yield number if inside else len(steps)
            else:
                yield max(labels[label], number)
    if not isinstance(step, Branch | Choose):
        yield number + 1


def _rounds_s(loop: Loop, records: int, lot: int) -> float | None:
    """Mean seconds of all rounds of a loop; the last lot of records may be a smaller one."""
    if loop.per_records is None:
        once = _alone_s(loop.body, records, lot, inside=True)
        return None if once is None else (loop.times or 0) * once
    whole, rest = divmod(records, loop.per_records)
    full, last = (_alone_s(loop.body, records, hand, inside=True) for hand in (loop.per_records, rest))
    return None if full is None or last is None else whole * full + (last if rest else 0.0)
