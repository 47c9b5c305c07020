"""The time of a run on an axis: dates and hours (JST) where the scenario has a calendar, else a unit that suits its length."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.messages.say import Say

if TYPE_CHECKING:
    import altair as alt

_UNITS = (("d", 86_400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0))
_TICKS_OF_UNIT = 3.0
_DAY_S = 86_400.0
_HOURS_UP_TO, _DAYS_UP_TO, _LABELS = 2.0, 60.0, 12.0
"""Days up to which an axis has hours, and days; and how many labels it has."""


@dataclass(frozen=True)
class TimeAxis:
    """How instants of a run, in seconds since its start, are put on an axis."""

    first_day: dt.date | None
    horizon_s: float

    @property
    def unit(self) -> tuple[str, float]:
        """The unit in which a run without a calendar is shown: the largest that its length has a few of."""
        return next((one for one in _UNITS if self.horizon_s >= _TICKS_OF_UNIT * one[1]), _UNITS[-1])

    def value(self, at_s: float) -> float:
        """Return the number that stands for an instant: milliseconds since 1970 as if JST were UTC, or units of time."""
        if self.first_day is None:
            return at_s / self.unit[1]
        midnight = dt.datetime.combine(self.first_day, dt.time(), dt.UTC)
        return (midnight.timestamp() + at_s) * 1000.0

    def channel(self, field: str, say: Say) -> alt.X:
        """Return the horizontal axis of a field that holds such numbers."""
        import altair as alt

        if self.first_day is None:
            title = say("axis.simulated_time", unit=self.unit[0])
            return alt.X(f"{field}:Q", title=title, scale=alt.Scale(nice=False, zero=False))
        return alt.X(f"{field}:T", title=None, scale=alt.Scale(type="utc"), axis=self._dates())

    def tooltip(self, field: str, say: Say) -> Any:
        """Return an instant in a tooltip."""
        import altair as alt

        if self.first_day is None:
            return alt.Tooltip(f"{field}:Q", title=say("axis.simulated_time", unit=self.unit[0]))
        return alt.Tooltip(f"{field}:T", title=say("axis.time"), format="%Y-%m-%d %H:%M", formatType="utc")

    def _dates(self) -> alt.Axis:
        """Return an axis of hours, of days, or of months, so that no label is there twice."""
        import altair as alt

        days = self.horizon_s / _DAY_S
        if days <= _HOURS_UP_TO:
            return alt.Axis(format="%H:%M", labelOverlap=True)
        if days <= _DAYS_UP_TO:
            every = alt.TimeIntervalStep(interval="day", step=max(1.0, float(round(days / _LABELS))))
            return alt.Axis(format="%m-%d", tickCount=every, labelOverlap=True)
        return alt.Axis(format="%Y-%m", tickCount=alt.TimeIntervalStep(interval="month", step=1.0), labelOverlap=True)
