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
        return tuple(step for i, stage in enumerate(self.spec.way) for step in self._stage(i, stage))

    def _stage(self, i: int, stage: K.AnyStage) -> tuple[M.Step, ...]:
        label = f"{i}"
        match stage:
            case K.ThroughFirewall():
                return (*self._inspected(stage, label), *self._judged(stage.firewall, stage.passes.value, label))
            case K.AtMachine():
                return self.machines.handling(stage.machine, "origin", label, f"{self.path}.{i}.machine")
            case K.OverLine():
                line = self.machines.nation.spec.prefecture.line
                visit = self._sending().line(stage.line, line.bit_rate.value)
                return replace(visit, label=label), M.Delay(constant(line.latency.value), f"{label}.way")
            case K.LogOn():
                return self._judged(LOG_ON, stage.log_on.value, label)
            case K.Downgrade():
                return self._downgrade(stage, label, f"{self.path}.{i}")
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

    def _judged(self, where: str, passes: float, label: str) -> tuple[M.Step, ...]:
        """Return the steps that let an attempt go on, or drop it, log that and let somebody look at the log perhaps."""
        if passes == 1.0:
            return ()
        on, drop = f"{label}.on", f"{label}.drop"
        cases = tuple((to, p) for to, p in ((on, passes), (drop, 1.0 - passes)) if p > 0.0)
        return (M.Branch(cases, f"{label}.rule"), *self._dropped(where, drop), M.Delay(NOTHING, on))

    def _dropped(self, where: str, label: str) -> tuple[M.Step, ...]:
        return (
            M.Delay(NOTHING, label),
            *self.monitoring.logged(self.name, where, label),
            M.Visit(drop_log(where, self.name), NOTHING, label=f"{label}.logged"),
            # Nobody comes so far; formulas for the load, which know of no losses, have to see that as well.
            M.Branch(((None, 1.0),), f"{label}.over"),
        )

    def _downgrade(self, stage: K.Downgrade, label: str, path: str) -> tuple[M.Step, ...]:
        """Return the steps that succeed while a machine generates the new suite and takes the old one still."""
        nation = self.machines.nation
        if nation.spec.crypto is None or nation.spec.crypto.migration is None:
            what = "no machine has two suites to be made to choose from"
            nation.fault(f"{path}.downgrade", what, 'add "crypto: {..., migration: ...}", or delete this stage')
            return ()
        on = f"{label}.on"
        look = M.Switch(End(stage.downgrade).state, ((GENERATES, on),), "origin", label)
        return (look, *self._dropped(DOWNGRADE, f"{label}.drop"), M.Delay(NOTHING, on))
