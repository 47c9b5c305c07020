"""Records supplied to agencies: a flow for each row of the report, exact per row."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.calendar import profile
from jukinet_sim.chance.distributions import constant
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.cadences import deliveries
from jukinet_sim.juki_net.machines.compile import Machines
from jukinet_sim.juki_net.nation import AGENCY, BITS, Nation
from jukinet_sim.language.compile_steps import NO_ARRIVALS, exact_count
from jukinet_sim.network import model as M

PROVISION = "provision."
ONLINE = "business hours"


def expected_records(nation: Nation) -> dict[str, int]:
    """Return the records that each provision flow must have completed at the end of a drained run of the scenario's period."""
    return {PROVISION + row.slug: sum(n for _, n in _on_dates(nation, row)) for row in nation.rows}


def _on_dates(nation: Nation, row: facts.Provision) -> tuple[tuple[dt.date, int], ...]:
    """Dates on which a row's records are provided, and how many."""
    scaled = round(row.records * nation.spec.provisions.volume.value * nation.spec.volume.value)
    return deliveries(row.cadence_assumed, scaled, nation.period) if scaled else ()


def provision_flows(machines: Machines) -> tuple[M.Flow, ...]:
    """Return a flow for each row."""
    return tuple(_Rows(machines).flow(row) for row in machines.nation.rows)


class _Rows:
    """Turns rows into flows; a row without records in the period is a flow in which nothing arrives."""

    def __init__(self, machines: Machines) -> None:
        self.nation, self.spec = machines.nation, machines.nation.spec.provisions
        self.route = _route(machines)

    def flow(self, row: facts.Provision) -> M.Flow:
        """One row as files, as queries spread over the nights, or as queries of the day."""
        share = np.zeros(len(self.nation.agencies))
        share[self.nation.agencies.index(row.recipient)] = 1.0
        on_dates = [(date, records) for date, records in _on_dates(self.nation, row) if records]
        total = sum(records for _, records in on_dates)
        if total == 0:
            return self._flow(row, share, self.route, NO_ARRIVALS)
        if row.cadence_assumed == ONLINE:
            return self._flow(row, share, self.route, exact_count(total, profile(self.spec.online_profile, self.nation.period)))
        starts = [self.nation.period.seconds_of(date) + self.spec.batch_starts.value for date, _ in on_dates]
        volumes = [records for _, records in on_dates]
        if self.spec.records_per_job == "file":
            loop = M.Loop(self.route, per_records=self.spec.lot.value)
            return self._flow(row, share, (loop,), M.Scheduled(M.frozen_floats(starts), tuple(volumes)))
        lot = self.spec.records_per_job
        jobs = -(-total // lot)
        last = total - (jobs - 1) * lot
        spread = self._flow(row, share, self.route, self._spread(jobs, starts, volumes))
        return replace(spread, records=lot, last_job_records=last)

    def _flow(
        self, row: facts.Provision, share: NDArray[np.float64], route: tuple[M.Step, ...], arrivals: M.Arrivals
    ) -> M.Flow:
        """Return a flow whose jobs are late when they are not answered within a batch window.

        All records of a file come back together, so a file that misses its window's end is late as a whole.
        """
        due_s = self.spec.batch_window.value
        return M.Flow(PROVISION + row.slug, route, arrivals, origin=AGENCY, share=M.frozen_floats(share), due_s=due_s)

    def _spread(self, jobs: int, starts: list[float], volumes: list[int]) -> M.ExactCount:
        """So many jobs over the batch windows, each weighted by its records and none reaching beyond the period."""
        edges, weights = [0.0], [0.0]
        for start, volume in zip(starts, volumes, strict=True):
            stop = min(start + self.spec.batch_window.value, self.nation.period.seconds)
            edges += [start, stop]
            weights += [volume / (stop - start), 0.0]
        return M.ExactCount(jobs, M.frozen_floats(edges[:-1]), M.frozen_floats(weights[:-1]), edges[-1])


def _route(machines: Machines) -> tuple[M.Step, ...]:
    """From the agency through its line, firewall and security module to the provision server, and back."""
    spec = machines.nation.spec.provisions
    latency, envelope = M.Delay(constant(spec.line.latency.value)), spec.envelope.value

    def line(each: float) -> M.Visit:
        bit_rate = spec.line.bit_rate.value
        return M.Visit("agency_line", constant(envelope * BITS / bit_rate), each * BITS / bit_rate)

    firewall, hsm, server = (
        machines.passing(name, "origin", None, "") for name in ("agency_firewall", "national_hsm", "provision_server")
    )
    return (line(spec.request.value), latency, firewall, hsm, server, firewall, line(spec.reply.value), latency)
