"""Alerts on their way: who looks at them and when, how they are found to be true, and what follows from that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from jukinet_sim.calendar import DAY_S, HOUR_S, business_days
from jukinet_sim.chance.distributions import Distribution, constant, lognormal
from jukinet_sim.juki_net.attacks.volume import lines_per_day
from jukinet_sim.juki_net.monitoring.names import (
    ALERT,
    ANALYSTS,
    BY_MUNICIPALITY,
    BY_PREFECTURE,
    FROM_LOG,
    INCIDENT,
    LOG_ANALYSIS,
    OVER,
    SEEN,
    seen,
)
from jukinet_sim.juki_net.monitoring.schema import Monitoring
from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.language.compile_steps import open_at_last
from jukinet_sim.network import model as M

AFTER = 1
"""Rank of the logs, behind everything that is urgent, which has 0."""
ALL_READ_S = 1.0
"""How long the instant of a day's log analysis lasts for those who wait for it."""


class Alerts:
    """Writes the flows of what analysts and others have to look at."""

    def __init__(self, nation: Nation, spec: Monitoring) -> None:
        self.nation, self.spec = nation, spec

    def flows(self, names: Iterable[str]) -> Iterator[M.Flow]:
        """Yield the flows of alerts by these names, and those of the incidents that they turn out to be."""
        levels = set()
        due_s = None if self.spec.analysts.stale_after is None else self.spec.analysts.stale_after.value
        for name in names:
            attacks = self.nation.spec.attacks.items()
            attack = next((one for one, spec in attacks if spec.level != "none" and self._is_about(name, one)), None)
            level = None if attack is None else self.nation.spec.attacks[attack].level
            confirmed = () if attack is None or level is None else self._confirmed(attack, level)
            known = () if attack is None else self._known(attack, "known-already")
            if level is not None:
                levels.add(level)
            yield M.Flow(name, (*known, *self._looked_at(name), *confirmed), due_s=due_s)
        for level in sorted(levels):
            work = getattr(self.spec.analysts.incidents, level).value
            yield M.Flow(INCIDENT + level, (M.Visit(ANALYSTS, constant(work), label="handled"),))

    @staticmethod
    def _is_about(alert: str, attack: str) -> bool:
        return alert in {ALERT + attack + end for end in ("", BY_PREFECTURE, FROM_LOG, BY_MUNICIPALITY)}

    def _triage(self) -> Distribution:
        analysts = self.spec.analysts
        return lognormal(analysts.triage.value, analysts.cv.value)

    def _looked_at(self, name: str) -> tuple[M.Step, ...]:
        """Return the steps until somebody knows what an alert is about."""
        if name.endswith(BY_MUNICIPALITY):
            return (self._office_hours(),)
        if name.endswith(BY_PREFECTURE):
            return self._office_hours(), M.Delay(self._triage(), "triage")
        triage = M.Visit(ANALYSTS, self._triage(), label="triage")
        return (self._daily(), triage) if name.endswith(FROM_LOG) else (triage,)

    def _office_hours(self) -> M.Gate:
        period = self.nation.period
        return open_at_last(self.nation.shape(self.spec.municipal_side.hours, period), period.seconds, "office-hours")

    def _daily(self) -> M.Gate:
        """Return the gate that opens when the day's logs are read."""
        # What nobody has read by the end of the run is read then, so that a drained run ends soon.
        end_s = self.nation.period.seconds
        opens_s = np.append(self._reading_s(), end_s)
        closes_s = np.append(opens_s[:-1] + ALL_READ_S, end_s + M.DRAIN_CALENDAR_S)
        return M.Gate(M.frozen_floats(opens_s), M.frozen_floats(closes_s), label="log-analysis")

    def _reading_s(self) -> list[float]:
        """Return when logs are read, in seconds of the run."""
        if self.spec.log_analysis is None:
            return []
        period, hour = self.nation.period, self.spec.log_analysis.at.value / HOUR_S
        return [self.nation.period.seconds_of(day, hour) for day in business_days(period.first, period.last)]

    def _confirmed(self, attack: str, level: str) -> tuple[M.Step, ...]:
        """Return what follows when an alert is true: an incident, once for an attack that has a beginning."""
        opened = M.Spawn(INCIDENT + level, "incident")
        known = self._known(attack, "known")
        return (*known, M.Assign(seen(attack), SEEN, label="noticed"), opened) if known else (opened,)

    def _known(self, attack: str, label: str) -> tuple[M.Step, ...]:
        """Return the step by which an alert about an attack that has been noticed is put with it, and takes nobody's time."""
        if not self.nation.spec.attacks[attack].can_be_noticed:
            return ()
        return (M.Switch(seen(attack), ((SEEN, None), (OVER, None)), label=label),)

    def log_analysis(self, entrusted: int) -> Iterator[M.Flow]:
        """Yield the reading of logs: each business day for the nation, and for each prefecture entrusted to it.

        What one takes is fixed, but for a part that goes by the lines expected of that day, which are its records.
        """
        spec = self.spec.log_analysis
        if spec is None:
            return
        lines = lines_per_day(self.nation)
        national = sum(lines.get(where, 0.0) for where in ("national_firewall", "agency_firewall"))
        county = sum(lines.get(where, 0.0) for where in ("network_firewall", "prefecture_firewall"))
        per_day = (national, *((county / len(self.nation.codes("prefecture")),) * entrusted))
        days = self._reading_s()
        # Lines that gather on days without reading are read on the next one: in all as many as the days of the run bring.
        longer = self.nation.period.seconds / DAY_S / len(days) if days else 0.0
        records = tuple(max(1, round(each * longer)) for each in per_day)
        visit = M.Visit(ANALYSTS, constant(spec.each.value), spec.per_1000_lines.value / 1000.0, label="read")
        gap_s = spec.over.value / len(per_day)
        at_s = M.frozen_floats([at + k * gap_s for at in days for k in range(len(per_day))])
        yield M.Flow(LOG_ANALYSIS, (visit,), M.Scheduled(at_s, records * len(days)), priority=AFTER)
