"""The cipher suite of the network as a scenario states it, and what its operations are performed by."""

from typing import Literal, Self

from pydantic import Field, model_validator

from jukinet_sim.juki_net.waves.schema import Taking
from jukinet_sim.language.base import Base, Figure, Name, Number, PositiveCount, PositiveSeconds, SpecError, Words
from jukinet_sim.language.run import Day


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


class Wave(Taking):
    """Machines that go over to the new suite together: they verify it, generate it, end the old one; dates may be left out."""

    tier: Literal["nation", "prefectures", "municipalities"]
    """Which machines."""
    can_verify_on: Day | None = None
    """From when on they can verify the new suite."""
    generates_on: Day | None = None
    """From when on they sign and seal by it where the other end can verify it, as they can themselves then."""
    legacy_ends_on: Day | None = None
    """From when on they take nothing else."""
    rolls_back_on: Day | None = None
    """When they go back to generating the old suite, for good unless another wave takes them again."""

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        """Refuse a wave in which nothing happens, dates out of order, and parts that a tier does not have."""
        dates = [self.can_verify_on, self.generates_on, self.legacy_ends_on]
        known = [date for date in dates if date is not None]
        if not known:
            raise SpecError("a wave without a date changes nothing", 'add "can_verify_on: 2014-04-01"')
        if known != sorted(known):
            what = "machines verify the new suite, then generate it, then end the old one"
            raise SpecError(what, "put the dates in that order")
        if self.rolls_back_on is not None and (self.generates_on is None or self.rolls_back_on <= self.generates_on):
            raise SpecError("only what is generated is rolled back", 'write a date after "generates_on"', ("rolls_back_on",))
        if self.share is not None and self.tier != "municipalities":
            raise SpecError("only municipalities are taken by share", 'delete "share", or list prefectures', ("share",))
        if self.prefectures is not None and self.tier == "nation":
            raise SpecError("there is one national centre", 'delete "prefectures"', ("prefectures",))
        return self


class Migration(Base):
    """The way from one suite to another, machine by machine; each link uses the best suite that both of its ends have."""

    to: Name
    """The new suite."""
    waves: tuple[Wave, ...] = Field(min_length=1)
    """Who goes over when. Waves may name machines again: each goes forward by whichever wave comes first, and back by roll-back
    alone."""
    counted: tuple[Words, ...] | None = None
    """The links, such as `municipality-prefecture`, whose messages are counted by suite; fewer make a long run shorter.
    Messages that no common suite can secure are counted on all links. All when left out."""
    downgrade_attempts: Figure[Number] | None = None
    """Attempts a year, in the whole nation, to make a municipality's machine fall back to the old suite; they succeed while it
    still takes it. None when left out."""


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
    migration: Migration | None = None
    """How machines go over to another suite; all keep `suite` when left out."""
    sessions: Sessions | None = None
    """Sessions that have to be opened; left out, all are open for ever and cost nothing."""
