"""What is on record of the real system: a figure that somebody wrote down, beside which the simulated one is shown."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from jukinet_sim import metrics
from jukinet_sim.base.units import UnitError
from jukinet_sim.language.about import About
from jukinet_sim.language.base import Flag, Name, SpecError, Words


class Recorded(About):
    """One metric of one flow, station or pool, or one measure, as it is on record of the real system.

    The record tells of one run of the real thing, so that it is held against the band in which one further run of the
    simulation would lie, never against the interval of a mean, which shrinks with every replication.
    """

    flow: Name | None = None
    """The flow it is about."""
    station: Name | None = None
    """The station it is about."""
    pool: Name | None = None
    """The pool it is about."""
    measure: Name | None = None
    """The measure it is about, one of `measures`; it has no metric, and its figures are plain numbers in its unit."""
    metric: str | None = None
    """What is on record, such as `longest_queue` or the jobs `late`; `jukinet explain metrics` lists everything."""
    says: str
    """The figure on record, with its unit."""
    reads: Annotated[tuple[str, str], Field(min_length=2, max_length=2)] | None = None
    """Least and largest value that the words of the record allow, which says how near is near: `about an hour` may read
    `[45 min, 75 min]`. Exactly the figure when left out."""
    source: Words
    """Who recorded it, in which words, and why it reads as it does."""
    given: Flag = False
    """Whether the scenario puts it in: then that it comes out shows nothing but that nothing was lost, and is not judged."""

    @model_validator(mode="after")
    def _check_choice(self) -> Self:
        """Require one subject, a metric it has, and figures that can be read and hold what is on record."""
        self._check_subject("a record")
        self._check_metric(self.metric, metrics.of_kind(self.kind), 'add "metric: ..."')
        self._check_where()
        self._number(self.says, ("says",))
        if self.reads is not None:
            low, high = (self._number(text, ("reads", i)) for i, text in enumerate(self.reads))
            if not low <= self.value <= high:
                what = f"{self.says} does not lie between {self.reads[0]} and {self.reads[1]}"
                raise SpecError(what, "write the least and the largest value that the record may mean", ("reads",))
        return self

    def _number(self, text: str, path: tuple[str | int, ...]) -> float:
        try:
            return self._read(text)
        except UnitError as error:
            raise SpecError(error.what, error.cure, path) from None

    @property
    def value(self) -> float:
        """The figure on record, in SI."""
        return self._read(self.says)

    @property
    def reading(self) -> tuple[float, float]:
        """What the words of the record allow, in SI."""
        low, high = self.reads or (self.says, self.says)
        return self._read(low), self._read(high)
