"""How long scheduled jobs, such as files of records, take when nobody is in their way, against the time they have.

A file is worked one visit at a time, so however many servers are idle it can be the first to miss its window's end.
"""

from __future__ import annotations

from dataclasses import dataclass

from jukinet_sim.network.model import Branch, Choose, Delay, Gate, Loop, Network, Scheduled, Step, Switch, Visit


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

    Flows whose way depends on chance, states or the calendar are left out: the time they take alone is no one number. So are
    those that take none, which only set others off.
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


def _alone_s(steps: tuple[Step, ...], records: int, lot: int) -> float | None:
    """Mean seconds a job of so many records spends on these steps without waiting, `lot` of them in hand; None if undecided."""
    total = 0.0
    for step in steps:
        match step:
            case Visit():
                parts = sum(part.scale_s * (part.value.mean - part.less) for part in step.parts)
                total += step.demand.mean + step.per_record_s * lot + parts
            case Delay():
                total += step.delay.mean
            case Gate() | Branch() | Switch() | Choose():
                return None
            case Loop():
                inside = _rounds_s(step, records, lot)
                if inside is None:
                    return None
                total += inside
    return total


def _rounds_s(loop: Loop, records: int, lot: int) -> float | None:
    """Mean seconds of all rounds of a loop; the last lot of records may be a smaller one."""
    if loop.per_records is None:
        once = _alone_s(loop.body, records, lot)
        return None if once is None else (loop.times or 0) * once
    whole, rest = divmod(records, loop.per_records)
    full, last = _alone_s(loop.body, records, loop.per_records), _alone_s(loop.body, records, rest)
    return None if full is None or last is None else whole * full + (last if rest else 0.0)
