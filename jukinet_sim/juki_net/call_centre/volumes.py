"""How many calls of each kind are received in a run, and when they come: what is reported for nine months, day by day."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.calendar import DAY_S, Period, RateProfile
from jukinet_sim.calendar.rates import merged
from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS, split_exact
from jukinet_sim.juki_net.call_centre.schema import CallCentre, Kind, Surge
from jukinet_sim.juki_net.nation import Nation


def received(nation: Nation, spec: CallCentre) -> dict[str, tuple[int, RateProfile]]:
    """Return calls and their profile over the run by kind; whole numbers that add up, in the reported months exactly."""
    if spec.received is None:
        return {}
    shapes, volumes = {}, {}
    weights = math.fsum(kind.weight.value for kind in spec.kinds.values())
    for name, kind in spec.kinds.items():
        shapes[name] = _shape(nation, spec.hours, kind, nation.period)
        usual = _shape(nation, spec.hours, kind, REPORTED_NINE_MONTHS).integral()
        if usual == 0.0:
            months = f"{REPORTED_NINE_MONTHS.first} to {REPORTED_NINE_MONTHS.last}"
            what = f"no call of this kind comes from {months}, of whose calls it is a part"
            nation.fault(f"call_centre.kinds.{name}.surges", what, "name a date in these months as well")
            return {}
        part = kind.weight.value / weights * nation.network_share
        volumes[name] = spec.received.value * part * (shapes[name].integral() / usual)
    total = round(math.fsum(volumes.values()))
    counts = split_exact(total, list(volumes.values())) if total else (0,) * len(volumes)
    return {name: (count, shapes[name]) for name, count in zip(volumes, counts, strict=True)}


def _shape(nation: Nation, hours: str, kind: Kind, period: Period) -> RateProfile:
    """Return when calls of a kind come: in all open hours alike, or on days around its dates only."""
    shape = nation.shape(hours, period)
    if not kind.surges:
        return shape
    factors = np.sum([_factors(nation, hours, surge, period) for surge in kind.surges], axis=0)
    start_s = np.union1d(shape.start_s, DAY_S * np.arange(period.days))
    weight = shape.weight[np.searchsorted(shape.start_s, start_s, side="right") - 1]
    return merged(start_s, weight * factors[(start_s // DAY_S).astype(np.intp)], shape.end_s)


def _factors(nation: Nation, hours: str, surge: Surge, period: Period) -> NDArray[np.float64]:
    """Return how many times as many calls than on the date itself come on each day of a period, because of one date."""
    around = Period(surge.on - dt.timedelta(days=14), max(surge.on, period.last))
    shape = nation.shape(hours, around)
    open_days = [day for day, opens in zip(around.dates(), _opens(shape, around.days), strict=True) if opens]
    later = [day for day in open_days if day >= surge.on]
    found = {day: surge.weight.value * math.exp(-k / surge.fades.value) for k, day in enumerate(later)}
    before = [day for day in open_days if day < surge.on]
    if before and surge.before is not None:
        found[before[-1]] = surge.weight.value * surge.before.value
    return np.array([found.get(day, 0.0) for day in period.dates()], dtype=np.float64)


def _opens(shape: RateProfile, days: int) -> NDArray[np.bool_]:
    """Tell on which days, of so many from 0 s on, anybody calls."""
    midnights_s = DAY_S * np.arange(days)
    first, after = np.searchsorted(shape.start_s, midnights_s), np.searchsorted(shape.start_s, midnights_s + DAY_S)
    calling = np.concatenate([[0], np.cumsum(shape.weight > 0.0)])
    held = shape.weight[np.searchsorted(shape.start_s, midnights_s, side="right") - 1]
    opens: NDArray[np.bool_] = (held > 0.0) | (calling[after] > calling[first])
    return opens
