"""The resident register network as stations, pools and flows. The only place where domain words become queueing words.

Three tiers of stations stand at two levels of places (municipality within prefecture) and at none (the nation). Agencies are
a level of their own, so that each has its line.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jukinet_sim import facts
from jukinet_sim.calendar import (
    Period,
    deliveries,
    profile,
    split_exact,
)
from jukinet_sim.distributions import Distribution, constant, exponential, lognormal
from jukinet_sim.errors import ScenarioError
from jukinet_sim.network import model as M
from jukinet_sim.network.compile_raw import exact_count, extended, gate, run_settings
from jukinet_sim.network.municipalities import Municipalities, generate, read_csv
from jukinet_sim.scenario import juki_net as S
from jukinet_sim.scenario.load import Loaded, file_named_at
from jukinet_sim.scenario.suggest import one_of

BITS = 8.0
PROVISION = "provision."
ONLINE = "business hours"
NO_ARRIVALS = M.Scheduled(M.frozen_floats([]), ())


def compile_jukinet(loaded: Loaded) -> M.Network:
    """Compile `juki_net:`. Raises ScenarioError when the run has no period or a municipality list cannot be read."""
    return _Compiler(loaded).network()


def demand(mean_s: float, cv: float) -> Distribution:
    """A service time by mean and coefficient of variation: constant, exponential or log-normal."""
    if cv == 0.0:
        return constant(mean_s)
    return exponential(mean_s) if cv == 1.0 else lognormal(mean_s, cv)


@dataclass(frozen=True)
class _Steps:
    """The visits that make up every route, by what they pass."""

    spec: S.JukiNet

    def firewall(self, station: str, firewall: S.Firewall) -> M.Visit:
        return M.Visit(station, constant(firewall.per_message.value))

    def server(self, station: str, server: S.Server) -> M.Visit:
        return M.Visit(station, demand(server.service.value, server.cv.value))

    def hsm(self, station: str, hsm: S.Hsm) -> M.Visit:
        return M.Visit(station, constant(hsm.per_operation.value * hsm.operations_per_message.value))

    def line(self, station: str, line: S.Line, bytes_: float, per_record: float = 0.0) -> M.Visit:
        rate = line.bit_rate.value
        return M.Visit(station, constant(bytes_ * BITS / rate), per_record_s=per_record * BITS / rate)

    def municipal_line(self, bytes_: float) -> M.Visit:
        """Firewall and line in one visit: nothing else queues between them, and the slower of the two is the line."""
        town = self.spec.municipality
        seconds = town.network_firewall.per_message.value + bytes_ * BITS / town.line.bit_rate.value
        return M.Visit("cs_line", constant(seconds))


class _Compiler:
    def __init__(self, loaded: Loaded) -> None:
        spec, run = loaded.scenario.juki_net, loaded.scenario.run
        if spec is None:
            raise TypeError("the scenario has no juki_net")
        if run.period is None:
            raise TypeError("the loader lets no juki_net pass without a period")
        self.loaded, self.spec, self.run = loaded, spec, run
        self.period = Period(run.period.first_day, run.period.last_day)
        self.steps = _Steps(spec)
        self.places = self._municipalities()
        self.agencies = tuple(dict.fromkeys(row.recipient for row in facts.provisions()))

    def _municipalities(self) -> Municipalities:
        path = file_named_at(self.loaded, "juki_net.municipalities.source")
        return generate() if path is None or self.spec.municipalities.source == S.GENERATED else read_csv(path)

    def network(self) -> M.Network:
        """Put stations, pools, places and flows together."""
        network = M.Network(
            name=self.loaded.scenario.scenario,
            stations=self._stations(),
            flows=(*self._update_flows(), *self._provision_flows()),
            pools=(M.Pool("cs_uplink", 1, "municipality"), M.Pool("prefecture_uplink", 1, "prefecture")),
            levels=self._levels(),
            **run_settings(self.run),  # type: ignore[arg-type]
        )
        self._check_service_levels(network)
        return network

    def _check_service_levels(self, network: M.Network) -> None:
        """Refuse service levels about flows, stations or pools that the domain does not have."""
        faults = []
        for number, slo in enumerate(self.loaded.scenario.slo):
            known = [part.name for part in getattr(network, f"{slo.kind}s")]
            if slo.subject not in known:
                what, cure = f'unknown {slo.kind} "{slo.subject}"', one_of(slo.subject, known, "")
                faults.append(self.loaded.fault(f"slo.{number}.{slo.kind}", what, cure))
        if faults:
            raise ScenarioError(faults)

    def _levels(self) -> tuple[M.PlaceLevel, ...]:
        weights = self.places.population * self.places.connected
        parents = tuple(int(p) for p in self.places.prefecture)
        ones = M.frozen_floats(np.ones(len(self.agencies)))
        per_prefecture = np.bincount(self.places.prefecture, weights, minlength=47)
        towns = tuple(f"{code} {name}" for code, name in zip(self.places.code, self.places.name, strict=True))
        counties = tuple(f"{row.code} {row.name_en}" for row in facts.prefectures())
        return (
            M.PlaceLevel("municipality", len(self.places), M.frozen_floats(weights), "prefecture", parents, towns),
            M.PlaceLevel("prefecture", 47, M.frozen_floats(per_prefecture), labels=counties),
            M.PlaceLevel("agency", len(self.agencies), ones, labels=self.agencies),
        )

    def _stations(self) -> tuple[M.Station, ...]:
        town, county, nation = self.spec.municipality, self.spec.prefecture, self.spec.nation
        return (
            M.Station("municipal_firewall", town.firewall.servers.value, "municipality"),
            M.Station("cs", town.cs.servers.value, "municipality"),
            M.Station("cs_line", 1, "municipality"),
            M.Station("prefecture_firewall", county.firewall.servers.value, "prefecture"),
            M.Station("prefecture_hsm", county.hsm.servers.value, "prefecture"),
            M.Station("prefecture_server", county.server.servers.value, "prefecture"),
            M.Station("prefecture_line", 1, "prefecture"),
            M.Station("national_firewall", nation.network_firewall.servers.value),
            M.Station("national_hsm", nation.hsm.servers.value),
            M.Station("national_database", nation.database.servers.value),
            M.Station("provision_server", nation.provision.servers.value),
            M.Station("agency_firewall", nation.agency_firewall.servers.value),
            M.Station("agency_line", 1, "agency"),
        )

    # Resident-record updates

    def _update_flows(self) -> tuple[M.Flow, ...]:
        """Updates of large municipalities, one by one, and of small ones, held until the daily send."""
        updates = self.spec.updates
        shape = profile(updates.profile, self.period)
        people = np.where(self.places.connected, self.places.population, 0).astype(np.float64)
        large = self.places.population >= self.spec.municipalities.per_event_from.value
        share = people.sum() / facts.REGISTER_POPULATION
        total = round(updates.per_year.value * share * shape.integral())
        counts = split_exact(total, [float(people[large].sum()), float(people[~large].sum())]) if total else (0, 0)
        hold = gate(
            profile(updates.daily_send, extended(self.period, True)), updates.daily_send_spread.value
        )
        flows = []
        for name, count, mask, held in (
            ("updates.per_event", counts[0], large, ()),
            ("updates.daily", counts[1], ~large, (hold,)),
        ):
            # A flow without arrivals is there all the same: service levels and tables may name it.
            share = M.frozen_floats(people * mask) if count > 0 else None
            arrivals = exact_count(count, shape) if count > 0 else NO_ARRIVALS
            flows.append(M.Flow(name, self._update_route(held), arrivals, origin="municipality", share=share))
        return tuple(flows)

    def _update_route(self, held: tuple[M.Gate, ...]) -> tuple[M.Step, ...]:
        """Counter to CS; CS to prefecture and prefecture to nation, each hop holding its uplink until acknowledged."""
        town, county, nation, updates = self.spec.municipality, self.spec.prefecture, self.spec.nation, self.spec.updates
        message, reply = updates.message.value, updates.acknowledgement.value
        steps = self.steps
        return (
            steps.firewall("municipal_firewall", town.firewall),
            steps.server("cs", town.cs),
            *held,
            M.Acquire("cs_uplink"),
            steps.municipal_line(message),
            M.Delay(constant(town.line.latency.value)),
            steps.firewall("prefecture_firewall", county.firewall),
            steps.hsm("prefecture_hsm", county.hsm),
            steps.server("prefecture_server", county.server),
            # The acknowledgement is too short to compete for the line: its sending time and the way back are one delay.
            M.Delay(constant(town.line.latency.value + reply * BITS / town.line.bit_rate.value)),
            M.Release("cs_uplink"),
            M.Acquire("prefecture_uplink"),
            steps.line("prefecture_line", county.line, message),
            M.Delay(constant(county.line.latency.value)),
            steps.firewall("national_firewall", nation.network_firewall),
            steps.hsm("national_hsm", nation.hsm),
            steps.server("national_database", nation.database),
            M.Delay(constant(county.line.latency.value + reply * BITS / county.line.bit_rate.value)),
            M.Release("prefecture_uplink"),
        )

    # Provisions to agencies

    def _provision_flows(self) -> tuple[M.Flow, ...]:
        flows = []
        for row in facts.provisions():
            share = np.zeros(len(self.agencies))
            share[self.agencies.index(row.recipient)] = 1.0
            flows.append(self._provision(row, M.frozen_floats(share)))
        return tuple(flows)

    def _provision(self, row: facts.Provision, share: NDArray[np.float64]) -> M.Flow:
        """One of the 44 rows: a row without records in the period is a flow in which nothing arrives."""
        provisions = self.spec.provisions
        scaled = round(row.records * provisions.volume.value)
        on_dates = deliveries(row.cadence_assumed, scaled, self.period) if scaled else ()
        total = sum(records for _, records in on_dates)
        lot = provisions.records_per_job
        name = PROVISION + row.slug
        if total == 0:
            return M.Flow(name, self._query_route(), NO_ARRIVALS, origin="agency", share=share)
        if row.cadence_assumed == ONLINE:
            arrivals = exact_count(total, profile(provisions.online_profile, self.period))
            return M.Flow(name, self._query_route(), arrivals, origin="agency", share=share)
        starts = [self.period.seconds_of(date) + provisions.batch_starts.value for date, records in on_dates if records]
        volumes = [records for _, records in on_dates if records]
        if lot == "file":
            loop = M.Loop(self._query_route(), per_records=provisions.lot.value)
            return M.Flow(
                name, (loop,), M.Scheduled(M.frozen_floats(starts), tuple(volumes)), origin="agency", share=share
            )
        jobs = -(-total // lot)
        return M.Flow(
            name,
            self._query_route(),
            self._spread(jobs, starts, volumes),
            records=lot,
            last_job_records=total - (jobs - 1) * lot,
            origin="agency",
            share=share,
        )

    def _spread(self, jobs: int, starts: list[float], volumes: list[int]) -> M.ExactCount:
        """So many jobs over the batch windows, each weighted by its records and none reaching beyond the period."""
        window = self.spec.provisions.batch_window.value
        edges, weights = [0.0], [0.0]
        for start, volume in zip(starts, volumes, strict=True):
            stop = min(start + window, self.period.seconds)
            edges += [start, stop]
            weights += [volume / (stop - start), 0.0]
        return M.ExactCount(jobs, M.frozen_floats(edges[:-1]), M.frozen_floats(weights[:-1]), edges[-1])

    def _query_route(self) -> tuple[M.Step, ...]:
        """From the agency through its line, firewall and security module to the provision server, and back."""
        nation, provisions, steps = self.spec.nation, self.spec.provisions, self.steps
        envelope, server = provisions.envelope.value, nation.provision
        latency = M.Delay(constant(provisions.line.latency.value))
        return (
            steps.line("agency_line", provisions.line, envelope, provisions.request.value),
            latency,
            steps.firewall("agency_firewall", nation.agency_firewall),
            steps.hsm("national_hsm", nation.hsm),
            M.Visit("provision_server", demand(server.service.value, server.cv.value), server.per_record.value),
            steps.firewall("agency_firewall", nation.agency_firewall),
            steps.line("agency_line", provisions.line, envelope, provisions.reply.value),
            latency,
        )


def expected_records(loaded: Loaded) -> dict[str, int]:
    """Records each provision flow must have completed by the end of a drained run over the scenario's period."""
    spec, run = loaded.scenario.juki_net, loaded.scenario.run
    if spec is None or run.period is None:
        return {}
    period = Period(run.period.first_day, run.period.last_day)
    expected = {}
    for row in facts.provisions():
        scaled = round(row.records * spec.provisions.volume.value)
        dates = deliveries(row.cadence_assumed, scaled, period) if scaled else ()
        expected[PROVISION + row.slug] = sum(records for _, records in dates)
    return expected
