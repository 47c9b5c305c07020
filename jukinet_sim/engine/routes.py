"""One step of a route on its way into the step table, and what holds for a route as a whole."""

from __future__ import annotations

from collections import Counter

import numpy as np

from jukinet_sim.base.errors import Fault, ScenarioError
from jukinet_sim.chance.distributions import Distribution
from jukinet_sim.chance.keys import name_hash
from jukinet_sim.engine import layout as L
from jukinet_sim.network import model as M


class Row:
    """One step while its route is being laid out."""

    def __init__(self, kind: int, path: str, flow: str) -> None:
        self.kind, self.path, self.flow = kind, path, flow
        self.ints = [-1] * L.STEP_WORDS
        self.floats = [0.0] * L.STEP_FLOATS
        self.ints[L.K_KIND] = kind
        self.ints[L.K_HASH] = name_hash(path)
        self.distribution: Distribution | None = None
        self.targets: list[tuple[str | None, float]] = []
        self.choices: list[tuple[int, int, str | None]] = []
        """The stations among which a job chooses: word, place that selects it, and where it leads."""
        self.cases: list[tuple[int, str | None]] = []
        self.on_refused: str | None = None
        self.on_abandon: str | None = None
        self.labelled = False
        self.cyclic = False
        self.asks = False
        """Whether a job may draw for more than the demand of a visit here, so that executions are counted."""


def refuse(what: str, cure: str) -> ScenarioError:
    """Return the error for a network that cannot be laid out."""
    return ScenarioError((Fault(what, cure, None, None),))


def check_hashes(names: list[str], what: str) -> None:
    """Refuse names that are equal or share a random-number key. Raises ScenarioError."""
    by_hash: dict[int, str] = {}
    for name in names:
        other = by_hash.setdefault(name_hash(name), name)
        if other != name:
            raise refuse(f"the {what} {other} and {name} share a random-number key", f"rename {name}")
    for name, times in Counter(names).items():
        if times > 1:
            raise refuse(f"two {what} are both called {name}", "give each a name of its own")


def special_stations(network: M.Network) -> list[bool]:
    """For each station group, whether it is more than c servers and a first-come queue that nobody leaves or turns from.

    Where servers are kept after service, every station on the way is.
    """
    keeps = {flow.name: M.keeps_servers(flow) for flow in network.flows}
    left = {
        step.station
        for flow in network.flows
        for step in M.all_steps(flow.route)
        if isinstance(step, M.Visit)
        and (flow.patience is not None or flow.timeout is not None or step.balk or keeps[flow.name])
    }
    return [
        s.name in left
        or s.discipline != "fifo"
        or s.capacity is not None
        or s.schedule is not None
        or s.breakdowns is not None
        or bool(s.outages)
        or bool(s.speed)
        for s in network.stations
    ]


def modulation(arrivals: M.Modulated) -> list[float]:
    """Rates, rates of leaving, the stationary law and the jumps of a Markov chain, the last two as cumulative probabilities."""
    switch = np.array(arrivals.switch_per_s, dtype=np.float64)
    np.fill_diagonal(switch, 0.0)
    leaving = switch.sum(axis=1)
    n = len(leaving)
    # pi Q = 0 with one equation replaced by sum pi = 1.
    balance = (switch - np.diag(leaving)).T
    balance[-1] = 1.0
    law = np.linalg.solve(balance, np.eye(n)[-1]) if n > 1 else np.ones(1)
    jumps = switch / np.where(leaving > 0.0, leaving, 1.0)[:, None]
    tables = [np.minimum(np.cumsum(p), 1.0) for p in (law, *jumps)]
    return [*arrivals.rates_per_s, *leaving.tolist(), *(float(x) for table in tables for x in table)]


def refuse_nested_lots(flow: M.Flow, loop: M.Loop) -> None:
    """Refuse a loop over lots of records inside another: a job has one lot in hand."""
    inside = list(loop.body)
    while loop.per_records and inside:
        step = inside.pop()
        if isinstance(step, M.Loop):
            if step.per_records:
                raise refuse(
                    f"flow {flow.name} has a loop over records inside a loop over records",
                    "keep the outer one, or give the inner one a number of rounds",
                )
            inside.extend(step.body)


def set_distribution(row: Row, distribution: Distribution) -> None:
    """Let a step draw from a distribution, or read its constant."""
    row.distribution = distribution
    if distribution.kind == "constant":
        row.floats[L.KF_CONSTANT] = distribution.parameters[0]


def drawn_ahead(route: list[Row]) -> list[int]:
    """For each step, how many executions loops of fixed length are sure to bring, up to a few; 1 elsewhere."""
    ahead = []
    open_loops = [1]
    for row in route:
        if row.kind == L.LOOP_BEGIN:
            open_loops.append(open_loops[-1] * max(1, row.ints[L.K_COUNT]))
        elif row.kind == L.LOOP_END:
            open_loops.pop()
        ahead.append(open_loops[-1] if open_loops[-1] <= L.MAX_COLUMNS else 1)
    return ahead


def fill_entries(row: Row) -> list[list[int]]:
    """Return the plan for a random step: step hash, sampler, column, pair column and occurrence, once per execution."""
    column, pair = row.ints[L.K_COLUMN], row.ints[L.K_PAIR]
    return [
        [row.ints[L.K_HASH], row.ints[L.K_SAMPLER], column + i, pair + i if pair >= 0 else -1, i]
        for i in range(row.ints[L.K_COLUMNS])
    ]


def share_loop_counters(route: list[Row]) -> None:
    """Let a loop's end read the counter and lot size of its beginning."""
    open_loops: list[Row] = []
    for row in route:
        if row.kind == L.LOOP_BEGIN:
            open_loops.append(row)
        elif row.kind == L.LOOP_END:
            begin = open_loops.pop()
            for column in (L.K_COUNTER, L.K_PER_RECORDS):
                row.ints[column] = begin.ints[column]


def mark_cycles(rows: list[Row], first: int, tail_i: list[int]) -> None:
    """Mark steps that a job can execute more than once: those between a backward jump and its target."""
    for index, row in enumerate(rows):
        if row.kind == L.BRANCH:
            at = row.ints[L.K_TARGET]
            targets = tail_i[at : at + row.ints[L.K_COUNT]]
        elif row.kind == L.SWITCH:
            at = row.ints[L.K_TARGET]
            targets = tail_i[at + 1 : at + 2 * row.ints[L.K_COUNT] : 2]
        elif row.kind == L.CHOOSE:
            at = row.ints[L.K_TARGET]
            targets = tail_i[at + 2 : at + 3 * row.ints[L.K_COUNT] : 3]
        elif row.kind == L.LOOP_END:
            targets = [row.ints[L.K_TARGET]]
        else:
            targets = [row.ints[word] for word in (L.K_ON_REFUSED, L.K_ON_ABANDON) if row.ints[word] >= 0]
        for target in targets:
            for inner in rows[max(0, target - first) : index + 1]:
                inner.cyclic = True
