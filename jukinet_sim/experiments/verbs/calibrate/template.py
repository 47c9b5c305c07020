"""What to measure for a calibration: a CSV with a row for each figure that is worth having, its value left empty."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from jukinet_sim.base.errors import StoreError, UsageError
from jukinet_sim.experiments.verbs.calibrate.keys import FitKey
from jukinet_sim.experiments.verbs.calibrate.observed import COLUMNS
from jukinet_sim.language.arrivals import Piecewise
from jukinet_sim.language.window import exact_duration
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.loaded import Loaded

Row = tuple[str, str, str, str, str, str]


def write_template(path: Path, rows: Sequence[Row]) -> None:
    """Write the rows below a header. Raises UsageError where the file is there already, StoreError where it cannot be made."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "w", encoding="utf-8") as file:
            file.write(text.getvalue())
    except FileExistsError:
        raise UsageError(f"{path} is there already; name a new file, or delete it") from None
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; choose another path") from error


def template_rows(keys: Sequence[FitKey], loaded: Loaded, network: Network) -> list[Row]:
    """Return the utilisation of every station, throughput and mean sojourn of every flow, in the whole run.

    Where rates of a table of arrivals are fitted, those of its flow and of all stations once more for the stretch of each.
    """
    rows = list(_figures(network, [flow.name for flow in network.flows], "", ""))
    for key in keys:
        if key.path[:2] == ("network", "flows") and key.path[3:5] == ("arrivals", "piecewise"):
            flow, number = str(key.path[2]), int(key.path[5])
            ends = _stretch(loaded, flow, number)
            rows += _figures(network, [flow], *ends) if ends else []
    return list(dict.fromkeys(rows))


def _figures(network: Network, flows: Sequence[str], begins: str, ends: str) -> Iterator[Row]:
    for station in network.stations:
        yield "station", station.name, "utilisation", begins, ends, ""
    for flow in flows:
        for metric in ("throughput", "sojourn.mean"):
            yield "flow", flow, metric, begins, ends, ""


def _stretch(loaded: Loaded, flow: str, number: int) -> tuple[str, str] | None:
    """Return when one rate of a table of arrivals first holds; None where that is not behind the warm-up."""
    scenario = loaded.scenario
    arrivals = None if scenario.network is None else scenario.network.flows[flow].arrivals
    if not isinstance(arrivals, Piecewise):
        return None
    begins = [segment.at for segment in arrivals.piecewise] + [arrivals.repeat or scenario.run.horizon_s]
    warm_up = scenario.run.warm_up if isinstance(scenario.run.warm_up, float) else 0.0
    first, last = max(begins[number], warm_up), min(begins[number + 1], scenario.run.horizon_s)
    return (exact_duration(first), exact_duration(last)) if first < last else None
