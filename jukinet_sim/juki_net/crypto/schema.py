"""The cipher suite of the network as a scenario states it, and what its operations are performed by."""

from typing import Literal

from pydantic import Field

from jukinet_sim.language.base import Base, Figure, Name, PositiveCount, PositiveSeconds


class Cards(Base):
    """By which cost cards operations take their time; `jukinet crypto card` lists them."""

    server: Name = "xeon-2012"
    """The processors of servers: everything but what needs a long-term private key and has a security module to do it."""
    hsm: Name = "hsm-2012"
    """The security modules of prefectures and nation: what needs a long-term private key."""


def _window() -> Figure[PositiveCount]:
    why = "servers of 2012 began with 3 (RFC 3390), later ones with 10 (RFC 6928)"
    return Figure[PositiveCount](value=3, status="assumed", note=why, range=(3, 10))


class Sessions(Base):
    """Connections between two machines: opened with both sides authenticated when there is something to send, then kept."""

    lifetime: Figure[PositiveSeconds]
    """How long a session is kept: keys are agreed anew by the first message after each multiple of it, from the run's start."""
    initial_window: Figure[PositiveCount] = Field(default_factory=_window)
    """Segments that may be sent before the first of them is acknowledged; the window doubles with each round trip."""
    connections: Figure[PositiveCount] | None = None
    """Sessions that the security modules of one prefecture, or of their common centre, keep at a time; any number when left
    out. Whoever finds none free waits."""


class Crypto(Base):
    """The suite by which messages are signed and sealed, here a stand-in: what the network really uses is not published.

    With it, what `hsm.per_operation` and `operations_per_message` say of messages on links holds no longer: each message,
    record and session pays what the suite's operations take at the machine that performs them, and adds the suite's bytes.
    """

    suite: Name
    """The suite, by name or alias such as `today`; `jukinet crypto list` lists them."""
    stated_with: Name = "today"
    """The suite whose bytes the stated sizes of messages hold already; they are taken off before those of `suite` are added."""
    cards: Cards = Cards()
    """Whose times operations take."""
    granularity: Literal["record", "file"] = "file"
    """Whether the records of a file to an agency are signed one by one, or the file as a whole."""
    sessions: Sessions | None = None
    """Sessions that have to be opened; left out, all are open for ever and cost nothing."""
