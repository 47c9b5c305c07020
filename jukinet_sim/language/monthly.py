"""Columns of a table with one line per month of the run: a count or mean of flows, stations or pools, month by month."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, Self, get_args

from pydantic import model_validator

from jukinet_sim.base.suggest import one_of
from jukinet_sim.language.base import Base, SpecError
from jukinet_sim.language.complaint import Complaint, fault
from jukinet_sim.language.measures import Pattern, matching
from jukinet_sim.language.run import DAY_S, Run

What = Literal["arrived", "completed", "sojourn", "in_system", "busy", "queue", "in_use"]
_OF: Mapping[str, frozenset[str]] = {
    "flow": frozenset({"arrived", "completed", "sojourn", "in_system"}),
    "station": frozenset({"arrived", "completed", "busy", "queue"}),
    "pool": frozenset({"in_use", "queue"}),
}
COUNTS = frozenset({"arrived", "completed"})


class Column(Base):
    """One column: what of which flows, stations or pools, summed over those that a pattern means."""

    either: ClassVar[frozenset[str]] = frozenset(_OF)

    flow: Pattern | None = None
    """The flow, or all whose names begin alike: `kiosk.*`."""
    station: Pattern | None = None
    """The station, or all whose names begin alike; all its places together."""
    pool: Pattern | None = None
    """The pool, or all whose names begin alike; all its places together."""
    what: What
    """`arrived`, `completed`: jobs or visits of the month. `sojourn`: mean time in the system, by Little's law. `in_system`,
    `busy`, `queue`, `in_use`: jobs, busy servers, waiting jobs, tokens in use on average over the month."""
    over: Pattern | None = None
    """What a count is divided by: the same of these, so that the column is a share."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        """Require one kind of part, and something that it has."""
        kinds = [kind for kind in _OF if getattr(self, kind) is not None]
        if len(kinds) != 1:
            raise SpecError("a column is about one flow, station or pool", 'write "flow: updates.*, what: completed"')
        if self.what not in _OF[kinds[0]]:
            known = ", ".join(word for word in get_args(What) if word in _OF[kinds[0]])
            raise SpecError(f'a {kinds[0]} has no "{self.what}" month by month', f"write one of {known}", ("what",))
        if self.over is not None and self.what not in COUNTS:
            raise SpecError("only a count is a share of another", 'delete "over", or write "what: completed"', ("over",))
        return self

    @property
    def kind(self) -> str:
        """`flow`, `station` or `pool`."""
        return next(kind for kind in _OF if getattr(self, kind) is not None)

    @property
    def pattern(self) -> str:
        """Which of them."""
        found: str = getattr(self, self.kind)
        return found


def monthly_complaints(columns: Mapping[str, Column], run: Run) -> Iterator[Complaint]:
    """Require days of the calendar, and a series whose bins never hold parts of two months."""
    if not columns:
        return
    if run.period is None:
        cure = 'write "period: {from: ..., to: ...}" under run'
        yield fault(("monthly",), "months are those of a calendar", cure, at_key=True)
    elif run.series is None or DAY_S % run.series != 0.0:
        what = "months are put together from bins of a series, and none of them may lie in two months"
        yield fault(("monthly",), what, 'write "series: 1 d" under run', at_key=True)


def unknown_parts(columns: Mapping[str, Column], names: Mapping[str, Mapping[str, object]]) -> Iterator[Complaint]:
    """Require that each pattern means something; `names` has the flows, stations and pools by kind."""
    for name, column in columns.items():
        known = names[column.kind]
        for key in (column.kind, "over"):
            pattern = getattr(column, key)
            if pattern is not None and not matching(pattern, known):
                cure = one_of(pattern, known, f"there is no {column.kind}")
                yield fault(("monthly", name, key), f'unknown {column.kind} "{pattern}"', cure)
