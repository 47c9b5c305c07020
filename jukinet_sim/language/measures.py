"""Outputs in people's units, such as people kept waiting or yen: sums over flows, stations, pools and other measures.

What is summed is counted over a whole replication, never an average, so that a sum over any parts has a meaning.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from jukinet_sim import metrics
from jukinet_sim.language.about import About
from jukinet_sim.language.base import Base, Figure, Name, Number, SpecError, Words

_ANY = ".*"
_PATTERN = re.compile(r"\w[\w.-]*?(\.\*)?")


def _check_pattern(value: Any) -> Any:
    """Refuse what is neither a name nor the beginning of names."""
    if isinstance(value, str) and (not _PATTERN.fullmatch(value) or len(value) > 100):
        raise SpecError(f'"{value[:40]}" is not a name', 'write a name, or the beginning of several such as "kiosk.*"')
    return value


Pattern = Annotated[
    str,
    BeforeValidator(_check_pattern),
    WithJsonSchema({"type": "string", "pattern": rf"^{_PATTERN.pattern}$", "maxLength": 100, "examples": ["kiosk.*"]}),
]


def matching(pattern: str, names: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names that a pattern means, in their order: the one itself, or for `kiosk.*` all that begin `kiosk.`."""
    if pattern.endswith(_ANY):
        return tuple(name for name in names if name.startswith(pattern[:-1]))
    return (pattern,) if pattern in names else ()


class Term(About):
    """One term of a measure: a metric of one or several flows, stations or pools, or other measures, times a figure."""

    either: ClassVar[frozenset[str]] = frozenset(metrics.KINDS)

    flow: Pattern | None = None
    """The flow, or all whose names begin alike: `kiosk.*`."""
    station: Pattern | None = None
    """The station, or all whose names begin alike; a station of which every place has one counts as a whole."""
    pool: Pattern | None = None
    """The pool, or all whose names begin alike."""
    measure: Pattern | None = None
    """Another measure, or all whose names begin alike."""
    metric: str | None = None
    """What is summed, such as `late`, `records` or `busy_hours`; left out for a measure."""
    hours: Name | None = None
    """Calendar profile, such as `counter`: only what falls into its open hours counts, whatever waits overnight. Of a flow's
    `inside_hours` and a pool's `held_hours` only; round the clock when left out."""
    times: Figure[Number] = Field(default_factory=lambda: Figure[Number](value=1.0))
    """What one of it counts for, such as the yen of an hour; 1 when left out."""

    @model_validator(mode="after")
    def _check_choice(self) -> Self:
        """Require one subject, and a metric that it has."""
        self._check_subject("a term")
        known = metrics.summed(self.kind)
        self._check_metric(self.metric, known, f"add one of {', '.join(known)}")
        if self.hours is not None and (self.metric is None or known[self.metric].within is None):
            what = f"{self.metric or 'a measure'} is not counted within hours"
            cure = "delete it, or count inside_hours of a flow or held_hours of a pool"
            raise SpecError(what, cure, ("hours",), at_key=True)
        self._check_where(several=self.subject.endswith(_ANY))
        if self.focused and self.hours is not None:
            what = "what is counted within hours is counted over the whole run and all places"
            raise SpecError(what, "delete the hours, or the window and the place", ("hours",), at_key=True)
        return self


class Measure(Base):
    """An output in people's units: the sum of its terms, for each replication."""

    unit: Words
    """What it is counted in, such as `people`, `h` or `yen`."""
    sum: tuple[Term, ...] = Field(min_length=1)
    """Its terms."""


def calendars(measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """Return the profiles in whose open hours some term counts, each once."""
    named = (term.hours for measure in measures.values() for term in measure.sum)
    return tuple(dict.fromkeys(name for name in named if name is not None))


def circles(measures: Mapping[str, Measure]) -> Iterator[tuple[str, int]]:
    """Yield measure and number of each term that leads back to the measure it belongs to."""
    for name, measure in measures.items():
        for number, term in enumerate(measure.sum):
            if name in _reached(term, measures):
                yield name, number


def _reached(term: Term, measures: Mapping[str, Measure]) -> set[str]:
    """Return the names of all measures that a term rests on."""
    reached: set[str] = set()
    ahead = [term]
    while ahead:
        at = ahead.pop()
        for name in matching(at.subject, measures) if at.kind == "measure" else ():
            if name not in reached:
                reached.add(name)
                ahead.extend(measures[name].sum)
    return reached
