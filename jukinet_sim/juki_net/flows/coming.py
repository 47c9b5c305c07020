"""How many jobs of a flow under `juki_net.flows` come, and when: volume, calendar, growth and files to arrivals."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from jukinet_sim.calendar import DAY_S, Period, RateProfile, fraction_of_year, grown, shares_between
from jukinet_sim.juki_net.cadences import delivery_times, fraction_of_nine_months, split_exact
from jukinet_sim.juki_net.flows.amounts import Batches
from jukinet_sim.juki_net.flows.schema import NationalFlow
from jukinet_sim.juki_net.nation import MUNICIPALITY, Nation
from jukinet_sim.juki_net.places.groups import Cohort
from jukinet_sim.juki_net.places.joining import with_joining
from jukinet_sim.juki_net.programme.traffic import ONE_DAY, changed
from jukinet_sim.language.compile_steps import NO_ARRIVALS, count_or_none
from jukinet_sim.network import model as M

BEFORE = dt.timedelta(days=130)
"""How far back from the run the last file is looked for: longer than the longest pause of a cadence, December to April."""
MONTHS = 12
MOST_GROWTH = 1e15
"""So many times as large may a flow become; its volume has bounds of its own."""


@dataclass(frozen=True)
class Coming:
    """One flow's arrivals; `usual` is the cohort that its volume is about."""

    nation: Nation
    name: str
    spec: NationalFlow
    usual: Cohort

    def arrivals(self, cohort: Cohort) -> tuple[int, M.Arrivals | None]:
        """Return jobs one by one, or files of what came since the last one; None for a flow that others spawn."""
        if self.spec.days:
            return self._on_days(cohort)
        if self.spec.amount is None:
            return 0, None
        if self.spec.batches is not None:
            return self._files(cohort, self.spec.batches)
        shape = self._shape(cohort, self.nation.period)
        count = round(self._volume(cohort, self.nation.period))
        return count, count_or_none(count, shape)

    def _shape(self, cohort: Cohort, period: Period) -> RateProfile:
        """Return the profile over a period, with its growth and nothing before the cohort begins."""
        shape = self.nation.shape(self.spec.profile, period)
        steps = [(period.seconds_of(day), factor) for day, factor in self._growth(period)]
        shape = changed(self.nation.spec.programme, self.name, grown(shape, steps) if steps else shape, period)
        if self.spec.origin == MUNICIPALITY:
            shape = with_joining(self.nation, shape, period, cohort.weights)
        if cohort.first_day is None or cohort.first_day <= period.first:
            return shape
        return grown(shape, [(0.0, 0.0), (period.seconds_of(cohort.first_day), 1.0)])

    def _growth(self, period: Period) -> Iterator[tuple[dt.date, float]]:
        """Yield from which day on the volume is larger by which factor, as far as the period goes."""
        factor, growth = 1.0, self.spec.growth
        for number, step in enumerate(growth):
            if step.factor is not None:
                factor = step.factor.value
                yield step.first_day, factor
                continue
            assert step.factor_per_year is not None  # each entry has one of the two
            end = growth[number + 1].first_day if number + 1 < len(growth) else period.last + ONE_DAY
            base, rate = factor, math.log(step.factor_per_year.value)
            for month, day in enumerate(_monthly(step.first_day, min(end, period.last + ONE_DAY))):
                if base > 0.0 and math.log(base) + rate * month / MONTHS > math.log(MOST_GROWTH):
                    what = f"by {day} this flow is more than {MOST_GROWTH:.0e} times as large"
                    self.nation.fault(f"flows.{self.name}.growth.{number}", what, "write a smaller factor, or a later date")
                    return
                factor = base * step.factor_per_year.value ** (month / MONTHS)
                if day < end:
                    yield day, factor

    def _volume(self, cohort: Cohort, period: Period) -> float:
        """Return the jobs, or records of files, that come in a period."""
        spec, nation = self.spec, self.nation
        shape = self._shape(cohort, period)
        if spec.in_period is not None:
            # The stated number comes in the run, whatever moves it within; cohorts that join later bring theirs on top.
            whole, usual = spec.in_period.value * nation.network_share, self._shape(self.usual, nation.period)
            if usual.integral() == 0.0 and whole > 0.0:
                what = f'the profile "{spec.profile}" is never open in this run, so that none of them can come'
                nation.fault(f"flows.{self.name}.profile", what, "choose another profile, or other days for the run")
        else:
            whole, usual = self._plain(period), nation.shape(spec.profile, period)
        if usual.integral() == 0.0:
            return 0.0
        return whole * nation.spec.volume.value * (shape.integral() / usual.integral() * cohort.size)

    def _plain(self, period: Period) -> float:
        """Return the same of a stated rate in the whole nation's part of this scenario, without growth and cohorts."""
        spec, profile = self.spec, self.nation.profile(self.spec.profile)
        if self.nation.shape(spec.profile, period).integral() == 0.0:
            return 0.0
        if spec.nine_months is not None:
            return spec.nine_months.value * fraction_of_nine_months(profile, period) * self.nation.network_share
        figure, times = (spec.per_year, 1) if spec.per_month is None else (spec.per_month, MONTHS)
        return 0.0 if figure is None else times * figure.value * fraction_of_year(profile, period) * self.nation.share

    def _on_days(self, cohort: Cohort) -> tuple[int, M.Arrivals]:
        """Jobs of single days, those of each in the shape that the profile has on it; a fault for a day that is closed."""
        period, shape = self.nation.period, self._shape(cohort, self.nation.period)
        factors, jobs = [(0.0, 0.0)], 0.0
        for number, day in enumerate(self.spec.days):
            begins = period.seconds_of(day.on)
            if not 0.0 <= begins < period.seconds:
                continue
            _, open_part = shares_between(shape, (begins, begins + DAY_S))
            if open_part == 0.0:
                what = f"the profile {self.spec.profile} is closed on {day.on}"
                self.nation.fault(f"flows.{self.name}.days.{number}.on", what, "choose another profile or another day")
                continue
            factors += [(begins, day.jobs.value / open_part), (begins + DAY_S, 0.0)]
            jobs += day.jobs.value
        whole = jobs * self.nation.network_share * self.nation.spec.volume.value * cohort.size
        count = round(whole)
        return count, count_or_none(count, grown(shape, factors))

    def _files(self, cohort: Cohort, batches: Batches) -> tuple[int, M.Arrivals]:
        """Files on their dates: the first carries what came before the run, and what comes after the last is not sent."""
        run = self.nation.period
        longer = Period(run.first - BEFORE, run.last)
        shape = self._shape(cohort, longer)
        at_s = delivery_times(batches.cadence, longer, batches.at.value)
        offset = BEFORE.days * DAY_S
        files = [(at - offset, share) for at, share in zip(at_s, shares_between(shape, at_s), strict=True) if at >= offset]
        whole = shape.integral()
        sent = round(self._volume(cohort, longer) * sum(share for _, share in files) / whole) if whole else 0
        if sent == 0:
            return 0, NO_ARRIVALS
        records = split_exact(sent, [share for _, share in files])
        kept = [(at, number) for (at, _), number in zip(files, records, strict=True) if number]
        if self.spec.origin == MUNICIPALITY:
            return sent, self._each_their_own(kept, cohort)
        return sent, M.Scheduled(M.frozen_floats([at for at, _ in kept]), tuple(number for _, number in kept))

    def _each_their_own(self, files: list[tuple[float, int]], cohort: Cohort) -> M.Scheduled:
        """Return the parts of files that the places of a cohort send at their instants; a place without a record sends none."""
        at_s: list[float] = []
        records: list[int] = []
        places: list[int] = []
        joins_s = {place: self.nation.period.seconds_of(day) for place, day in self.nation.joining.items()}
        for at, number in files:
            weights = cohort.weights.copy()
            weights[[place for place, joined_s in joins_s.items() if at < joined_s]] = 0.0
            parts = np.array(split_exact(number, weights.tolist()), dtype=np.int64)
            (some,) = parts.nonzero()
            at_s += [at] * len(some)
            records += parts[some].tolist()
            places += some.tolist()
        return M.Scheduled(M.frozen_floats(at_s), tuple(records), tuple(places))


def _monthly(first: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Yield a day and the same day of each month after it, the last of shorter months, up to an end."""
    month = 0
    while first <= end:
        years, index = divmod(first.month - 1 + month, MONTHS)
        after = dt.date(first.year + years + (index + 1) // MONTHS, (index + 1) % MONTHS + 1, 1)
        day = min(after - dt.timedelta(days=1), dt.date(first.year + years, index + 1, 1) + dt.timedelta(days=first.day - 1))
        if day > end:
            return
        yield day
        month += 1
