"""Simulations fitted to observations by least squares, with few simulations and intervals for what was fitted.

The oracle runs every point with the same random numbers, so that its figures are a smooth function of the parameters plus
an error that hardly changes between neighbours: differences are of the parameters, not of chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import UsageError
from jukinet_sim.fitting.dependence import dependent_columns, listed
from jukinet_sim.fitting.parameters import Fit, FitParameter, Fitted, NotDeterminedError, check_names
from jukinet_sim.statistics.student import two_sided_quantile

Floats = NDArray[np.float64]
Oracle = Callable[[Floats], tuple[Floats, Floats]]
"""Parameters [k] to simulated means and their standard errors, [m] each; NaN for a figure that came to nothing."""
_DAMPING, _LEAST_DAMPING = 1e-3, 1e-9
_SETTLED_ERRORS = 0.1
"""A step that moves no combination of figures by more than this part of a standard error is not worth a simulation."""
_NEAR_ERRORS = 1.0
"""After a step no longer than this the central Jacobian is kept up by its update, not simulated again."""
_SETTLED_STEP = 1e-5
_LEAST_DIFFERENCE, _MOST_DIFFERENCE = 0.01, 0.05
"""Common random numbers make the noise of a difference shrink with the step, so steps stay small: a long one would take the
steep rise of a queue near saturation for its slope."""
_PART_OF_ERROR = 0.5
"""So large a part of the observations' errors central differences step: longer ones tell more of rough slopes."""
_MOST_REJECTED = 8
_SINGULAR = 1e-7
_UPDATED, _ONE_SIDED, _CENTRAL = range(3)


def fit(
    oracle: Oracle,
    parameters: Sequence[FitParameter],
    observed: Floats,
    *,
    errors: Floats | None = None,
    what: Sequence[str] | None = None,
    level: float = 0.95,
    most_calls: int = 200,
) -> Fit:
    """Return the parameters at which simulated figures are nearest to the `observed` [m], with intervals.

    With `errors` [m], the standard errors of the observations, a residual is in units of the root of error^2 + simulation
    error^2, and intervals are normal. Without, the errors are taken to be one unknown fraction of each figure, simulation
    included, and estimated from the residuals with m - k degrees of freedom (Student's t); then no figure may be 0.
    `what` names the figures in messages.

    Levenberg (1944) and Marquardt (1963) within bounds; the Jacobian by one-sided differences, kept up by Broyden's (1965)
    update, and at the end by central differences, from which the intervals follow by the delta method (Seber and Wild 1989,
    5.1). Steps of the differences grow with the errors, from 1 to 5 %.

    Raises UsageError for fewer figures than parameters and for a start that cannot be simulated, and NotDeterminedError, which
    is one, for parameters that the observations do not determine, by name.
    """
    check_names(parameters)
    names = list(what) if what is not None else [f"figure {i + 1}" for i in range(len(observed))]
    search = _Search(oracle, tuple(parameters), *_errors(np.asarray(observed, dtype=np.float64), errors, names), names)
    if len(search.observed) < len(parameters):
        what_is_wrong = f"{len(parameters)} parameters cannot be fitted to {len(search.observed)} observed figures"
        raise UsageError(f"{what_is_wrong}; observe more, or fit fewer")
    start = np.array([parameter.inner(parameter.start) for parameter in parameters])
    look, jacobian, converged = _minimise(search, start, most_calls)
    degrees = len(search.observed) - len(parameters)
    cost = float(look.residuals @ look.residuals)
    misfit = cost / degrees if degrees else None
    scale = 1.0 if search.given else None if misfit is None else math.sqrt(misfit)
    t = two_sided_quantile(level, math.inf if search.given else max(degrees, 1))
    half_widths = _half_widths(search, look, jacobian, scale, t)
    shown = look.residuals / (scale or 1.0)
    return Fit(
        tuple(map(_fitted, parameters, look.z.tolist(), half_widths)),
        tuple(look.means.tolist()), tuple(shown.tolist()), misfit, search.calls, converged,
    )  # fmt: skip


def _errors(observed: Floats, errors: Floats | None, names: Sequence[str]) -> tuple[Floats, Floats, bool]:
    """Return observed figures, their errors, absolute or up to one factor, and whether they are absolute."""
    for name, value in zip(names, observed.tolist(), strict=True):
        if not math.isfinite(value):
            raise UsageError(f"{name} was observed as {value}, which is no number; leave it out")
        if errors is None and value == 0.0:
            raise UsageError(f"{name} was observed as 0, of which no fraction is an error; give standard errors")
    if errors is None:
        return observed, np.abs(observed), False
    given = np.asarray(errors, dtype=np.float64)
    for name, error in zip(names, given.tolist(), strict=True):
        if not (math.isfinite(error) and error > 0.0):
            raise UsageError(f"the standard error of {name} is {error:g}; give one above 0")
    return observed, given, True


@dataclass(frozen=True, eq=False)
class _Look:
    """A point of the search: inner parameters, simulated means, the weight of each figure, and weighted residuals."""

    z: Floats
    means: Floats
    weights: Floats
    residuals: Floats


@dataclass(eq=False)
class _Search:
    """The oracle seen from inside the search: bounds are 0 and `widths`; simulations are counted."""

    oracle: Oracle
    parameters: tuple[FitParameter, ...]
    observed: Floats
    errors: Floats
    given: bool
    names: Sequence[str]
    calls: int = 0
    difference: float = _LEAST_DIFFERENCE
    widths: Floats = field(init=False)

    def __post_init__(self) -> None:
        self.widths = np.array([parameter.width for parameter in self.parameters])

    def look(self, z: Floats) -> _Look:
        """Simulate at a point. Raises ValueError where the oracle answers with other than a mean and an error per figure."""
        self.calls += 1
        values = [parameter.outer(inner) for parameter, inner in zip(self.parameters, z.tolist(), strict=True)]
        means, noise = (np.asarray(x, dtype=np.float64) for x in self.oracle(np.array(values)))
        if means.shape != self.observed.shape or noise.shape != self.observed.shape:
            raise ValueError(f"the oracle gave {means.shape} means and {noise.shape} errors for {self.observed.shape} figures")
        noise = np.where(np.isfinite(noise), noise, 0.0)
        weights = 1.0 / (np.hypot(self.errors, noise) if self.given else self.errors)
        return _Look(z, means, weights, (self.observed - means) * weights)

    def start(self, z: Floats) -> _Look:
        """Simulate at the starting point, and choose the step of differences by the noise there. Raises UsageError."""
        look = self.look(z)
        for name, mean in zip(self.names, look.means.tolist(), strict=True):
            if not math.isfinite(mean):
                raise UsageError(f"{name} comes to nothing at the starting values; start elsewhere, or leave it out")
        if self.given:
            # Errors of the simulation are part of the weights; how large they are beside the figures is what counts here.
            noise = np.sqrt(np.maximum(look.weights**-2.0 - self.errors**2, 0.0))
            relative = float(np.median(noise / np.maximum(np.abs(look.means), self.errors)))
            self.difference = min(max(relative, _LEAST_DIFFERENCE), _MOST_DIFFERENCE)
        return look

    def jacobian(self, at: _Look, *, central: bool) -> Floats:
        """Return the weighted derivatives [m, k] of the means. Raises UsageError where there is no neighbour to simulate."""
        columns = []
        length = self.difference if not central else max(self.difference, self._part_of_error(at))
        for j, (parameter, width) in enumerate(zip(self.parameters, self.widths.tolist(), strict=True)):
            up = self._neighbour(at, j, min(length, width - at.z[j]))
            down = None if up is not None and not central else self._neighbour(at, j, -min(length, at.z[j]))
            high, low = up or at, down or at
            if high is low:
                value = parameter.outer(float(at.z[j]))
                raise UsageError(f"nothing near {parameter.name} = {value:g} can be simulated; change its bounds")
            columns.append((high.means - low.means) / (high.z[j] - low.z[j]) * at.weights)
        return np.stack(columns, axis=1)

    def _part_of_error(self, at: _Look) -> float:
        """Return a step that is a part of the observations' relative errors, over which intervals take slopes to be equal."""
        relative = self.errors / np.maximum(np.abs(at.means), self.errors) * self.noise(at)
        return min(_PART_OF_ERROR * float(np.median(relative)), _MOST_DIFFERENCE)

    def _neighbour(self, at: _Look, j: int, step: float) -> _Look | None:
        """Return a point beside another one; None where a bound leaves too little room, or a figure comes to nothing."""
        if abs(step) < 0.1 * self.difference:
            return None
        z = at.z.copy()
        z[j] += step
        found = self.look(z)
        return found if np.isfinite(found.means).all() else None

    def updated(self, jacobian: Floats, look: _Look, trial: _Look) -> Floats:
        """Return a Jacobian that agrees with a step as well; one shorter than a difference tells chance rather than slopes.

        The events that a rate moves over the edge of a window are few and random: their effect falls with the root of the step.
        """
        step = trial.z - look.z
        if float(np.abs(step).max()) < self.difference:
            return jacobian
        change = (trial.means - look.means) * look.weights - jacobian @ step
        result: Floats = jacobian + np.outer(change, step) / (step @ step)
        return result

    def small(self, jacobian: Floats, step: Floats, at: _Look, errors: float) -> bool:
        """Tell whether a step moves no combination of figures by more than so many standard errors."""
        return float(np.abs(step).max()) < _SETTLED_STEP or float(np.linalg.norm(jacobian @ step)) < errors * self.noise(at)

    def noise(self, at: _Look) -> float:
        """Return the standard error of a weighted residual: 1 where errors are given, else by what is left over at a point."""
        degrees = len(self.observed) - len(self.parameters)
        return 1.0 if self.given else math.sqrt(float(at.residuals @ at.residuals) / max(degrees, 1))


def _minimise(search: _Search, z: Floats, most_calls: int) -> tuple[_Look, Floats, bool]:
    """Return where the sum of squares is least, the central Jacobian there, and whether the search got there."""
    look = search.start(z)
    jacobian, kind = search.jacobian(look, central=False), _ONE_SIDED
    damping, rejected = _DAMPING, 0
    while search.calls < most_calls and rejected < _MOST_REJECTED:
        if search.small(jacobian, _step(jacobian, look, search.widths, _LEAST_DAMPING), look, _SETTLED_ERRORS):
            if kind == _CENTRAL:
                return look, jacobian, True
            jacobian, kind, damping = search.jacobian(look, central=True), _CENTRAL, _DAMPING
            continue
        step = _step(jacobian, look, search.widths, damping)
        trial = search.look(look.z + step)
        # One set of weights judges both, or a noisier point would look better.
        gain = look.residuals @ look.residuals - np.square((search.observed - trial.means) * look.weights).sum()
        if gain > 0.0:
            predicted = look.residuals @ look.residuals - np.square(look.residuals - jacobian @ step).sum()
            near = kind == _CENTRAL and search.small(jacobian, step, look, _NEAR_ERRORS)
            if not near:
                jacobian = search.updated(jacobian, look, trial)
            jacobian = jacobian * (trial.weights / look.weights)[:, None]
            look, damping, rejected = trial, max(damping / 5.0, _LEAST_DAMPING), 0
            kind = _CENTRAL if near else _UPDATED
            if gain < 0.25 * predicted:
                jacobian, kind = search.jacobian(look, central=False), _ONE_SIDED
        elif kind == _UPDATED:
            jacobian, kind = search.jacobian(look, central=False), _ONE_SIDED
        else:
            damping, rejected = max(8.0 * damping, _DAMPING), rejected + 1
    if kind != _CENTRAL:
        jacobian = search.jacobian(look, central=True)
    return look, jacobian, False


def _step(jacobian: Floats, at: _Look, widths: Floats, damping: float) -> Floats:
    """Return the damped least-squares step within the bounds; parameters that a bound stops are held while others move on."""
    free = np.ones(len(widths), dtype=bool)
    step = np.zeros(len(widths))
    for _ in range(len(widths)):
        rest = at.residuals - jacobian @ np.where(free, 0.0, step)
        a = jacobian[:, free]
        damped = np.concatenate([a, np.diag(math.sqrt(damping) * np.linalg.norm(a, axis=0))])
        step[free] = np.linalg.lstsq(damped, np.concatenate([rest, np.zeros(a.shape[1])]), rcond=_SINGULAR)[0]
        # A step of one in a logarithm is a factor of e, beyond which no linear model is believed.
        bounded = np.clip(np.clip(step, -1.0, 1.0), -at.z, widths - at.z)
        stopped = free & ((at.z + bounded <= 0.0) | (at.z + bounded >= widths)) & (bounded != step)
        step = bounded
        if not stopped.any() or not (free := free & ~stopped).any():
            break
    return step


def _half_widths(search: _Search, look: _Look, jacobian: Floats, scale: float | None, quantile: float) -> list[float | None]:
    """Return the half-width of each inner parameter's interval, None without degrees of freedom.

    By the delta method: the square root of the diagonal of scale^2 (J'J)^-1 times a quantile. Raises NotDeterminedError for
    what the observations do not determine.
    """
    names = [parameter.name for parameter in search.parameters]
    lengths = np.linalg.norm(jacobian, axis=0)
    seen = float(np.linalg.norm(search.observed * look.weights))
    idle = [name for name, moved in zip(names, (lengths * search.widths).tolist(), strict=True) if moved <= 1e-9 * seen]
    if idle:
        what = f"{listed(idle)} moves none of the observed figures"
        raise NotDeterminedError(idle, what, "observe one that depends on it, or do not fit it")
    _, singular, directions = np.linalg.svd(jacobian / lengths, full_matrices=False)
    singular = np.maximum(singular, _SINGULAR**2)
    errors = np.sqrt(np.square(directions.T / singular).sum(axis=1)) / lengths
    half_widths = quantile * errors * (scale or 0.0)
    loose = (half_widths >= search.widths) | (singular[-1] < _SINGULAR * singular[0])
    for columns in dependent_columns(jacobian):
        if loose[list(columns)].any():
            together = [names[j] for j in columns]
            cure = "fix one, or observe something that only one of them changes"
            raise NotDeterminedError(together, f"{listed(together)} cannot be told apart by the observed figures", cure)
    for name, open_ in zip(names, loose, strict=True):
        if open_:
            what = f"the observed figures leave {name} anywhere within its bounds"
            raise NotDeterminedError([name], what, "observe more, or do not fit it")
    return [None if scale is None else float(x) for x in half_widths]


def _fitted(parameter: FitParameter, z: float, half_width: float | None) -> Fitted:
    low, high = (None if half_width is None else parameter.outer(z + sign * half_width) for sign in (-1.0, 1.0))
    return Fitted(parameter.name, parameter.outer(z), low, high, at_bound=not 1e-9 < z < parameter.width - 1e-9)
