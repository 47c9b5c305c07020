"""What service levels and the terms of measures have in common: one part of a scenario, and one metric of it."""

from collections.abc import Mapping

from jukinet_sim import metrics
from jukinet_sim.base.suggest import one_of
from jukinet_sim.language.base import Base, SpecError


class About(Base):
    """One flow, station, pool or measure, under the key of its kind, and one of its metrics under `metric`.

    Whoever descends from it has a field for each kind, None but for one.
    """

    @property
    def kind(self) -> metrics.Kind:
        """What it is about: flow, station, pool or measure."""
        return self._kinds[0]

    @property
    def subject(self) -> str:
        """Name of what it is about."""
        return str(getattr(self, self.kind))

    @property
    def _kinds(self) -> list[metrics.Kind]:
        return [kind for kind in metrics.KINDS if getattr(self, kind) is not None]

    def _check_subject(self, a_part: str) -> None:
        """Require one subject."""
        if len(self._kinds) != 1:
            what = f"{a_part} is about one of flow, station, pool and measure"
            raise SpecError(what, "keep one" if self._kinds else "add one", tuple(self._kinds[1:2]))

    def _check_metric(self, metric: str | None, known: Mapping[str, metrics.Metric], add: str) -> None:
        """Require a metric that the subject has, and none of a measure, which is one."""
        if self.kind == "measure":
            if metric is not None:
                raise SpecError("a measure has no metric", "delete it", ("metric",), at_key=True)
        elif metric is None:
            raise SpecError('missing key "metric"', add)
        elif metric not in known:
            raise SpecError(f'unknown metric "{metric}" of a {self.kind}', one_of(metric, known, ""), ("metric",))
