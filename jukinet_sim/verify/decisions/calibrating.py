"""How often the intervals of a calibration hold the truth that its observations were made from: whole calibrations, counted.

Each trial observes one run of a queue under a seed of its own, by instruments that err, and fits arrival rate and demand to it
by simulations under another one. Every figure is of another window, so that their errors are independent, as the fit takes them
to be; how large they are is known from the instruments and from many runs before. Simulations are long beside those errors.
"""

from __future__ import annotations

import json
import math
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jukinet_sim.chance.draws import uniform_pair
from jukinet_sim.chance.keys import replication_key
from jukinet_sim.experiments.experiment import Request, Settings, conduct
from jukinet_sim.experiments.figures import read_row
from jukinet_sim.experiments.simulate import simulate
from jukinet_sim.experiments.verbs.calibrate.carry import VERB, carry_out
from jukinet_sim.experiments.verbs.calibrate.observed import figure_of
from jukinet_sim.scenario.load import load
from jukinet_sim.verify.acceptance import coverage_bounds
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.decisions.simulated import ENGINE
from jukinet_sim.verify.seeds import independent_seed
from jukinet_sim.verify.workers import Workers

KIND, FAMILY = "decisions", "calibrate"
RATE, DEMAND = "network.flows.job.arrivals.poisson", "network.flows.job.route.0.demand.exponential"
TRUE_RATE_PER_S, TRUE_DEMAND_S = 1.0, 1.2
_GUESSED_RATE_PER_S, _GUESSED_DEMAND_S = 0.8, 0.9
_MEASURED = 0.06
"""The standard error of the instruments, as a part of the figure."""
_PILOT = 200
_WINDOWS_S = ((100, 2600), (2650, 5150), (5200, 7700), (7750, 10250))
_METRICS = (("flow", "job", "throughput"), ("station", "desk", "utilisation")) * 2
_SCENARIO = """\
schema: 1
scenario: calibration
run: {horizon: 10250 s, warm_up: 100 s, replications: 5, engine: fast}
network:
  stations:
    desk: {servers: 2}
  flows:
    job:
      arrivals: {poisson: RATE /s}
      route: [{visit: desk, demand: {exponential: DEMAND s}}]
"""


@dataclass(frozen=True)
class Trial:
    """One calibration: its number, the seed of the count, and for each figure its mean and its spread between runs."""

    number: int
    seed: int
    figures: tuple[tuple[float, float], ...]


def claims(trials: int, seed: int, pool: Workers) -> Iterator[Claim]:
    """Yield for each parameter whether so many intervals hold it as chance allows."""
    figures = pilot(seed)
    found = list(pool.map(try_once, (Trial(number, seed, figures) for number in range(trials))))
    bounds = coverage_bounds(trials, 2)
    for i, (subject, truth) in enumerate((("arrival rate", TRUE_RATE_PER_S), ("demand", TRUE_DEMAND_S))):
        covered = sum(low <= truth <= high for low, high in (one[i] for one in found))
        details = {"seed": seed, "trials": trials, "truth": truth, "covered": covered, "accepted": list(bounds)}
        holds = bounds[0] <= covered <= bounds[1]
        yield Claim(KIND, FAMILY, "M/M/2 by utilisation and throughput", subject, holds, ENGINE, details)


def pilot(seed: int) -> tuple[tuple[float, float], ...]:
    """Return mean and standard deviation of each figure that a trial observes, over many runs of the truth."""
    values = zip(*_seen(independent_seed(seed, "pilot"), _PILOT), strict=True)
    return tuple((statistics.fmean(each), statistics.stdev(each)) for each in map(tuple, values))


def try_once(trial: Trial) -> tuple[tuple[float, float], ...]:
    """Return the intervals of arrival rate and demand in one trial."""
    rows = [
        {**row, "value": repr(value), "error": repr(error)}
        for row, (value, error) in zip(_ROWS, _observed(trial), strict=True)
    ]
    request = Request(VERB, {"fit": [RATE, DEMAND], "observed": rows, "file": "trial.csv"})
    with tempfile.TemporaryDirectory(prefix="jukinet-") as folder:
        path = _written(Path(folder), _GUESSED_RATE_PER_S, _GUESSED_DEMAND_S)
        loaded = load(path, sets=[f"run.seed={independent_seed(trial.seed, 'simulated', str(trial.number))}"])
        document = conduct(request, [loaded], carry_out, Settings(None)).document
    if document is None:
        raise KeyboardInterrupt
    return tuple((document["parameters"][key]["low"], document["parameters"][key]["high"]) for key in (RATE, DEMAND))


def _observed(trial: Trial) -> Iterator[tuple[float, float]]:
    """Yield each figure as it was measured in one run of the truth, and its standard error."""
    (seen,) = _seen(independent_seed(trial.seed, "observed", str(trial.number)), 1)
    key = replication_key(independent_seed(trial.seed, "instruments"), trial.number)
    for number, (value, (mean, spread)) in enumerate(zip(seen, trial.figures, strict=True)):
        instrument = _MEASURED * mean
        yield value + instrument * _normal(*uniform_pair(key, number, 0, 0, 0, 0)), math.hypot(instrument, spread)


def _normal(u: float, v: float) -> float:
    """Return a standard normal number from two uniform ones (Box and Muller 1958)."""
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


_ROWS: list[dict[str, Any]] = [
    {"kind": kind, "name": name, "metric": metric, "from": f"{begins} s", "to": f"{ends} s"}
    for (kind, name, metric), (begins, ends) in zip(_METRICS, _WINDOWS_S, strict=True)
]


def _seen(seed: int, replications: int) -> list[list[float]]:
    """Return what is observed in each of so many runs of the truth."""
    asked = [(figure_of(row), bound) for row, bound in zip(_ROWS, ("0 /s", "0 %") * 2, strict=True)]
    levels = json.dumps([figure | {"above": bound} for figure, bound in asked])
    with tempfile.TemporaryDirectory(prefix="jukinet-") as folder:
        loaded = load(_written(Path(folder), TRUE_RATE_PER_S, TRUE_DEMAND_S), sets=[f"slo={levels}"])
        results = simulate(loaded, seed, replications=replications)
    rows = [read_row(loaded.scenario, digest) for digest in results.outcome.digests]
    return [[float(value) for value in row.slo if value is not None] for row in rows]


def _written(folder: Path, rate_per_s: float, demand_s: float) -> Path:
    path = folder / "scenario.yaml"
    path.write_text(_SCENARIO.replace("RATE", repr(rate_per_s)).replace("DEMAND", repr(demand_s)), encoding="utf-8")
    return path
