"""The way of an attack as steps: machines do their work for it, firewalls drop some of it, and each drop is a line of a log."""

from __future__ import annotations

from dataclasses import replace

from jukinet_sim.chance.distributions import constant, exponential
from jukinet_sim.juki_net.attacks import schema as K
from jukinet_sim.juki_net.attacks.volume import DOWNGRADE, LOG_ON
from jukinet_sim.juki_net.crypto.negotiate import GENERATES, End
from jukinet_sim.juki_net.crypto.pay import NOTHING
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.machines.links import Sending
from jukinet_sim.juki_net.monitoring.compile import Monitoring
from jukinet_sim.juki_net.monitoring.names import drop_log
from jukinet_sim.network import model as M


class Way:
    """Writes the route of one attack."""

    def __init__(self, machines: Machines, monitoring: Monitoring, name: str, spec: K.Attack) -> None:
        self.machines, self.monitoring, self.name, self.spec = machines, monitoring, name, spec
        self.path = f"attacks.{name}.way"

    def route(self) -> tuple[M.Step, ...]:
        """Return the steps, labelled by stage, so that a stage more or less moves no draw of the others before it."""
        ends = next((i for i, stage in enumerate(self.spec.way) if _never_passed(stage)), len(self.spec.way) - 1)
        stages = [self._stage(i, stage, last=i == ends) for i, stage in enumerate(self.spec.way)]
        return tuple(step for stage in stages[: ends + 1] for step in stage)

    def _stage(self, i: int, stage: K.AnyStage, *, last: bool) -> tuple[M.Step, ...]:
        label = f"{i}"
        match stage:
            case K.ThroughFirewall():
                return (*self._inspected(stage, label), *self._judged(stage.firewall, stage.passes.value, label, last=last))
            case K.AtMachine():
                return self.machines.handling(stage.machine, "origin", label, f"{self.path}.{i}.machine")
            case K.OverLine():
                line = self.machines.nation.spec.prefecture.line
                visit = self._sending().line(stage.line, line.bit_rate.value)
                return replace(visit, label=label), M.Delay(constant(line.latency.value), f"{label}.way")
            case K.LogOn():
                return self._judged(LOG_ON, stage.log_on.value, label, last=last)
            case K.Downgrade():
                return self._downgrade(stage, label, f"{self.path}.{i}", last=last)
            case K.Dwell():
                return (M.Delay(exponential(stage.dwell.value), label),)
        raise TypeError(f"no such stage: {stage!r}")

    def _sending(self) -> Sending:
        return Sending(self.machines, self.spec.size.value, 0.0, "origin")

    def _inspected(self, stage: K.ThroughFirewall, label: str) -> tuple[M.Step, ...]:
        """Return what it takes to be inspected: at the firewall before a line, the line as well, as the links have it."""
        if stage.firewall != "network_firewall":
            return (self.machines.passing(stage.firewall, "origin", label, ""),)
        first, *rest = self._sending().municipal_line()
        latency = M.Delay(constant(self.machines.nation.spec.municipality.line.latency.value), f"{label}.way")
        return (replace(first, label=label), *(replace(step, label=f"{label}.line") for step in rest), latency)

    def _judged(self, where: str, passes: float, label: str, *, last: bool) -> tuple[M.Step, ...]:
        """Return the steps that let an attempt go on, or drop it, log that and let somebody look at the log perhaps.

        Each draw makes the records of all jobs longer, so that there is none where nothing is to be decided.
        """
        if passes == 1.0:
            return ()
        on, drop = None if last else f"{label}.on", f"{label}.drop"
        rule = () if passes == 0.0 else (M.Branch(((on, passes), (drop, 1.0 - passes)), f"{label}.rule"),)
        return (*rule, *self._dropped(where, drop, on))

    def _dropped(self, where: str, label: str, on: str | None) -> tuple[M.Step, ...]:
        """Return how an attempt ends that is dropped; `on` is the label behind it, None at the end of the way."""
        steps = (
            M.Delay(NOTHING, label),
            *self.monitoring.logged(self.name, where, label),
            M.Visit(drop_log(where, self.name), NOTHING, label=f"{label}.logged"),
        )
        if on is None:
            return steps
        # Nobody comes so far; formulas for the load, which know of no losses, have to see that as well.
        return (*steps, M.Branch(((None, 1.0),), f"{label}.over"), M.Delay(NOTHING, on))

    def _downgrade(self, stage: K.Downgrade, label: str, path: str, *, last: bool) -> tuple[M.Step, ...]:
        """Return the steps that succeed while a machine generates the new suite and takes the old one still."""
        nation = self.machines.nation
        if nation.spec.crypto is None or nation.spec.crypto.migration is None:
            what = "no machine has two suites to be made to choose from"
            nation.fault(f"{path}.downgrade", what, 'add "crypto: {..., migration: ...}", or delete this stage')
            return ()
        on = None if last else f"{label}.on"
        look = M.Switch(End(stage.downgrade).state, ((GENERATES, on),), "origin", label)
        return (look, *self._dropped(DOWNGRADE, f"{label}.drop", on))


def _never_passed(stage: K.AnyStage) -> bool:
    """Tell whether no attempt ever gets beyond a stage."""
    match stage:
        case K.ThroughFirewall(passes=share) | K.LogOn(log_on=share):
            return share.value == 0.0
    return False
