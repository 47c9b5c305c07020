"""What limits a system as its load grows, and which key of the scenario moves that limit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.base.units import format_duration
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.network.model import Network
from jukinet_sim.report.charts.of_run import busiest_hour, stations_shown
from jukinet_sim.report.numbers import plain
from jukinet_sim.report.run_table import when_and_where
from jukinet_sim.results.moments import moment
from jukinet_sim.scenario.schema import Scenario
from jukinet_sim.theory.files import FileTime, file_times
from jukinet_sim.theory.limits import Limit, limits, ranked
from jukinet_sim.theory.peaks import Hours

Ranking = tuple[Limit | FileTime, ...]


@dataclass(frozen=True)
class Limiting:
    """What gives way first: a message about it with its values, and the key that gives it more, None where no single one does.

    `growth` is by what the load may be multiplied until then.
    """

    message: str
    values: Mapping[str, object]
    growth: float
    key: str | None


def ranking(network: Network) -> Ranking:
    """Return stations, pools and files in the order in which they give way; nothing where their load cannot be known."""
    try:
        return ranked(limits(Hours(network)), file_times(network))
    except ScenarioError:
        return ()


def limiting(document: Mapping[str, Any], scenario: Scenario, found: Ranking) -> Limiting | None:
    """Return what gives way first: by offered load where that is known beforehand, else by what was simulated."""
    first = found[0] if found else None
    if isinstance(first, FileTime):
        return _file(first)
    simulated = _simulated(document, scenario)
    if first is None or not math.isfinite(first.growth) or (simulated and simulated.growth < first.growth):
        return simulated
    return _offered(first, scenario)


def _file(file: FileTime) -> Limiting:
    values = {
        "flow": file.flow, "records": f"{file.records:,}", "takes": format_duration(float(f"{file.alone_s:.3g}")),
        "has": format_duration(file.due_s), "growth": _times(file.growth),
    }  # fmt: skip
    return Limiting("limit.file", values, file.growth, None)


def _offered(limit: Limit, scenario: Scenario) -> Limiting:
    period = scenario.run.period
    begins = format_duration(limit.start_s) if period is None else moment(period.first_day, limit.start_s)
    values = {
        "part": limit.station, "place": limit.place or "", "begins": begins, "load": _percent(limit.utilisation),
        "flow": limit.flow or "", "share": f"{limit.flow_share:.0%}", "growth": _times(limit.growth),
    }  # fmt: skip
    message = "limit.offered_at" if limit.place else "limit.offered"
    return Limiting(message, values, limit.growth, capacity_key(scenario, limit.station, limit.kind))


def _simulated(document: Mapping[str, Any], scenario: Scenario) -> Limiting | None:
    """Return the station that was busiest in an hour of the run."""
    names = stations_shown(document)
    load = busiest_hour(document["stations"][names[0]]) if names else 0.0
    if load <= 0.0:
        return None
    hour = document["stations"][names[0]].get("busiest_hour")
    values = {
        "part": names[0], "load": _percent(load), "at": when_and_where(hour["at"]) if hour else "",
        "growth": _times(1.0 / load),
    }  # fmt: skip
    message = "limit.simulated_at" if values["at"] else "limit.simulated"
    return Limiting(message, values, 1.0 / load, capacity_key(scenario, names[0]))


def capacity_key(scenario: Scenario, name: str, kind: str = "station") -> str | None:
    """Return the key of a scenario that gives a station more servers, or a pool more tokens; None where no single one does."""
    if scenario.juki_net is not None:
        return DOMAIN.capacity_key(scenario.juki_net, name)
    if scenario.network is None or kind == "bucket":
        return None
    return f"network.pools.{name}.tokens" if kind == "pool" else f"network.stations.{name}.servers"


def _percent(share: float) -> str:
    return f"{plain(float(f'{100.0 * share:.3g}'))} %"


def _times(growth: float) -> str:
    return plain(float(f"{growth:.3g}"))
