"""`calibrate`: the parameters of a scenario at which it simulates what was observed, with intervals, and what is left over.

The utilisation law says where to begin; least squares under common random numbers find the rest. The answer is a function of
the scenario, of the rows of the CSV and of what is to be fitted.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.bench import Bench
from jukinet_sim.experiments.experiment import Request, Sources
from jukinet_sim.experiments.verbs.calibrate.advice import what_to_measure
from jukinet_sim.experiments.verbs.calibrate.keys import fit_keys
from jukinet_sim.experiments.verbs.calibrate.observed import Observed
from jukinet_sim.experiments.verbs.calibrate.oracle import Simulation
from jukinet_sim.experiments.verbs.calibrate.override import FILE, Chosen, override_text
from jukinet_sim.experiments.verbs.calibrate.read_csv import observed_of
from jukinet_sim.experiments.verbs.calibrate.start import Start, starts
from jukinet_sim.fitting.least_squares import fit
from jukinet_sim.fitting.parameters import Fit, FitParameter, NotDeterminedError
from jukinet_sim.results.files import whole_file

VERB = "calibrate"
LEVEL = 0.95
_LARGE_MISFIT = 3.0
"""From this chi square per degree of freedom on the model does not explain what was observed within its errors."""
_MOST_NOISE = 0.4
"""Errors of simulations, as a part of those of the observations, from which slopes, and intervals with them, are rough: at
0.45, intervals of 95 % held a rate in 90 % of 80 trials."""
_CALLS, _CALLS_EACH = 20, 8
"""Simulations at most, and further ones for each parameter: three times what a search takes that gets anywhere."""


def carry_out(request: Request, sources: Sources, bench: Bench) -> dict[str, Any]:
    """Fit the keys of `fit` to the rows of `observed`, write the override file, and return what the document says."""
    options = request.options
    keys = fit_keys(options["fit"], sources.load(0))
    observed = observed_of(options["observed"])
    simulation = Simulation(sources, bench, keys, observed)
    run = sources.load(0).scenario.run
    began = starts(keys, observed, lambda values: simulation.point(values).network, run)
    found = _fitted(simulation, began)
    chosen = [
        Chosen(key, key.rounded(one.value), one.low, one.high) for key, one in zip(keys, found.parameters, strict=True)
    ]
    best = simulation.point([one.value for one in chosen])
    said = _how(found, sources.names[0], best.seed, run.replications)
    _write(sources, override_text(chosen, best.loaded, options["file"], said))
    return {
        "status": "partial" if _cut_short(found) else "complete",
        "level": LEVEL,
        "replications": run.replications,
        "simulations": len(simulation.brought),
        "converged": found.converged,
        "misfit": found.misfit,
        "errors_given": _given(observed),
        "scenario_file": sources.names[0],
        "observations": options["file"],
        "parameters": {one.key.name: _parameter(one, start) for one, start in zip(chosen, began, strict=True)},
        "residuals": [_residual(one, simulated) for one, simulated in zip(observed, found.simulated, strict=True)],
        "warnings": list(_warnings(found, simulation, run.replications)),
        "run": best.hash[:12],
        "override": FILE,
    }


def _most_calls(parameters: int) -> int:
    return _CALLS + _CALLS_EACH * parameters


def _cut_short(found: Fit) -> bool:
    """Whether the search had to be stopped, rather than found no step that was better than the chance of simulations."""
    return not found.converged and found.calls >= _most_calls(len(found.parameters))


def _given(observed: Sequence[Observed]) -> bool:
    return all(one.error is not None for one in observed)


def _fitted(simulation: Simulation, began: Sequence[Start]) -> Fit:
    """Return the fit. Raises UsageError, saying what to measure where the observations do not determine it."""
    observed = simulation.observed
    parameters = [
        FitParameter(key.name, start.value, key.in_si(key.low), key.in_si(key.high))
        for key, start in zip(simulation.keys, began, strict=True)
    ]
    errors = np.array([one.error for one in observed], dtype=np.float64) if _given(observed) else None
    last = [parameter.start for parameter in parameters]

    def oracle(values: np.typing.NDArray[np.float64]) -> tuple[Any, Any]:
        means, noise = simulation(values)
        if np.isfinite(means).all():
            last[:] = values.tolist()
        return means, noise

    try:
        return fit(
            oracle, parameters, np.array([one.value for one in observed]), errors=errors,
            what=[one.what for one in observed], level=LEVEL, most_calls=_most_calls(len(parameters)),
        )  # fmt: skip
    except NotDeterminedError as error:
        cure = what_to_measure(error, simulation, last)
        raise UsageError(f"{error.what}; {cure}") from None


def _write(sources: Sources, text: str) -> None:
    """Write the override file into the experiment's folder, in which the scenarios are kept."""
    with whole_file(folder_of(sources) / FILE) as file:
        file.write(text.encode())


def folder_of(sources: Sources) -> Path:
    """Return the folder of the experiment that these scenarios belong to."""
    return sources.paths[0].parents[2]


def _how(found: Fit, scenario: str, seed: int, replications: int) -> list[str]:
    misfit = "no degree of freedom left" if found.misfit is None else f"chi square per degree of freedom {found.misfit:.3g}"
    return [f"Scenario {scenario}, seed {seed}, {replications} replications, {misfit}. Use it with --override."]


def _parameter(one: Chosen, start: Start) -> dict[str, Any]:
    """Return a parameter in SI, and as the scenario has it in its own unit."""
    key = one.key
    return {
        "value": one.value,
        "low": one.low,
        "high": one.high,
        "unit": key.si_unit,
        "was": key.in_si(key.written),
        "start": start.value,
        "started_by": "utilisation law" if start.by_law else "scenario",
        "text": key.text(one.value),
        "setting": key.setting(one.value),
    }


def _residual(one: Observed, simulated: float) -> dict[str, Any]:
    relative = simulated / one.value - 1.0 if one.value else None
    return {
        "what": one.what,
        "observed": one.value,
        "simulated": simulated,
        "relative": relative,
        "error": one.error,
        "unit": one.metric.unit,
    }


def _warnings(found: Fit, simulation: Simulation, replications: int) -> Iterator[str]:
    """Yield what a reader of the answer has to know."""
    if _cut_short(found):
        yield "the search was stopped before it had settled; begin nearer with --set, or give bounds with --fit KEY=LO..HI"
    elif not found.converged:
        yield "the search ended where chance in the simulations outweighs any further step; more replications would go on"
    for one in found.parameters:
        if one.at_bound:
            yield f"{one.name} was stopped by a bound, beyond which it may fit better; widen it with --fit {one.name}=LO..HI"
    if found.misfit is None:
        what = f"{len(found.parameters)} parameters were fitted to as many figures"
        yield f"{what}, so nothing is left to judge them by; observe more"
    elif _given(simulation.observed) and found.misfit > _LARGE_MISFIT:
        what = f"what is left over is {found.misfit:.3g} times what the errors explain"
        yield f"{what}: the scenario lacks something, or the errors are too small"
    if replications == 1:
        yield "one replication does not say how far off the simulation is; run more with --replications"
    elif found.misfit is not None and _noisy(found, simulation):
        what = "the simulations are hardly less uncertain than what was observed"
        yield f"{what}, so that intervals come out too short or too long; add replications"


def _noisy(found: Fit, simulation: Simulation) -> bool:
    """Whether chance in the simulations is a large part of the errors that the intervals rest on."""
    _, noise = simulation(np.array([one.value for one in found.parameters]))
    scale = math.sqrt(found.misfit or 0.0)
    errors = [abs(one.value) * scale if one.error is None else one.error for one in simulation.observed]
    shares = [noise[i] / error for i, error in enumerate(errors) if error > 0.0 and math.isfinite(noise[i])]
    return bool(shares) and float(np.median(shares)) > _MOST_NOISE
