"""The call centre as a station with impatient callers who call again, and all the calls that come to it."""

from __future__ import annotations

from collections.abc import Sequence

from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.topics import Flows, Topic
from jukinet_sim.network import model as M

STATION, CALL = "call_centre", "call."


class CallCentre(Topic):
    """What answers the telephone; other topics make their calls through it."""

    def __init__(self, machines: Machines) -> None:
        self.nation = machines.nation
        self.spec = self.nation.spec.call_centre
        self._spawned: dict[str, None] = {}
        self._dated: dict[str, list[float]] = {}

    def hold_the_line(self, label: str) -> tuple[M.Step, ...]:
        """Return the steps by which a job itself telephones and waits as long as it takes; none without a centre."""
        return ()

    def spawn(self, kind: str, label: str) -> tuple[M.Step, ...]:
        """Return the step that sets a call off and goes on; none without a centre."""
        if self.spec is None:
            return ()
        self._spawned[kind] = None
        return (M.Spawn(CALL + kind, label),)

    def on_dates(self, kind: str, at_s: Sequence[float]) -> None:
        """Take note of events at these instants of the run, each of which makes one municipality call."""
        self._dated.setdefault(kind, []).extend(at_s)

    def flows(self) -> Flows:
        """Return the calls of all kinds."""
        return ()
