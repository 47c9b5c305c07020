"""Store and forward: CS to prefecture to nation, each hop holding its uplink until the acknowledgement is there.

A lost acknowledgement keeps the uplink of one CS held; a refused update is offered again and again. Both are states of a
municipality that incidents change on their dates; without incidents the route has no step for them.
"""

from __future__ import annotations

from dataclasses import replace

from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.juki_net.crypto.negotiate import End, Link
from jukinet_sim.juki_net.crypto.pay import NOTHING, Either, numbered
from jukinet_sim.juki_net.incidents.compile import Troubles
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.machines.links import LINKS, Sending
from jukinet_sim.juki_net.machines.schema import Line
from jukinet_sim.juki_net.nation import BITS
from jukinet_sim.language.compile_calendar import extended
from jukinet_sim.language.compile_steps import gate
from jukinet_sim.network import model as M

LOST, REFUSED = "acknowledgement_lost", "updates_refused"
"""States of a municipality: 1 while an incident lasts."""
LOOK_S = 60.0
"""How often a CS that waits for a lost acknowledgement is looked at; so late at most it goes on after a restart."""


class Forwarding:
    """Writes the steps of a forwarded message; `troubles` says which states it has to look at.

    `always_open` is for days on which the prefectures stay open, whatever their hours.
    """

    def __init__(self, machines: Machines, troubles: Troubles, *, always_open: bool = False) -> None:
        self.machines, self.spec, self.troubles = machines, machines.nation.spec, troubles
        self.hours = None if always_open else self.spec.prefecture.hours

    def steps(self, bytes_: float, label: str) -> tuple[M.Step, ...]:
        """Both hops; `label` begins the labels of all steps, so that none is moved when another is added."""
        return (*self._labelled(self._to_prefecture(bytes_, label), label), *self._to_nation(bytes_, label))

    def _to_prefecture(self, bytes_: float, label: str) -> tuple[M.Step, ...]:
        """Return the first hop, from taking the uplink to giving it back."""
        line = self.spec.municipality.line
        sending = Sending(self.machines, bytes_, 0.0, "origin")
        first, *rest = *self._opening_hours(), *LINKS["cs-to-prefecture"].cross(sending)
        server = self.machines.passing("prefecture_server", "origin", f"{label}.prefecture_server", "")
        # The acknowledgement is too short to compete for the line: its sending time and the way back are one delay.
        back = self._way_back(line, f"{label}.acknowledged", End("prefecture"), End("municipality"))
        return (
            M.Acquire("cs_uplink"),
            replace(first, label=f"{label}.send"),
            *rest,
            server,
            *self._acknowledged(End("prefecture"), End("municipality")),
            *self._refusal(label),
            *self._loss(label),
            back,
            M.Release("cs_uplink"),
        )

    def _to_nation(self, bytes_: float, label: str) -> tuple[M.Step, ...]:
        """Return the second hop."""
        line = self.spec.prefecture.line
        sending = Sending(self.machines, bytes_, 0.0, "origin")
        return self._labelled(
            (
                M.Acquire("prefecture_uplink"),
                *LINKS["prefecture-to-nation"].cross(sending),
                self.machines.passing("national_database", "origin", f"{label}.national_database", ""),
                *self._acknowledged(End("nation"), End("prefecture")),
                self._way_back(line, None, End("nation"), End("prefecture")),
                M.Release("prefecture_uplink"),
            ),
            f"{label}.nation",
        )

    def _way_back(self, line: Line, label: str | None, by: End, to: End) -> M.Step:
        """Return the delay until an acknowledgement is there."""
        bytes_ = self.spec.updates.acknowledgement.value
        ways = tuple(
            M.Delay(constant(line.latency.value + self.machines.wire_bytes(bytes_, suite) * BITS / line.bit_rate.value), label)
            for suite in range(max(1, len(self.machines.bills)))
        )
        return ways[0] if len(set(ways)) == 1 else Either(NOTHING, label, ways, Link(by, to))

    def _acknowledged(self, by: End, to: End) -> tuple[M.Step, ...]:
        """Return the mark of an acknowledgement, which is signed too; none without a suite."""
        if not self.machines.bills:
            return ()
        return (self.machines.secured(((by, "sender"), (to, "receiver")), self.spec.updates.acknowledgement.value),)

    def _opening_hours(self) -> tuple[M.Step, ...]:
        """Hold the message in the CS, and all behind it, while the prefecture is closed."""
        hours = self.hours
        if hours is None:
            return ()
        nation = self.machines.nation
        return (gate(nation.shape(hours, extended(nation.period, nation.run.drain)), 0.0),)

    def _refusal(self, label: str) -> tuple[M.Step, ...]:
        """While the prefecture refuses this municipality, wait and send again."""
        if not self.troubles.refused:
            return ()
        again, on = f"{label}.send", f"{label}.accepted"
        return (
            M.Switch(REFUSED, ((0, on),)),
            M.Delay(constant(self.spec.updates.retry_after.value)),
            M.Switch(REFUSED, ((0, again), (1, again))),
            M.Delay(constant(0.0), on),
        )

    def _loss(self, label: str) -> tuple[M.Step, ...]:
        """Wait, uplink in hand, until somebody has noticed that the acknowledgement is lost."""
        dated: tuple[M.Step, ...] = ()
        if self.troubles.lost:
            look, on = f"{label}.lost", f"{label}.arrived"
            dated = (
                M.Switch(LOST, ((0, on),)),
                M.Delay(constant(LOOK_S), look),
                M.Switch(LOST, ((1, look),)),
                M.Delay(constant(0.0), on),
            )
        random = self.spec.updates.lost_acknowledgement
        if random is None or random.share.value == 0.0:
            return dated
        lost, kept = f"{label}.lost_at_random", f"{label}.acknowledged"
        share = random.share.value
        return (
            *dated,
            M.Branch(((lost, share), (kept, 1.0 - share)), f"{label}.chance"),
            M.Delay(exponential(random.noticed_after.value), lost),
        )

    @staticmethod
    def _labelled(steps: tuple[M.Step, ...], label: str) -> tuple[M.Step, ...]:
        """Give every step without a label one by its place in the hop: only random steps need one that never moves."""
        return tuple(step if step.label else replace(step, label=f"{label}.{i}") for i, step in numbered(steps))


def states(troubles: Troubles) -> tuple[M.State, ...]:
    """Return the states that forwarding looks at."""
    kinds = ((LOST, troubles.lost), (REFUSED, troubles.refused))
    return tuple(M.State(name, 0, "municipality", changes) for name, changes in kinds if changes)
