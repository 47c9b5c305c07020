"""Every figure of the report beside a run: conserved, derived, structure or not a flow, each with its reason.

Only a volume that was put in exactly can fail: it must come out exactly, whatever the period and the scale of the scenario.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jukinet_sim.calendar import Period
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.reported.expected import Expected
from jukinet_sim.juki_net.reported.stated import Stated

_GONE = (("lost", "lost"), ("abandoned", "abandoned"), ("in_system", "still inside"))
"""Counts of a flow's jobs that came in and were not completed, and what to call them."""
_NAMED_FLOWS = 3


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One reported figure: its verdict, as printed, what the scenario put in and what was computed, per replication.

    `difference` is simulated minus expected over all replications for a conserved figure, else computed minus printed.
    """

    key: str
    verdict: facts.Verdict
    printed: float | str
    expected: int | None
    computed: float | str | None
    difference: float | None
    reason: str

    @property
    def failed(self) -> bool:
        """Whether a volume that was put in exactly did not come out exactly."""
        return self.verdict == "conserved" and bool(self.difference)


def judged(
    document: Mapping[str, Any], expected: Mapping[str, Expected], found: Mapping[str, Stated], period: Period
) -> tuple[FigureRow, ...]:
    """Return a row for every reported figure, given what the flows must complete and what the scenario states."""
    flows = defaultdict(list)
    for name, volume in expected.items():
        if volume.key is not None:
            flows[volume.key].append(name)
    volumes = {key: _conserved(key, names, expected, document, period) for key, names in flows.items()}
    simulated = {
        key: float(row.computed)
        for key, row in volumes.items()
        if row.computed is not None and row.expected == row.printed and _covers(key, period)
    }
    rows = []
    for key, said in facts.coverage().items():
        if key in volumes:
            rows.append(volumes[key])
        elif said.verdict == "derived":
            rows.append(_derived(key, simulated))
        elif key in found:
            rows.append(_structure(said, found[key]))
        else:
            rows.append(_not_a_flow(said))
    return tuple(rows)


def _conserved(
    key: str, names: Sequence[str], expected: Mapping[str, Expected], document: Mapping[str, Any], period: Period
) -> FigureRow:
    """Hold what the flows of a figure completed against what was put into them."""
    times, flows = document["replications"], document["flows"]
    wanted = sum(expected[name].count for name in names)
    done = 0
    for name in names:
        counted = "completed" if expected[name].kind == "jobs" else "records"
        done += flows.get(name, {counted: 0})[counted]
    difference = done - wanted * times
    said, printed = facts.coverage()[key], _printed(key)
    reasons = [said.reason] if said.verdict == "conserved" else []
    reasons.append(_volume_of(names))
    if not _covers(key, period):
        period_printed = facts.figure(key).period.replace("/", " to ")
        reasons.append(f"printed for {period_printed}, this run has another period: n/a")
    elif wanted != printed:
        reasons.append("the scenario puts in another volume than the printed one")
    if difference:
        reasons += [
            f"{gone:,} {word}" for count, word in _GONE if (gone := sum(flows.get(name, {}).get(count, 0) for name in names))
        ]
    return FigureRow(key, "conserved", printed, wanted, done / times, difference, "; ".join(reasons))


def _volume_of(names: Sequence[str]) -> str:
    """Say which flows carry a volume."""
    if len(names) == 1:
        return f"the volume of the flow {names[0]}"
    shown = ", ".join(names) if len(names) <= _NAMED_FLOWS else f"{names[0]} to {names[-1]}"
    return f"the volume of {len(names)} flows, {shown}"


def _derived(key: str, simulated: Mapping[str, float]) -> FigureRow:
    """Compute a figure from others, simulated where the run gave one that is comparable, else printed."""
    (identity,) = (identity for identity in facts.IDENTITIES if identity.key == key)
    used: list[str] = []

    def look_up(other: str) -> float:
        if other not in simulated:
            return facts.number(other)
        used.append(other)
        return simulated[other]

    computed = identity.compute(look_up)
    source = f"with the simulated {', '.join(used)}" if used else "from printed figures alone"
    reason = f"{_agreement(identity, computed)}; {identity.text}; {source}"
    printed = facts.number(key)
    return FigureRow(key, "derived", printed, None, computed, computed - printed, reason)


def _agreement(identity: facts.Identity, computed: float) -> str:
    """Say how near a computed figure is to the printed one, and whether the printed ones are to blame."""
    if computed == facts.number(identity.key):
        return "exact"
    if identity.agrees(computed):
        return "within its rounding"
    return "beyond its rounding" if identity.agrees(identity.compute(facts.number)) else "the report contradicts itself"


def _structure(said: facts.Coverage, found: Stated) -> FigureRow:
    """Show a figure that the scenario states as a parameter beside what it states."""
    printed, value = _printed(said.key), found.value
    reason = said.reason if said.verdict == "structure" else "a parameter of the scenario"
    difference = value - printed if isinstance(value, float) and isinstance(printed, float) else None
    if isinstance(value, str) and value != printed:
        reason += "; not as printed"
    return FigureRow(said.key, "structure", printed, None, value, difference, f"{found.where}: {reason}")


def _not_a_flow(said: facts.Coverage) -> FigureRow:
    """Give the reason why a figure is not compared, or what the scenario lacks that would make it so."""
    reason = said.reason
    if said.verdict == "conserved":
        reason += "; no flow of this scenario takes its volume from it"
    elif said.verdict == "structure":
        reason = "this scenario leaves it out"
    return FigureRow(said.key, "not a flow", _printed(said.key), None, None, None, reason)


def _printed(key: str) -> float | str:
    """Return a figure as a number if it is one, else its text."""
    found = facts.figure(key)
    return found.value if found.number is None else found.number


def _covers(key: str, period: Period) -> bool:
    """Whether a figure was printed for exactly this period."""
    return facts.figure(key).period == f"{period.first}/{period.last}"
