"""Which stations and flows of a network are textbook queues, and what the textbook says about each.

What meets no family's conditions to the letter gets no exact prediction; rules of thumb are marked as approximate. All
predictions are for the stationary regime and hold after a warm-up.
"""

from __future__ import annotations

from jukinet_sim.network.model import Network
from jukinet_sim.theory.known import unknown
from jukinet_sim.theory.prediction import Prediction
from jukinet_sim.theory.product_form import closed, jackson
from jukinet_sim.theory.stations import entered
from jukinet_sim.theory.traffic import offered


def qualifying(network: Network) -> tuple[Prediction, ...]:
    """Give the predictions for every station in the network's order, then those for closed flows and their stations.

    A station that flows enter directly, once each, needs nothing of what follows. There are none where the network says
    anything that theory has not been told of. Raises ScenarioError as `offered` does.
    """
    if unknown(network):
        return ()
    predictions: list[Prediction] = []
    loads = offered(network)
    # Behind an overloaded station arrivals are what it lets through, which no product form describes.
    steady = all(load.stable for load in loads)
    for station, load in zip(network.stations, loads, strict=True):
        if load.visits_per_s > 0.0:
            predictions.extend(entered(network, station) or (jackson(network, station, load) if steady else []))
    for flow in network.flows:
        predictions.extend(closed(network, flow))
    return tuple(predictions)
