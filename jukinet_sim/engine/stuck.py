"""Who waits for ever: jobs that hold tokens or keep servers and wait for each other, and whatever a drained run leaves.

A deadlock is a knot of pools and stations: every token, or every server, of each is held by a job that waits, with no time-out
ahead, for the same set. Nothing that happens later can undo it, so it is enough to look once, at the end of a replication.
Where servers are kept after service, stations are counted on behind the pools, their servers being what is held.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.engine.program import Program
from jukinet_sim.engine.standing import Standing
from jukinet_sim.network import model as M

Flags = NDArray[np.bool_]
Kind = Literal["deadlock", "blocked", "pool", "station", "gate"]
"""A deadlock is `blocked` where stations have part in it."""
Leads = dict[int, set[int]]
"""For each pool or station those for which the holders of its tokens or servers wait."""


@dataclass(frozen=True, slots=True)
class Holder:
    """So many jobs of a flow that hold a token or keep a server and wait for something, the first of them since `since_s`."""

    flow: str
    holds: str
    waits_for: str
    jobs: int
    since_s: float


@dataclass(frozen=True, slots=True)
class Stuck:
    """Jobs that wait for ever for the same thing: for tokens of the pools, at stations, or at a gate of the flow `where`.

    Alike ones at several places are one; `place` is the one that has been so for longest, `since_s`. A deadlock begins when
    the last of its holders begins to wait, anything else when the first of its jobs arrives. `jobs` counts all that wait
    there or behind it, holders included.
    """

    kind: Kind
    where: tuple[str, ...]
    place: str | None
    places: int
    since_s: float
    jobs: int
    holders: tuple[Holder, ...]


def find_stuck(program: Program, standing: Standing, *, drained: bool) -> tuple[Stuck, ...]:
    """Name the deadlocks among jobs in the system, the earliest first; of a drained run everything that keeps a job inside."""
    scene = _Scene(program, standing)
    if not drained and not (scene.wanted >= 0).any():
        return ()
    closed = _closed(program, scene)
    found = [scene.deadlock(knot, behind) for knot, behind in _knots(_leads(scene, closed))]
    if drained:
        found += scene.others(~closed[scene.wanted])
    return tuple(sorted(_merged(found), key=lambda one: (one.kind not in DEADLOCKS, one.since_s, one.where)))


DEADLOCKS = ("deadlock", "blocked")


def _closed(program: Program, scene: _Scene) -> Flags:
    """Return the largest set of pools and stations so many of whose tokens and servers jobs hold that wait for the set.

    One more flag, always false, stands at the end for jobs that wait for none, which is number -1.
    """
    tokens = np.concatenate([*_tokens(program), *_places(program), np.zeros(1, dtype=np.int64)])
    stays = (scene.wanted >= 0) & ~scene.at.leaves
    nobody = np.iinfo(np.int64).max
    least = np.full(len(tokens), nobody)
    np.minimum.at(least, scene.wanted[stays], scene.wants[stays])
    closed = (tokens > 0) & (least < nobody)
    # Where somebody will leave a queue there will be room.
    leaves = scene.at.waits & scene.at.leaves & (scene.wanted >= 0)
    closed[scene.wanted[leaves]] = False
    while True:
        inside = stays & closed[scene.wanted]
        kept, amounts = scene.held[inside], scene.amounts[inside]
        held = np.bincount(kept[kept >= 0], amounts[kept >= 0], minlength=len(tokens))
        smaller = closed & (tokens - held < least)
        if np.array_equal(smaller, closed):
            return smaller
        closed = smaller


def _tokens(program: Program) -> Iterator[NDArray[np.int64]]:
    """Yield the tokens of every single pool, group by group."""
    for model, count in zip(program.network.pools, program.pool_count, strict=True):
        yield np.broadcast_to(np.array(model.tokens, dtype=np.int64), (count,))


def _places(program: Program) -> Iterator[NDArray[np.int64]]:
    """Yield how many of each single station's servers can be kept at once, where servers are."""
    if program.keeps:
        for model, count in zip(program.network.stations, program.station_count, strict=True):
            servers = model.servers_by_place(count)
            yield servers if model.capacity is None else np.minimum(servers, model.capacity)


def _leads(scene: _Scene, closed: Flags) -> Leads:
    """For which others the holders of each closed pool's tokens, or closed station's servers, wait."""
    leads: Leads = {int(pool): set() for pool in np.flatnonzero(closed)}
    if leads:
        waiting = np.flatnonzero(closed[scene.wanted])
        for column in scene.held[waiting].T:
            holding = column >= 0
            pairs = np.unique(np.stack([column[holding], scene.wanted[waiting][holding]]), axis=1)
            for held, wanted in pairs.T.tolist():
                if held in leads:
                    leads[held].add(wanted)
    return leads


def _knots(leads: Leads) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the sets of pools that wait for nobody but each other, each with the pools whose holders wait for it in the end."""
    followers: Leads = {pool: set() for pool in leads}
    for pool, wanted in leads.items():
        for other in wanted:
            followers[other].add(pool)
    taken: set[int] = set()
    for pool in leads:
        if pool in taken:
            continue
        knot = _last_component(pool, leads, followers)
        if not knot & taken:
            behind = _reached(knot, followers) - knot - taken
            taken |= knot | behind
            yield sorted(knot), sorted(behind)


def _last_component(pool: int, leads: Leads, followers: Leads) -> set[int]:
    """Return the pools from which whoever goes on from this one never comes away, all of which lead to each other."""
    while True:
        ahead = _reached({pool}, leads)
        back = _reached({pool}, followers)
        beyond = ahead - back
        if not beyond:
            return ahead & back
        pool = min(beyond)


def _reached(start: Iterable[int], leads: Leads) -> set[int]:
    """Where one can come from some pools, themselves included."""
    reached = set(start)
    ahead = list(reached)
    while ahead:
        further = leads[ahead.pop()] - reached
        reached |= further
        ahead.extend(further)
    return reached


class _Scene:
    """A standing with the names of everything in it, and what each job waits for and holds, stations behind the pools."""

    def __init__(self, program: Program, standing: Standing) -> None:
        self._program, self.at = program, standing
        self.wanted, self.wants, self.held, self.amounts = standing.pool, standing.wants, standing.held, standing.amounts
        if program.keeps:
            first, one = program.pools, np.ones((len(standing.kept), 1), dtype=np.int64)
            kept = np.where(standing.kept >= 0, first + standing.kept, -1)
            self.wanted = np.where(standing.waits, first + standing.station, standing.pool)
            self.wants = np.where(standing.waits, 1, standing.wants)
            self.held, self.amounts = np.hstack([standing.held, kept[:, None]]), np.hstack([standing.amounts, one])

    def deadlock(self, knot: list[int], behind: list[int]) -> Stuck:
        """Return a knot of pools and stations, and how many jobs wait there or at others behind it."""
        at = self.at
        stays = ~at.leaves
        holds = stays & np.isin(self.wanted, knot) & np.isin(self.held, knot).any(axis=1)
        where = [self._named_one(one) for one in knot]
        return Stuck(
            "deadlock" if max(knot) < self._program.pools else "blocked",
            tuple(dict.fromkeys(name for name, _ in where)),
            next((place for _, place in where if place is not None), None),
            1,
            # Nobody holds anything where the first in line wants more than there is.
            float(at.since_s[holds if holds.any() else stays & np.isin(self.wanted, knot)].max()),
            int((stays & np.isin(self.wanted, [*knot, *behind])).sum()),
            self._holders(holds, knot),
        )

    def others(self, inside: Flags) -> list[Stuck]:
        """Whatever else holds these jobs: tokens that do not come back, stations that do not serve, gates that stay shut."""
        at = self.at
        found = []
        for pool in np.unique(at.pool[inside & (at.pool >= 0)]).tolist():
            here = inside & (at.pool == pool)
            found.append(self._one("pool", *self._pool(pool), here, self._holders(self._all, [pool])))
        for station in np.unique(at.station[inside & (at.station >= 0)]).tolist():
            here = inside & (at.station == station)
            found.append(self._one("station", *self._station(station), here, ()))
        elsewhere = inside & (at.pool < 0) & (at.station < 0)
        for flow in np.unique(at.flow[elsewhere]).tolist():
            here = elsewhere & (at.flow == flow)
            found.append(self._one("gate", self._program.network.flows[flow].name, None, here, ()))
        return found

    def _one(self, kind: Kind, name: str, place: str | None, here: Flags, holders: tuple[Holder, ...]) -> Stuck:
        return Stuck(kind, (name,), place, 1, float(self.at.birth_s[here].min()), int(here.sum()), holders)

    @property
    def _all(self) -> Flags:
        return np.ones(len(self.at.flow), dtype=np.bool_)

    def _holders(self, among: Flags, pools: list[int]) -> tuple[Holder, ...]:
        """Which flows hold tokens of these pools or keep servers of these stations, and what for they wait."""
        at, held = self.at, np.isin(self.held, pools)
        found: list[Holder] = []
        for job in np.flatnonzero(among & held.any(axis=1)).tolist():
            waits = self._waits_for(job)
            since = float(at.since_s[job] if self.wanted[job] >= 0 else at.birth_s[job])
            flow = self._program.network.flows[at.flow[job]].name
            names = (self._what(one) for one in np.unique(self.held[job][held[job]]).tolist())
            found.extend(Holder(flow, name, waits, 1, since) for name in names)
        return _added_up(found)

    def _waits_for(self, job: int) -> str:
        """Return what a job waits for, in words."""
        at = self.at
        if at.pool[job] >= 0:
            return self._pool(int(at.pool[job]))[0]
        if at.station[job] >= 0:
            name = self._station(int(at.station[job]))[0]
            return f"room at {name}" if at.waits[job] and at.kept[job] >= 0 else f"service at {name}"
        return "a gate"

    def _what(self, one: int) -> str:
        """Return what is held of a pool, which is named, or of a station."""
        name, _ = self._named_one(one)
        return name if one < self._program.pools else f"a server of {name}"

    def _named_one(self, one: int) -> tuple[str, str | None]:
        """Name and place of a pool or station, as jobs wait for it."""
        return self._pool(one) if one < self._program.pools else self._station(one - self._program.pools)

    def _station(self, number: int) -> tuple[str, str | None]:
        """Name and place of a single station."""
        return self._named(self._program.network.stations, self._program.station_first, number)

    def _pool(self, number: int) -> tuple[str, str | None]:
        """Name and place of a single pool."""
        return self._named(self._program.network.pools, self._program.pool_first, number)

    def _named(self, groups: Sequence[M.Pool | M.Station], first: tuple[int, ...], number: int) -> tuple[str, str | None]:
        group = int(np.searchsorted(first, number, side="right")) - 1
        model, place = groups[group], number - first[group]
        if model.per is None:
            return model.name, None
        labels = self._program.network.level(model.per).labels
        return model.name, labels[place] if labels else str(place)


def _added_up(holders: Iterable[Holder]) -> tuple[Holder, ...]:
    """Holders of the same that wait for the same as one, in the order of their names."""
    groups: dict[tuple[str, str, str], list[Holder]] = {}
    for one in holders:
        groups.setdefault((one.flow, one.holds, one.waits_for), []).append(one)
    return tuple(
        Holder(*names, sum(one.jobs for one in group), min(one.since_s for one in group))
        for names, group in sorted(groups.items())
    )


def _merged(found: Iterable[Stuck]) -> Iterator[Stuck]:
    """Yield what is alike at several places as one."""
    groups: dict[tuple[Kind, tuple[str, ...]], list[Stuck]] = {}
    for one in found:
        groups.setdefault((one.kind, tuple(sorted(one.where))), []).append(one)
    for (kind, where), group in groups.items():
        first = min(group, key=lambda one: one.since_s)
        holders = _added_up(holder for one in group for holder in one.holders)
        yield Stuck(kind, where, first.place, len(group), first.since_s, sum(one.jobs for one in group), holders)
