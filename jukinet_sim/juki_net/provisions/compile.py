"""Records supplied to agencies: a flow for each row of the report, exact per row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.chance.distributions import constant
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.cadences import deliveries
from jukinet_sim.juki_net.crypto.bill import Owed
from jukinet_sim.juki_net.crypto.negotiate import End, Link
from jukinet_sim.juki_net.crypto.pay import NOTHING, Doing, Either, Secured, numbered, paying
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.machines.pairs import from_agency
from jukinet_sim.juki_net.nation import AGENCY, BITS, Nation
from jukinet_sim.juki_net.programme.traffic import factors_on
from jukinet_sim.language.compile_steps import NO_ARRIVALS, exact_count
from jukinet_sim.network import model as M

How = Literal["message", "records", "lot"]
"""What travels: one record asked for, some records at once, or a lot of a file that is signed when it is whole."""
ASKED, ANSWERED = Link(None, End("nation")), Link(End("nation"), None)
"""Between an agency, of whose machines nothing is known, and the nation."""
PROVISION, MOST_STREAMS = "provision.", 1_000
ONLINE = "business hours"


OnDates = tuple[tuple[dt.date, int], ...]
"""Dates on which a row's records are provided, and how many."""


def records_on_dates(nation: Nation) -> dict[str, OnDates]:
    """Return when each provision flow has how many records to complete, in a drained run of the scenario's period."""
    return {PROVISION + row.slug: _on_dates(nation, row) for row in nation.rows}


def _on_dates(nation: Nation, row: facts.Provision) -> OnDates:
    scaled = round(row.records * nation.spec.provisions.volume.value * nation.spec.volume.value)
    usual = deliveries(row.cadence_assumed, scaled, nation.period) if scaled else ()
    factors = factors_on(nation.spec.programme, PROVISION + row.slug, (date for date, _ in usual))
    return tuple((date, round(n * factor)) for (date, n), factor in zip(usual, factors, strict=True))


def provision_flows(machines: Machines, on_dates: Mapping[str, OnDates]) -> tuple[M.Flow, ...]:
    """Return a flow for each row, given when it has how many records."""
    rows = _Rows(machines)
    return tuple(rows.flow(row, on_dates[PROVISION + row.slug]) for row in machines.nation.rows)


class _Rows:
    """Turns rows into flows; a row without records in the period is a flow in which nothing arrives."""

    def __init__(self, machines: Machines) -> None:
        self.nation, self.spec = machines.nation, machines.nation.spec.provisions
        if self.spec.streams.value > MOST_STREAMS:
            what = f"{self.spec.streams.value:,} parts of a file at a time are more than a run can follow"
            self.nation.fault("provisions.streams", what, f"write at most {MOST_STREAMS:,}")
        self.opens = machines.opened(from_agency(machines.nation.spec))
        self.query, self.some = _route(machines, "message"), _route(machines, "records")
        self.lot, self.signed = _route(machines, "lot"), _signed_file(machines)

    def flow(self, row: facts.Provision, provided: OnDates) -> M.Flow:
        """One row as files, as queries spread over the nights, or as queries of the day."""
        share = np.zeros(len(self.nation.agencies))
        share[self.nation.agencies.index(row.recipient)] = 1.0
        on_dates = [(date, records) for date, records in provided if records]
        total = sum(records for _, records in on_dates)
        if total == 0:
            return self._flow(row, share, self.query, NO_ARRIVALS)
        if row.cadence_assumed == ONLINE:
            return self._flow(row, share, self.query, exact_count(total, self.nation.shape(self.spec.online_profile)))
        starts = [self.nation.period.seconds_of(date) + self.spec.batch_starts.value for date, _ in on_dates]
        volumes = [records for _, records in on_dates]
        if self.spec.records_per_job == "file":
            loop = M.Loop(self.lot, per_records=self.spec.lot.value)
            return self._flow(row, share, (loop, *self.signed), self._in_streams(starts, volumes))
        lot = self.spec.records_per_job
        jobs = -(-total // lot)
        last = total - (jobs - 1) * lot
        spread = self._flow(row, share, self.some, self._spread(jobs, starts, volumes))
        return replace(spread, records=lot, last_job_records=last)

    def _flow(
        self, row: facts.Provision, share: NDArray[np.float64], route: tuple[M.Step, ...], arrivals: M.Arrivals
    ) -> M.Flow:
        """Return a flow whose jobs are late when they are not answered within a batch window.

        All records of a file come back together, so a file that misses its window's end is late as a whole.
        """
        due_s = self.spec.batch_window.value
        if self.opens:
            # What stands before them must not move the random numbers of these steps.
            route = (*self.opens, *(replace(step, label=step.label or str(number)) for number, step in numbered(route)))
        return M.Flow(PROVISION + row.slug, route, arrivals, origin=AGENCY, share=M.frozen_floats(share), due_s=due_s)

    def _in_streams(self, starts: list[float], volumes: list[int]) -> M.Scheduled:
        """Return the files, each in as many parts of about the same size as are worked through side by side."""
        streams = min(self.spec.streams.value, MOST_STREAMS)
        files = zip(starts, volumes, strict=True)
        parts = ((start, volume // streams + (k < volume % streams)) for start, volume in files for k in range(streams))
        some = [(start, part) for start, part in parts if part]
        return M.Scheduled(M.frozen_floats([start for start, _ in some]), tuple(part for _, part in some))

    def _spread(self, jobs: int, starts: list[float], volumes: list[int]) -> M.ExactCount:
        """So many jobs over the batch windows, each weighted by its records and none reaching beyond the period."""
        edges, weights = [0.0], [0.0]
        for start, volume in zip(starts, volumes, strict=True):
            stop = min(start + self.spec.batch_window.value, self.nation.period.seconds)
            edges += [start, stop]
            weights += [volume / (stop - start), 0.0]
        return M.ExactCount(jobs, M.frozen_floats(edges[:-1]), M.frozen_floats(weights[:-1]), edges[-1])


def _route(machines: Machines, how: How) -> tuple[M.Step, ...]:
    """From the agency through its line, firewall and security module to the provision server, and back."""
    spec = machines.nation.spec.provisions
    latency = M.Delay(constant(spec.line.latency.value))
    request, reply = spec.request.value, spec.reply.value

    def secured(each: float, doing: Doing) -> tuple[M.Step, ...]:
        if not machines.bills:
            return ()
        return (Secured(ends=((End("nation"), doing),), owed=_owed(machines, how, each)),)

    firewall, server = (machines.passing(name, "origin", None, "") for name in ("agency_firewall", "provision_server"))
    return (
        _line(machines, how, request, ASKED), *secured(request, "receiver"), latency, firewall,
        machines.module("national_hsm"), server, *secured(reply, "sender"), firewall,
        _line(machines, how, reply, ANSWERED), latency,
    )  # fmt: skip


def _line(machines: Machines, how: How, each: float, link: Link) -> M.Step:
    """Return the visit to an agency's line of what travels, with so many bytes for each record; one for each suite."""
    spec = machines.nation.spec.provisions
    bit_rate, envelope = spec.line.bit_rate.value, spec.envelope.value
    visits = []
    for suite in range(max(1, len(machines.bills))):
        is_message = not machines.bills or how == "message"
        on_line = each if is_message else machines.bills[suite].record_bytes(each, machines.granularity)
        demand = constant(machines.wire_bytes(envelope, suite) * BITS / bit_rate)
        visits.append(M.Visit("agency_line", demand, on_line * BITS / bit_rate))
    return visits[0] if len(visits) == 1 else Either(steps=tuple(visits), link=link)


def _owed(machines: Machines, how: How, each: float) -> Callable[[Doing, bool, int], Owed]:
    """Return what a side owes for a message, or for the records of a lot, of so many bytes each."""
    envelope = machines.nation.spec.provisions.envelope.value

    def owed(doing: Doing, module: bool, suite: int) -> Owed:
        bill = machines.bills[suite]
        if how == "message":
            return bill.message(envelope, each, doing, module=module)
        whole, one = bill.batch(each, machines.granularity, doing, module=module)
        return one if how == "lot" else whole + one

    return owed


def _signed_file(machines: Machines) -> tuple[M.Step, ...]:
    """Return the visits that a file makes once, whatever it holds, when its last lot is done: to have it signed."""
    spec = machines.nation.spec.provisions
    asked: tuple[tuple[float, Doing], ...] = ((spec.request.value, "receiver"), (spec.reply.value, "sender"))
    dues = []
    for bill in machines.bills:
        whole = Owed()
        for each, doing in asked:
            whole += bill.batch(each, machines.granularity, doing, module=True)[0]
        dues.append((whole.module, whole.server))
    found = []
    for number, name in enumerate(("national_hsm", "provision_server")):
        steps = tuple(paying(M.Visit(name, NOTHING), due[number]) if due[number] else None for due in dues)
        if any(steps):
            found.append(Either(NOTHING, f"file.{name}", steps, ANSWERED))
    return tuple(found)
