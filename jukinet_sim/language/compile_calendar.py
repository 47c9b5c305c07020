"""Names of profiles, shipped ones or calendars of the scenario's own, to their shape over a run."""

from __future__ import annotations

import datetime as dt

from jukinet_sim.calendar import (
    DAY_S,
    OwnCalendar,
    Period,
    RateProfile,
    generic_profile,
    own_generic_profile,
    shape_of,
)
from jukinet_sim.language.calendars import MONTHS, WEEKDAYS, Calendar, Calendars
from jukinet_sim.language.run import Run

DRAIN_CALENDAR_DAYS = 14
"""How far gates open beyond the horizon, so that a drained run can finish."""


def shape_over(name: str, own: Calendars, run: Run, *, beyond: bool) -> RateProfile:
    """Return the shape of a profile over a run, a fortnight beyond its end included where asked for."""
    if run.period is None:
        horizon_s = run.horizon_s + (DRAIN_CALENDAR_DAYS * DAY_S if beyond else 0.0)
        return own_generic_profile(own_calendar(own[name]), horizon_s) if name in own else generic_profile(name, horizon_s)
    period = extended(Period(run.period.first_day, run.period.last_day), beyond)
    return shape_of(own_calendar(own[name]) if name in own else name, period)


def extended(period: Period, beyond: bool) -> Period:
    """Return the period, with a fortnight added where a drained run may need the calendar beyond its end."""
    return Period(period.first, period.last + dt.timedelta(days=DRAIN_CALENDAR_DAYS if beyond else 0))


def own_calendar(spec: Calendar, name: str = "") -> OwnCalendar:
    """Return a calendar as the scenario writes it, as one that has a shape over periods."""
    return OwnCalendar(
        spec.shape,
        frozenset(WEEKDAYS.index(day) for day in spec.weekdays),
        spec.holidays == "open",
        frozenset(spec.closed),
        tuple(spec.seasons.get(month, 1.0) for month in MONTHS),
        name,
    )
