"""Resident-record updates as a scenario states them: how many, when, and what forwarding them takes."""

from jukinet_sim.language.base import Base, Bytes, Figure, Fraction, Name, Number, PositiveSeconds, Seconds


class LostAtRandom(Base):
    """Acknowledgements that get lost without a date of their own, each blocking its CS until somebody notices."""

    share: Figure[Fraction]
    """Acknowledgements lost, of all."""
    noticed_after: Figure[PositiveSeconds]
    """Mean time, exponential, until somebody restarts the CS."""


class Updates(Base):
    """Changes to resident records, stored and forwarded hop by hop, each hop waiting for its acknowledgement."""

    per_year: Figure[Number]
    """Updates a year in the whole nation; a list of fewer residents has proportionally fewer."""
    message: Figure[Bytes]
    """Size of an update message, signature and envelope included."""
    acknowledgement: Figure[Bytes]
    """Size of an acknowledgement."""
    profile: Name = "residents"
    """Calendar profile of when residents come to the counter."""
    daily_send: Name = "daily-send"
    """Calendar profile of when small municipalities send what the day brought."""
    daily_send_spread: Figure[Seconds]
    """Small municipalities begin to send one after another over this long."""
    retry_after: Figure[PositiveSeconds]
    """How long a CS waits before it offers a refused update again."""
    due: Figure[PositiveSeconds] | None = None
    """An update sent at once is late, held on its way, if the nation does not have it so long after the counter typed it in.
    Late updates are counted; none is when left out."""
    daily_send_due: Figure[PositiveSeconds] | None = None
    """The same for an update that is held until the daily send, the hours until then included."""
    lost_acknowledgement: LostAtRandom | None = None
    """Acknowledgements that get lost at random; none when left out."""
