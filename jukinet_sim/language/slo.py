"""Service levels: one metric of one part of a scenario against one bound."""

from typing import ClassVar, Self

from pydantic import model_validator

from jukinet_sim import metrics
from jukinet_sim.base.units import UnitError
from jukinet_sim.language.about import About
from jukinet_sim.language.base import Name, SpecError


class Slo(About):
    """A service level: one metric of one flow, station or pool, or one measure, against one bound."""

    either: ClassVar[frozenset[str]] = frozenset({"below", "above"})

    flow: Name | None = None
    """The flow it is about."""
    station: Name | None = None
    """The station it is about."""
    pool: Name | None = None
    """The pool it is about."""
    measure: Name | None = None
    """The measure it is about, one of `measures`; it has no metric, and its bound is a plain number in its unit."""
    metric: str | None = None
    """What is judged, such as `sojourn.p99`, `utilisation` or the jobs `lost`; `jukinet explain metrics` lists everything."""
    below: str | None = None
    """Upper bound, with its unit; met where the estimate is below it."""
    above: str | None = None
    """Lower bound, with its unit; met where the estimate is above it."""

    @model_validator(mode="after")
    def _check_choice(self) -> Self:
        """Require one subject, a metric it has, and one bound that can be read."""
        self._check_subject("an SLO")
        bounds = [key for key in ("below", "above") if getattr(self, key) is not None]
        if len(bounds) != 1:
            raise SpecError("an SLO has one bound, below or above", "keep one" if bounds else "add one", tuple(bounds[1:]))
        self._check_metric(self.metric, metrics.of_kind(self.kind), 'add "metric: ..."')
        self._check_where()
        try:
            self.bound  # noqa: B018  # reading it is the check
        except UnitError as error:
            raise SpecError(error.what, error.cure, (bounds[0],)) from None
        return self

    @property
    def bound(self) -> float:
        """The bound in SI."""
        return self._read(self.below or self.above or "")

    def met_by(self, value: float) -> bool:
        """Whether an estimate, in SI, lies on the right side of the bound."""
        return value < self.bound if self.below is not None else value > self.bound

    @property
    def text(self) -> str:
        """The service level in one line: `query sojourn.p99 < 2 s`."""
        sign, bound = ("<", self.below) if self.below is not None else (">", self.above)
        return f"{self.name} {sign} {bound}"
