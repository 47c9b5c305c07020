"""What theory knows of every description of a network, field by field, so that nothing unheard of passes for theory.

A field that stands in no list below is unknown: at any value but its default, wherever in the network, it leaves no
prediction at all. A field that a description gains is therefore refused until somebody has said here what it means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Any

import numpy as np

from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.network import model as M
from jukinet_sim.network.focus import Focus


@dataclass(frozen=True)
class Known:
    """The fields of one kind of description, by what they mean to closed forms.

    `reads`: some form names it as its own or puts it into its formula. `ignores`: no predicted figure depends on it. `bars`:
    at a station, flow or step that a form is about it rules the form out; what it does elsewhere is nothing to that form.
    """

    reads: frozenset[str]
    ignores: frozenset[str] = frozenset()
    bars: frozenset[str] = frozenset()

    @property
    def fields(self) -> frozenset[str]:
        """All fields that are known."""
        return self.reads | self.ignores | self.bars


def _known(reads: str, ignores: str = "", bars: str = "") -> Known:
    return Known(frozenset(reads.split()), frozenset(ignores.split()), frozenset(bars.split()))


KNOWN: dict[type, Known] = {
    M.Network: _known(
        "horizon_s stations flows",
        # Pools, states and levels act through the steps and stations that name them; the rest says how a run is looked at.
        ignores="name pools levels states watches warm_up_s warm_up_auto drain series_bin_s event_budget same_instant_budget "
        "job_budget notes hours focuses busiest_hours",
    ),
    M.Station: _known(
        "servers discipline capacity breakdowns preemptive", ignores="name target_wait_s", bars="per outages schedule speed"
    ),
    M.Flow: _known(
        "route arrivals priority patience retry",
        # Places choose among stations per place, records count in demands per record: both bar the visit. Lateness is judged
        # when a job has gone.
        ignores="name records last_job_records origin destination share due_s",
        bars="timeout zombie",
    ),
    M.Visit: _known("station demand label", ignores="at", bars="per_record_s parts on_refused on_abandon balk hold"),
    M.Delay: _known("delay label"),
    M.Branch: _known("targets label"),
    M.Gate: _known("label", bars="opens_s closes_s spread_s"),
    M.Acquire: _known("label", bars="pool at patience on_abandon tokens"),
    M.Release: _known("label", bars="pool at tokens"),
    M.Loop: _known("body label", bars="times per_records"),
    M.Spawn: _known("flow label"),
    M.Switch: _known("targets label", bars="state at"),
    M.Choose: _known("targets label", bars="by at"),
    M.Assign: _known("label", bars="state value at"),
    M.Poisson: _known("rate_per_s"),
    M.BatchPoisson: _known("rate_per_s size"),
    M.Renewal: _known("interarrival"),
    M.Closed: _known("jobs think"),
    M.Piecewise: _known("", bars="start_s rate_per_s repeat_s"),
    M.ExactCount: _known("", bars="count start_s weight end_s"),
    M.Scheduled: _known("", bars="at_s records places"),
    M.Sinusoid: _known("", bars="mean_per_s amplitude_per_s period_s"),
    M.Modulated: _known("", bars="rates_per_s switch_per_s"),
    # One server fails as the whole station does, so it is all the same what fails; forms with breakdowns have one server.
    M.Breakdowns: _known("up down", ignores="per"),
    M.Retry: _known("attempts backoff factor"),
    M.Part: _known("", bars="value scale_s less"),
    M.Outage: _known("", bars="at_s for_s place"),
    M.Schedule: _known("", bars="start_s servers repeat_s interrupts"),
    M.SpeedFrom: _known("", bars="at_s factor place"),
    M.Pool: _known("", ignores="name tokens per refill_per_s discipline"),
    M.PlaceLevel: _known("", ignores="name count weights within parent labels changes"),
    M.PlaceFrom: _known("", ignores="at_s place to"),
    M.State: _known("", ignores="name start per changes"),
    M.Watch: _known("", ignores="name begins_s ends_s kind part places"),
    M.Hours: _known("", ignores="name opens_s closes_s"),
    Focus: _known("", ignores="key kind parts metric place worst busiest_s from_s to_s"),
    Distribution: _known("kind parameters weights values"),
}
"""Every kind of description that a network may hold."""


def kind_of(part: object) -> type | None:
    """Give the kind of description that a part is, the nearest one it descends from; None if there is none."""
    return next((kind for kind in type(part).__mro__ if kind in KNOWN), None)


def said(part: Any) -> frozenset[str]:
    """Name the fields of a description whose values are not their defaults; those without a default always are."""
    return frozenset(field.name for field in fields(part) if not _is_usual(field, getattr(part, field.name)))


def remarkable(part: Any) -> frozenset[str]:
    """Name what a description says beyond its defaults, but for what no predicted figure depends on."""
    kind = kind_of(part)
    return said(part) - (KNOWN[kind].ignores if kind is not None else frozenset())


def unknown(part: object) -> frozenset[str]:
    """Name all that theory has not been told of in a description and everything it holds."""
    return frozenset(_unknown(part))


def _unknown(part: object) -> Iterator[str]:
    if isinstance(part, tuple | list | dict | set | frozenset):
        for each in part.values() if isinstance(part, dict) else part:
            if not isinstance(each, int | float | str):
                yield from _unknown(each)
    elif is_dataclass(part) and not isinstance(part, type):
        kind = kind_of(part)
        if kind is None:
            yield type(part).__name__
            return
        for name in said(part):
            if name not in KNOWN[kind].fields:
                yield f"{kind.__name__}.{name}"
            yield from _unknown(getattr(part, name))


def _is_usual(field: Field[Any], value: Any) -> bool:
    """Whether a field has its default value."""
    if field.default_factory is not MISSING:
        usual = field.default_factory()
    elif field.default is not MISSING:
        usual = field.default
    else:
        return False
    return bool(np.array_equal(value, usual)) if isinstance(value, np.ndarray) else bool(value == usual)
