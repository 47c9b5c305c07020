"""Sessions between machines: the first message that finds none open opens it, with both sides authenticated.

Between a municipality, its prefecture and the nation, and between an agency and the nation, sessions are kept for a lifetime;
whether one is open is a state of the client's place. Any two of 1,742 municipalities, or one and another prefecture, have
something to say to each other too seldom for that: each request opens a session of its own, which the answer uses as well.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from jukinet_sim.chance.distributions import constant
from jukinet_sim.crypto.exchanges import Session
from jukinet_sim.crypto.steps import Flight, extra_round_trips
from jukinet_sim.juki_net.crypto.bill import Bill, Owed
from jukinet_sim.juki_net.crypto.negotiate import Link
from jukinet_sim.juki_net.crypto.pay import NOTHING, Common, Either, paying
from jukinet_sim.juki_net.crypto.schema import Sessions
from jukinet_sim.juki_net.nation import BITS
from jukinet_sim.juki_net.programme.names import CENTRE_CONNECTIONS, MOVED
from jukinet_sim.network import model as M

MSS_BYTES = 1460
"""What a segment carries over Ethernet: 1,500 bytes less the headers of IPv4 and TCP."""
SESSION, HELD = "session.", ".held"
_INSTANT_S = 1e-6
PREFECTURE_SERVER = "prefecture_server"
CONNECTIONS = "prefecture_hsm_connections"
"""The pool of sessions that the security modules of a prefecture, or of the common centre, keep at a time."""


@dataclass(frozen=True)
class Machine:
    """A server at one of the job's places, and its security module, if any; without a server nothing of it is modelled."""

    server: str | None
    module: str | None = None
    at: M.Which = "origin"


@dataclass(frozen=True)
class Way:
    """Between two machines: lines that what the client sends queues at, by bit rate, the way back, and a way's latency."""

    lines: tuple[tuple[str, float], ...]
    back_bit_rate: float
    latency_s: float


@dataclass(frozen=True)
class Pair:
    """Two machines that open sessions: `kept` is the level of the client's place where one is kept, None where none is."""

    name: str
    kept: str | None
    client: Machine
    server: Machine
    way: Way
    link: Link
    limited: bool = False
    """Whether a kept session takes one of the connections, where these are limited."""


@dataclass
class Opening:
    """Writes the steps by which sessions are opened, and remembers which kinds there are."""

    spec: Sessions
    bills: tuple[Bill, ...]
    moving: bool = False
    """Whether prefectures move to a common centre within the run, which limits its connections, too."""
    kept: dict[str, Pair] = field(default_factory=dict)
    _written: int = 0
    _first: int = -1
    """A priority before that of all other flows."""

    def steps(self, pair: Pair) -> tuple[M.Step, ...]:
        """Return what stands before a request: nothing happens there while a kept session is open."""
        self._written += 1
        label = f"{SESSION}{pair.name}.{self._written}"
        visits = tuple(self._handshake(pair, label))
        common = (Common(NOTHING, f"{label}.common", pair.link),) if len(self.bills) > 1 else ()
        if pair.kept is None:
            return (*common, *visits)
        self.kept[pair.name] = pair
        state, at = SESSION + pair.name, pair.client.at
        is_open = f"{label}.open"
        look = M.Switch(state, ((1, is_open),), at, label)
        done = M.Delay(NOTHING, is_open)
        told = (M.Assign(state, 1, at, f"{label}.opens"), *visits, M.Spawn(SESSION + pair.name, f"{label}.opened"))
        if not self._takes_one(pair):
            return (look, *common, *told, done)
        if not self.moving:
            return (look, *self._limited(pair, label, CONNECTIONS, common, told), done)
        moved, to = f"{label}~moved", pair.server.at
        there = (*self._handshake(pair, moved), M.Spawn(SESSION + pair.name, f"{moved}.opened"))
        other = (Common(NOTHING, f"{moved}.common", pair.link),) if len(self.bills) > 1 else ()
        return (
            look,
            M.Switch(MOVED, ((1, f"{moved}.connection"),), to, f"{label}.moved"),
            *self._limited(pair, label, CONNECTIONS, common, told),
            M.Switch(MOVED, ((0, is_open), (1, is_open)), to, f"{label}.stayed"),
            *self._limited(pair, moved, CENTRE_CONNECTIONS, other, (M.Assign(state, 1, at, f"{moved}.opens"), *there)),
            done,
        )

    def _limited(
        self, pair: Pair, label: str, pool: str, common: tuple[M.Step, ...], told: tuple[M.Step, ...]
    ) -> tuple[M.Step, ...]:
        """Return the steps of an opening that needs a connection of a pool, which goes on to who holds it for the session.

        That one stands first in the line while the session is opened, so that nobody else gets the connection in between.
        """
        given_back = f"{label}.given_back"
        return (
            M.Acquire(pool, pair.server.at, f"{label}.connection"),
            # Whoever waited may find that another message of the same place has opened the session meanwhile.
            M.Switch(SESSION + pair.name, ((1, given_back),), pair.client.at, f"{label}.again"),
            *common,
            M.Spawn(SESSION + pair.name + HELD, f"{label}.held"),
            *told,
            M.Release(pool, pair.server.at, given_back),
        )

    def _takes_one(self, pair: Pair) -> bool:
        return pair.limited and self.spec.connections is not None

    def _handshake(self, pair: Pair, label: str) -> Iterator[M.Step]:
        """Yield the visits and delays of one opening, for each suite."""
        by_suite = [self._with(bill, pair, label) for bill in self.bills]
        for key in by_suite[0]:
            steps = tuple(steps[key] for steps in by_suite)
            if any(steps):
                yield Either(NOTHING, f"{label}.{key}", steps, pair.link)

    def _with(self, bill: Bill, pair: Pair, label: str) -> dict[str, M.Step | None]:
        """Return the steps of one opening with one suite, by what they are."""
        flights = bill.suite.wire(Session())
        sent, answered = (sum(one.usual_bytes for one in flights if one.side == side) for side in ("client", "server"))
        trips = math.ceil(len(flights) / 2) + sum(self._extra(one) for one in flights)
        way_s = 2.0 * trips * pair.way.latency_s + answered * BITS / pair.way.back_bit_rate
        lines: dict[str, M.Step | None] = {
            line: M.Visit(line, constant(sent * BITS / bit_rate), at=pair.client.at) for line, bit_rate in pair.way.lines
        }
        client, server = self._work(bill, pair.client, "client"), self._work(bill, pair.server, "server")
        return {**client, **lines, "way": M.Delay(constant(way_s)), **server}

    def _work(self, bill: Bill, machine: Machine, side: str) -> dict[str, M.Step | None]:
        """Return the visits of one side's work."""
        if machine.server is None:
            return {}
        owed: Owed = bill.exchange(Session(), side, module=machine.module is not None)
        pairs = ((machine.module, owed.module), (machine.server, owed.server))
        return {
            f"{side}.{station}": paying(M.Visit(station, NOTHING, at=machine.at), due) if due else None
            for station, due in pairs
            if station is not None
        }

    def _extra(self, flight: Flight) -> int:
        return extra_round_trips(flight.most_bytes, self.spec.initial_window.value, MSS_BYTES)

    def states(self, horizon_s: float, moved_s: Mapping[int, float], within: Sequence[int]) -> tuple[M.State, ...]:
        """Return which sessions are open: none at first, and none at each multiple of the lifetime.

        A prefecture that moves, at an instant of `moved_s`, leaves its sessions behind, with its municipalities, which lie
        `within` it, and with the nation.
        """
        lifetime_s = self.spec.lifetime.value
        ends: list[tuple[float, int | None, int]] = [
            (k * lifetime_s, None, 0) for k in range(1, math.ceil(horizon_s / lifetime_s))
        ]
        found = []
        for name, pair in self.kept.items():
            left = [(at_s, place, 0) for place, at_s in _left(pair, moved_s, within) if 0.0 < at_s < horizon_s]
            changes = sorted([*ends, *left], key=lambda one: one[0]) if left else ends
            found.append(M.State(SESSION + name, 0, pair.kept, tuple(changes)))
        return tuple(found)

    def with_sessions(self, flows: Iterable[M.Flow], horizon_s: float) -> tuple[M.Flow, ...]:
        """Return flows, and those of the sessions that they open: a job each, and one that holds a scarce connection.

        A job that is spawned has the places of the one that spawns it, so that there is a flow for each kind of those.
        """
        opened: dict[str, M.Flow] = {}
        flows = tuple(flows)
        self._first = min((flow.priority for flow in flows), default=0) - 1
        found = [replace(flow, route=self._named(flow, flow.route, opened, horizon_s)) for flow in flows]
        return (*found, *opened.values())

    def _named(
        self, flow: M.Flow, steps: tuple[M.Step, ...], opened: dict[str, M.Flow], horizon_s: float
    ) -> tuple[M.Step, ...]:
        """Return steps whose sessions are spawned under the name for jobs with the places of this flow's."""
        found: list[M.Step] = []
        for step in steps:
            name = step.flow.removeprefix(SESSION).removesuffix(HELD) if isinstance(step, M.Spawn) else ""
            if isinstance(step, M.Loop):
                found.append(replace(step, body=self._named(flow, step.body, opened, horizon_s)))
            elif isinstance(step, M.Spawn) and name in self.kept:
                pair = self.kept[name]
                usual = (flow.origin, flow.destination) == (pair.kept, None)
                called = step.flow if usual else f"{step.flow}.{'-'.join(filter(None, (flow.origin, flow.destination)))}"
                route = self._held(pair, horizon_s) if step.flow.endswith(HELD) else (M.Delay(NOTHING),)
                # Whoever holds the connection for a session is before all who wait for one: it goes from hand to hand.
                first = self._first if step.flow.endswith(HELD) else 0
                opened.setdefault(
                    called, M.Flow(called, route, origin=flow.origin, destination=flow.destination, priority=first)
                )
                found.append(replace(step, flow=called))
            else:
                found.append(step)
        return tuple(found)

    def _held(self, pair: Pair, horizon_s: float) -> tuple[M.Step, ...]:
        """Return the route of a connection: it is held until the next multiple of the lifetime."""
        lifetime_s = self.spec.lifetime.value
        ends_s = M.frozen_floats([k * lifetime_s for k in range(1, math.ceil(horizon_s / lifetime_s) + 1)])
        # At the multiple itself: who gets a connection right behind it keeps it until the next.
        closes_s = ends_s + min(_INSTANT_S, lifetime_s / 2.0)
        # Whoever gets a connection later, while a run is drained, gives it back at once.
        closes_s[-1] = ends_s[-1] + M.DRAIN_CALENDAR_S
        at, until = pair.server.at, M.Gate(ends_s, M.frozen_floats(closes_s))
        if not self.moving:
            return M.Acquire(CONNECTIONS, at), until, M.Release(CONNECTIONS, at)
        return (
            M.Switch(MOVED, ((1, "moved"),), at),
            M.Acquire(CONNECTIONS, at), until, M.Release(CONNECTIONS, at),
            M.Switch(MOVED, ((0, None), (1, None)), at),
            M.Acquire(CENTRE_CONNECTIONS, at, "moved"), until, M.Release(CENTRE_CONNECTIONS, at),
        )  # fmt: skip


def _left(pair: Pair, moved_s: Mapping[int, float], within: Sequence[int]) -> Iterator[tuple[int, float]]:
    """Yield at which places kept sessions end, and when, as prefectures move that are at one end of them."""
    if pair.client.server == PREFECTURE_SERVER:
        yield from moved_s.items()
    elif pair.server.server == PREFECTURE_SERVER:
        yield from ((place, moved_s[prefecture]) for place, prefecture in enumerate(within) if prefecture in moved_s)


def followed_by(opening: tuple[M.Step, ...], first: M.Step) -> tuple[M.Step, ...]:
    """Return the steps of an opening with the first one of the message behind them.

    A message whose session is open goes straight on to its own visit, where it has one for all suites.
    """
    if not opening or type(opening[-1]) is not M.Delay or type(first) is not M.Visit or first.label is not None:
        return (*opening, first)
    return (*opening[:-1], replace(first, label=opening[-1].label))
