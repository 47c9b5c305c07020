"""A flow as a row of the flow table: its arrivals, its places, and what its jobs do when they are held up."""

from __future__ import annotations

import numpy as np

from jukinet_sim.chance.keys import name_hash
from jukinet_sim.engine import flow_table as F
from jukinet_sim.engine import layout as L
from jukinet_sim.engine import routes
from jukinet_sim.engine.tables import Tables
from jukinet_sim.network import model as M


def arrivals_row(tables: Tables, flow: M.Flow) -> tuple[list[int], list[float]]:
    """Give the whole numbers and the floats of a flow's row, as far as its arrivals and places decide them."""
    ints, floats = [0] * F.FLOW_INTS, [0.0] * F.FLOW_FLOATS
    ints[F.A_GIVEN] = -1
    ints[F.A_HASH] = name_hash(flow.name)
    ints[F.A_RECORDS] = flow.records
    ints[F.A_LAST_RECORDS] = flow.records if flow.last_job_records is None else flow.last_job_records
    ints[F.A_ORIGIN : F.A_ORIGIN + F.PLACE_COLUMNS] = tables.place_table(flow.origin, flow.share)
    ints[F.A_DESTINATION : F.A_DESTINATION + F.PLACE_COLUMNS] = tables.place_table(flow.destination, None)
    arrivals = flow.arrivals
    if isinstance(arrivals, M.Poisson):
        ints[F.A_KIND], floats[F.AF_RATE] = F.POISSON, arrivals.rate_per_s
    elif isinstance(arrivals, M.BatchPoisson):
        ints[F.A_KIND], floats[F.AF_RATE] = F.BATCH, arrivals.rate_per_s
        ints[F.A_SAMPLER] = tables.samplers.add(arrivals.size)
    elif isinstance(arrivals, M.Renewal) and arrivals.interarrival.kind == "constant":
        ints[F.A_KIND], floats[F.AF_REPEAT] = F.PERIODIC, arrivals.interarrival.parameters[0]
    elif isinstance(arrivals, M.Renewal):
        ints[F.A_KIND], ints[F.A_SAMPLER] = F.RENEWAL, tables.samplers.add(arrivals.interarrival)
    elif isinstance(arrivals, M.Sinusoid) and arrivals.mean_per_s > 0.0:
        ints[F.A_KIND], ints[F.A_AT] = F.SINUSOID, len(tables.tail_f)
        tables.tail_f += [arrivals.mean_per_s, arrivals.amplitude_per_s, arrivals.period_s]
    elif isinstance(arrivals, M.Modulated) and max(arrivals.rates_per_s) > 0.0:
        ints[F.A_KIND], ints[F.A_AT], ints[F.A_LENGTH] = F.MODULATED, len(tables.tail_f), len(arrivals.rates_per_s)
        tables.tail_f.extend(routes.modulation(arrivals))
    elif isinstance(arrivals, M.Closed):
        ints[F.A_KIND], ints[F.A_COUNT], ints[F.A_SAMPLER] = F.CLOSED, arrivals.jobs, tables.samplers.add(arrivals.think)
    elif isinstance(arrivals, M.Piecewise):
        ints[F.A_KIND], ints[F.A_AT], ints[F.A_LENGTH] = F.PIECEWISE, len(tables.tail_f), len(arrivals.start_s)
        floats[F.AF_REPEAT] = arrivals.repeat_s if arrivals.repeat_s is not None else np.inf
        tables.tail_f.extend(arrivals.start_s.tolist())
        tables.tail_f.extend(arrivals.rate_per_s.tolist())
    elif isinstance(arrivals, M.ExactCount):
        ints[F.A_KIND], ints[F.A_AT], ints[F.A_LENGTH] = F.EXACT, len(tables.tail_f), len(arrivals.start_s)
        ints[F.A_COUNT] = arrivals.count
        ends = np.append(arrivals.start_s[1:], arrivals.end_s)
        upper = np.cumsum((ends - arrivals.start_s) * arrivals.weight)
        floats[F.AF_TOTAL], floats[F.AF_END] = float(upper[-1]), arrivals.end_s
        for part in (arrivals.start_s, arrivals.weight, upper):
            tables.tail_f.extend(part.tolist())
    elif isinstance(arrivals, M.Scheduled):
        ints[F.A_KIND], ints[F.A_AT], ints[F.A_COUNT] = F.SCHEDULED, len(tables.tail_f), len(arrivals.at_s)
        ints[F.A_LENGTH] = len(tables.tail_i)
        tables.tail_f.extend(arrivals.at_s.tolist())
        tables.tail_i.extend(arrivals.records)
        ints[F.A_GIVEN] = _given_origins(tables, flow, arrivals)
    return ints, floats


def _given_origins(tables: Tables, flow: M.Flow, arrivals: M.Scheduled) -> int:
    """Lay where scheduled jobs come from and give where that stands; -1 if all are drawn."""
    if not arrivals.places:
        return -1
    if len(arrivals.places) != len(arrivals.at_s):
        what = f"flow {flow.name} has {len(arrivals.places)} places for {len(arrivals.at_s)} scheduled jobs"
        raise routes.refuse(what, "give one for each, or none")
    if flow.origin is None:
        raise routes.refuse(f"flow {flow.name} has scheduled jobs at places, but no origin", "give the flow an `origin`")
    last = tables.places(flow.origin) - 1
    if not -1 <= min(arrivals.places) <= max(arrivals.places) <= last:
        what = f"flow {flow.name} has a scheduled job at a place that {flow.origin} does not have"
        raise routes.refuse(what, f"write a number from 0 to {last}, or -1 for a drawn one")
    at = len(tables.tail_i)
    tables.tail_i.extend(arrivals.places)
    return at


def add_behaviour(tables: Tables, flow: M.Flow, ints: list[int], floats: list[float], rows: list[routes.Row]) -> None:
    """Add what jobs of a flow do when they wait, are refused or have done a cycle, and steps for what is pending then."""
    ints[F.A_CLASS] = tables.ranks[flow.priority]
    ints[F.A_PATIENCE] = tables.samplers.add(flow.patience) if flow.patience is not None else -1
    ints[F.A_TIMEOUT] = tables.samplers.add(flow.timeout) if flow.timeout is not None else -1
    ints[F.A_ZOMBIE] = int(flow.zombie)
    ints[F.A_ATTEMPTS], ints[F.A_RETRY_STEP], ints[F.A_THINK_STEP] = 1, -1, -1
    if flow.retry is not None:
        ints[F.A_ATTEMPTS] = flow.retry.attempts or 0
        ints[F.A_BACKOFF], floats[F.AF_FACTOR] = tables.samplers.add(flow.retry.backoff), flow.retry.factor
        ints[F.A_RETRY_STEP] = len(rows)
        rows.append(routes.Row(L.RETRY, "back-off", flow.name))
    if isinstance(flow.arrivals, M.Closed):
        ints[F.A_THINK_STEP] = len(rows)
        rows.append(routes.Row(L.THINK, "think", flow.name))
