"""What the reference engine tells a listener about: one call for everything that happens to a job.

A listener may read what it is told about, and must change nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from jukinet_sim.engine.reference.parts import Job


class News(StrEnum):
    """What has happened; after the dash, what the call is `about`, and its `seconds`."""

    ARRIVED = "arrived"
    """The job is in the system - nothing."""
    CAME = "came"
    """It stands before a station - the visit, the service it asks for."""
    BLOCKED = "blocked"
    """The station is at its capacity, and it keeps the server of the one before until there is room - the visit."""
    REFUSED = "refused"
    """The station is at its capacity - the visit."""
    QUEUED = "queued"
    """It waits for a server - the visit."""
    STARTED = "started"
    """Its service begins - the visit, how long it will take if nothing changes."""
    PREEMPTED = "preempted"
    """Its server stops and it is at the head of the queue again - the visit, the service that is left."""
    RESUMED = "resumed"
    """Its service goes on - the visit, what is left of it."""
    RESCALED = "rescaled"
    """Its server has changed speed - the visit, what is left of the service now."""
    SERVED = "served"
    """Its service is over - the visit."""
    LOST_PATIENCE = "lost patience"
    """It leaves the queue - the visit, or the pool."""
    TIMED_OUT = "timed out"
    """Its attempt has lasted too long, and it leaves from wherever it is - nothing."""
    WAITS_FOR_TOKEN = "waits for a token"
    """The pool is empty - the pool."""
    TOOK_TOKEN = "took a token"
    """It has a token - the pool, how long it waited for it."""
    GAVE_TOKEN_BACK = "gave a token back"
    """The token is free for others - the pool."""
    DELAYED = "delayed"
    """It pauses - nothing, how long."""
    AT_A_GATE = "at a gate"
    """The gate is closed - nothing, how long; infinity where it never opens again."""
    BRANCHED = "branched"
    """A branch was drawn - the label it goes to, None for out of the network."""
    SWITCHED = "switched"
    """A state was read - its name, its value and the label it goes to, "" for the next step."""
    ASSIGNED = "assigned"
    """A state was given a value - its name and value."""
    ROUND = "round"
    """A loop begins a round - the number of the round from 1, and the records in hand."""
    SPAWNED = "spawned"
    """It has started a job - that job."""
    RETRIES = "retries"
    """It has given its attempt up and will try again - whether it was lost, the pause before."""
    LOST = "lost"
    """It leaves the network, refused."""
    ABANDONED = "abandoned"
    """It leaves the network, out of patience or time."""
    COMPLETED = "completed"
    """It leaves the network, its route done."""


class Listener(Protocol):
    """Whoever wants to know."""

    def __call__(self, what: News, job: Job, about: Any = None, seconds: float = 0.0) -> None:
        """Take note that this has happened to a job at this instant."""


def nobody(what: News, job: Job, about: Any = None, seconds: float = 0.0) -> None:
    """Listen to nothing."""
