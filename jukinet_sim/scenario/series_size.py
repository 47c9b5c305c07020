"""Whether the time series of a run can be kept, told before the run; only a compiled network knows how many parts it has."""

from __future__ import annotations

from math import ceil

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.base.units import format_duration
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.loaded import Loaded

PER_FLOW, PER_STATION, PER_POOL = 4, 6, 2
"""Numbers in a bin for each group, as `engine.series` has them; it is not imported because it brings the compiler along."""
BYTES_A_NUMBER = 5
"""The least that a number takes in a digest: `0.0` and what parts it from the next."""
MOST_NUMBERS = (128 << 20) // BYTES_A_NUMBER
"""With more the digest of a replication is certainly larger than what the store keeps."""


def refuse_long_series(network: Network, loaded: Loaded) -> None:
    """Raise ScenarioError where the series has more numbers than can be kept of a replication."""
    if network.series_bin_s is None:
        return
    in_a_bin = PER_FLOW * len(network.flows) + PER_STATION * len(network.stations) + PER_POOL * len(network.pools)
    bins = ceil(network.horizon_s / network.series_bin_s - 1e-9)
    if in_a_bin * bins > MOST_NUMBERS:
        what = f"the series would have {bins:,} bins of {in_a_bin:,} numbers, more than can be kept"
        # A tenth more than the least, as numbers have more than one digit.
        wide_s = 1.1 * network.horizon_s * in_a_bin / MOST_NUMBERS
        cure = f"write wider bins, such as {format_duration(float(ceil(wide_s)) if wide_s > 1.0 else wide_s)}"
        raise ScenarioError([loaded.fault("run.series", what, cure)])
