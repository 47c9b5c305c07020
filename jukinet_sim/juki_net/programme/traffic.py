"""By what a flow's volume is multiplied at a time, by the changes of traffic that name it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from jukinet_sim.calendar import Period, RateProfile, grown
from jukinet_sim.juki_net.programme.schema import Programme, Traffic

ONE_DAY = dt.timedelta(days=1)


def changed(programme: Programme | None, flow: str, shape: RateProfile, period: Period) -> RateProfile:
    """Return a flow's profile over a period times what changes of traffic make of it."""
    found = tuple(_naming(programme, flow))
    if not found:
        return shape
    days = sorted({day for one in found for day in _edges(one)})
    return grown(shape, [(period.seconds_of(day), _product(found, day)) for day in days])


def factors_on(programme: Programme | None, flow: str, days: Iterable[dt.date]) -> Iterator[float]:
    """Yield by what the volume of a flow is multiplied on each of some days."""
    found = tuple(_naming(programme, flow))
    return (_product(found, day) for day in days)


def _naming(programme: Programme | None, flow: str) -> Iterator[Traffic]:
    """Yield the changes of traffic that name a flow."""
    for change in {} if programme is None else programme.changes.values():
        if isinstance(change, Traffic) and any(fnmatchcase(flow, pattern) for pattern in change.traffic):
            yield change


def _edges(change: Traffic) -> Iterator[dt.date]:
    yield change.first_day
    if change.last_day is not None:
        yield change.last_day + ONE_DAY


def _product(changes: tuple[Traffic, ...], day: dt.date) -> float:
    """Return the product of the factors that hold on a day."""
    product = 1.0
    for one in changes:
        if one.first_day <= day and (one.last_day is None or day <= one.last_day):
            product *= one.factor.value
    return product
