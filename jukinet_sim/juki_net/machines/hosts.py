"""Limits on the hosts of a common centre: a pool of each prefecture, of which every visit to the hosts holds a token."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jukinet_sim.base.suggest import one_of
from jukinet_sim.juki_net.machines.limits import Limits
from jukinet_sim.juki_net.nation import PREFECTURE, Nation
from jukinet_sim.juki_net.programme.names import CENTRE
from jukinet_sim.juki_net.programme.schema import Resizing
from jukinet_sim.network import model as M

LIMIT = "_limit"
"""Behind the name of a station: the pool that limits it."""
SERVER = "prefecture_server"


@dataclass(frozen=True)
class Limited:
    """Hosts, and the tokens that each prefecture has for them."""

    station: str
    tokens: tuple[int, ...]

    @property
    def pool(self) -> M.Pool:
        """The pool of each prefecture."""
        return M.Pool(self.station + LIMIT, self.tokens, PREFECTURE)


def limited_hosts(nation: Nation) -> tuple[Limited, ...]:
    """Return the hosts that are limited: of a centre that is there from the start, and of one to which prefectures move."""
    found = []
    server, programme = nation.spec.prefecture.server, nation.spec.programme
    if server.limits is not None:
        path = "prefecture.server.limits"
        if server.per != "nation":
            nation.fault(path, "each prefecture has servers of its own", 'write "per: nation", or delete "limits"')
        most = [server.servers.value, *(one.servers.value for one in server.changes if one.servers is not None)]
        found.append(Limited(SERVER, _tokens(nation, server.limits, max(*most, _resized(nation, SERVER)), path)))
    centre = None if programme is None else programme.prefecture_centre
    if centre is not None and centre.server.limits is not None:
        path = "programme.prefecture_centre.server.limits"
        most_ever = max(centre.server.servers.value, _resized(nation, CENTRE[SERVER]))
        found.append(Limited(CENTRE[SERVER], _tokens(nation, centre.server.limits, most_ever, path)))
    return tuple(found)


def _resized(nation: Nation, station: str) -> int:
    """Return the most servers that a programme gives a station; 0 where it says nothing of it."""
    changes = () if nation.spec.programme is None else nation.spec.programme.changes.values()
    return max((one.servers.value for one in changes if isinstance(one, Resizing) and one.resizes == station), default=0)


def _tokens(nation: Nation, limits: Limits, hosts: int, path: str) -> tuple[int, ...]:
    """Return how many hosts each prefecture may keep busy, at least one and at most the most there ever are."""
    weights = nation.levels()[1].weights
    if limits.each is not None:
        found = [limits.each.value] * len(weights)
    else:
        assert limits.overcommit is not None  # it is one of the two
        # Rounded up, and not for what a product of decimals is too large by.
        found = [math.ceil(limits.overcommit.value * hosts * share - 1e-9) for share in (weights / weights.sum()).tolist()]
    for code, number in limits.prefectures.items():
        known = nation.codes(PREFECTURE)
        if code in known:
            found[known[code]] = number
        else:
            cure = one_of(code, known, "write the code in quotation marks, with its leading zero")
            nation.fault(f"{path}.prefectures.{code}", f'there is no prefecture with the code "{code}"', cure)
    return tuple(min(max(1, number), hosts) for number in found)


def within_limits(flows: Sequence[M.Flow], hosts: Sequence[Limited]) -> tuple[M.Flow, ...]:
    """Return flows of which each visit to limited hosts holds a token of the job's prefecture."""
    if not hosts:
        return tuple(flows)
    pools = {one.station: one.pool.name for one in hosts}
    return tuple(replace(flow, route=_within(flow.route, pools)) for flow in flows)


def _within(steps: Sequence[M.Step], pools: Mapping[str, str], prefix: str = "") -> tuple[M.Step, ...]:
    if not any(isinstance(step, M.Visit) and step.station in pools for step in M.all_steps(steps)):
        return tuple(steps)
    aims = {label for step in steps for label in M.jumps(step) if label}
    return tuple(_steps(steps, pools, prefix, aims))


def _steps(steps: Sequence[M.Step], pools: Mapping[str, str], prefix: str, aims: set[str]) -> Iterator[M.Step]:
    """Yield the steps, each under the name of its draws, and around visits to limited hosts the token."""
    for number, step in enumerate(steps):
        path = M.step_path(prefix, number, step)
        if isinstance(step, M.Loop):
            yield replace(step, body=_within(step.body, pools, f"{path}."), label=path)
        elif isinstance(step, M.Visit) and step.station in pools:
            pool, aimed_at = pools[step.station], path in aims
            yield M.Acquire(pool, step.at, path if aimed_at else f"{path}~limit")
            yield replace(step, label=f"{path}~within" if aimed_at else path)
            yield M.Release(pool, step.at, f"{path}~within-limit")
        else:
            yield replace(step, label=path)
