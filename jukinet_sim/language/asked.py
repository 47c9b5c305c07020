"""A figure that an experiment asks for: one metric of one part, in a window and at a place if it says so, without a bound."""

from typing import Self

from pydantic import model_validator

from jukinet_sim import metrics
from jukinet_sim.language.about import WORST, About
from jukinet_sim.language.base import Name


class Asked(About):
    """One metric of one flow, station or pool, or one measure."""

    flow: Name | None = None
    """The flow it is about."""
    station: Name | None = None
    """The station it is about."""
    pool: Name | None = None
    """The pool it is about."""
    measure: Name | None = None
    """The measure it is about; it has no metric."""
    metric: str | None = None
    """What is asked for, such as `sojourn.p99`."""

    @model_validator(mode="after")
    def _check_choice(self) -> Self:
        """Require one subject, and a metric, a window and a place that it has."""
        self._check_subject("a figure")
        self._check_metric(self.metric, metrics.of_kind(self.kind), 'add "metric: ..."')
        self._check_where()
        return self


def words_of(text: str) -> tuple[list[str], dict[str, object]]:
    """Return the words before the first comma of `[KIND] NAME METRIC, busiest 1 h, worst place`, and the keys behind it.

    A window may also be written `8 h to 9 h`, a place `place 13-101`.
    """
    head, *rest = (part.strip() for part in text.split(","))
    keys: dict[str, object] = {}
    for part in rest:
        if part == "worst place":
            keys["place"] = WORST
        elif part.startswith("place "):
            keys["place"] = part.removeprefix("place ").strip()
        elif " to " in part:
            begins, _, ends = part.partition(" to ")
            keys["window"] = {"from": begins.strip(), "to": ends.strip()}
        else:
            keys["window"] = part
    return head.split(), keys
