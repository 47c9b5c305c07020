"""What a topic of the network, such as its operators or its monitoring, adds to it: an empty answer where it adds nothing."""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.juki_net.flows.compile import Volume
from jukinet_sim.network import model as M

Flows = tuple[M.Flow, ...]


class Topic:
    """Machines, people and traffic that come with one key of the scenario; left out, the network is as it was without it."""

    def levels(self) -> tuple[M.PlaceLevel, ...]:
        """Return further levels of places."""
        return ()

    def stations(self) -> tuple[M.Station, ...]:
        """Return further stations."""
        return ()

    def pools(self) -> tuple[M.Pool, ...]:
        """Return further pools."""
        return ()

    def states(self) -> tuple[M.State, ...]:
        """Return further states of places."""
        return ()

    def flows(self) -> Flows:
        """Return further flows; they pay what the suite of the scenario takes, like all others."""
        return ()

    def volumes(self) -> Iterator[Volume]:
        """Yield what of the topic's flows must come out of a drained run exactly."""
        yield from ()

    def notes(self) -> tuple[str, ...]:
        """Return what is legal and probably not meant, in words."""
        return ()

    def through(self, flows: Flows) -> Flows:
        """Return everybody's flows, those of topics included, with what the topic makes them do on their way."""
        return flows

    def equipped(self, stations: tuple[M.Station, ...]) -> tuple[M.Station, ...]:
        """Return all stations with what happens to them because of the topic."""
        return stations
