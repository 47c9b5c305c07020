"""A session between two parties: flights handed from one to the other, on request by way of somebody in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jukinet_sim.crypto.running.channel import Channel
from jukinet_sim.crypto.running.handshake import ClientEnd, ServerEnd
from jukinet_sim.crypto.running.keys import Ticket
from jukinet_sim.crypto.running.party import Party

Line = Callable[[int, bytes], bytes]
"""Whatever lies between: takes the number of a flight, from 0, and its bytes, and hands on what it likes."""


@dataclass(frozen=True, repr=False)
class Opened:
    """An open session: the end of each side, what resumes it, and how many bytes its flights had."""

    client: Channel
    server: Channel
    ticket: Ticket
    flight_bytes: tuple[int, ...]


def straight(number: int, flight: bytes) -> bytes:
    """Hand on every flight as it is."""
    return flight


def open_session(client: Party, server: Party, *, ticket: Ticket | None = None, line: Line = straight) -> Opened:
    """Open a session, or resume the one of a ticket. Raises AuthenticationFailed."""
    ends = ClientEnd(client, ticket), ServerEnd(server)
    sizes: list[int] = []

    def carried(flight: bytes) -> bytes:
        arrived = line(len(sizes), flight)
        sizes.append(len(flight))
        return arrived

    answer = carried(ends[1].answer(carried(ends[0].hello())))
    last, server_channel = ends[1].complete(carried(ends[0].finish(answer)))
    client_channel, kept = ends[0].complete(None if last is None else carried(last))
    return Opened(client_channel, server_channel, kept, tuple(sizes))
