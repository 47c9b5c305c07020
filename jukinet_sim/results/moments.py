"""Simulated seconds to dates and hours, for scenarios that run over days of the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any


def moment(first_day: dt.date, at_s: float) -> str:
    """Return a simulated time as `2012-04-02 18:03`, Japan Standard Time; time 0 is the midnight before `first_day`."""
    return f"{dt.datetime.combine(first_day, dt.time()) + dt.timedelta(seconds=at_s):%Y-%m-%d %H:%M}"


def first_day_of(resolved: Mapping[str, Any]) -> dt.date | None:
    """Return the first day of a resolved scenario's period; None for one that has a horizon instead."""
    period = (resolved.get("run") or {}).get("period")
    return None if period is None else dt.date.fromisoformat(period["from"])
