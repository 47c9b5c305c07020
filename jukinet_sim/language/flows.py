"""Flows of a generic network as a scenario writes them: arrivals, route, and what jobs do when they are not served."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic_core import CoreSchema

from jukinet_sim.base.units import UnitError, parse_count
from jukinet_sim.language.arrivals import Arrivals
from jukinet_sim.language.base import Base, Count, Flag, Name, PositiveNumber, PositiveSeconds, SpecError
from jukinet_sim.language.distributions import AnyDistribution, TimeDistribution, mean_of
from jukinet_sim.language.route import Step


def _read_attempts(value: Any) -> Any:
    """Read `unlimited` or a number of at least 1."""
    if value == "unlimited":
        return value
    if not isinstance(value, (str, int)):
        raise SpecError('"attempts" is not one value', 'write a whole number such as "3", or "unlimited"')
    try:
        number = parse_count(str(value))
    except UnitError as error:
        raise SpecError(error.what, f'{error.cure}, or "unlimited"') from None
    if number == 0:
        raise SpecError("0 attempts leave none at all", "write 1 for no retry, or more")
    return number


class Retry(Base):
    """What a job does after loss or abandonment: begin again at the first step, with fresh draws and no tokens."""

    attempts: Annotated[
        int | Literal["unlimited"],
        BeforeValidator(_read_attempts),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "unlimited"}], "examples": [3]}),
    ]
    """Most tries, the first one included, or `unlimited`."""
    backoff: TimeDistribution
    """Wait before a retry; a fresh draw each time."""
    factor: PositiveNumber = 1.0
    """The wait before retry k is the draw times factor^(k-1)."""


def check_timeout(timeout: AnyDistribution | None, *, zombie: bool) -> None:
    """Raise SpecError for a time-out that leaves no time, and for zombie work without one."""
    if timeout is not None and mean_of(timeout) == 0:
        raise SpecError('the mean of "timeout" is 0', "write a mean above 0, or delete it", ("timeout",))
    if zombie and timeout is None:
        cure = 'add "timeout: {constant: 30 s}" or delete it'
        raise SpecError('"zombie" without a timeout', cure, ("zombie",), at_key=True)


@dataclass(frozen=True)
class _OrName:
    """Lets the JSON schema of a file allow a name in place of what it stands for."""

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(core), {"type": "string"}]}


def or_name_of(section: str) -> tuple[Any, Any]:
    """Return what lets the type of a route be written as the name of one of the routes of a section.

    The steps of that route stand in its place by the time the type is read, so that a name that is left is a name of none.
    """

    def read(value: Any) -> Any:
        if isinstance(value, str):
            raise SpecError(f'no route is called "{value}"', f"write it under {section}, or list the steps here")
        return value

    return BeforeValidator(read), _OrName()


class Flow(Base):
    """A class of jobs: how they arrive and which way they go."""

    arrivals: Arrivals | None = None
    """How jobs arrive; left out for a flow that others spawn."""
    priority: Count = 0
    """Rank at stations with priority discipline; smaller is served first."""
    patience: TimeDistribution | None = None
    """Longest wait for service at any one station, drawn afresh for each visit; for ever when left out."""
    timeout: TimeDistribution | None = None
    """Longest time from the beginning of an attempt to the end of the route, over all its stations, drawn afresh for each
    attempt; a job that is not complete by then leaves from wherever it is. For ever when left out."""
    zombie: Flag = False
    """Whether service in progress at the time-out runs on to its end, for nobody; else it is broken off."""
    retry: Retry | None = None
    """What a job does after loss or abandonment; it gives up when left out."""
    on_refused: Name | None = None
    """Label of the route, or `exit`, where a job goes on that finds a station full, at visits outside loops that say nothing
    else; it is lost when left out."""
    on_abandon: Name | None = None
    """The same for a job that loses patience in the queue of a station; it is abandoned when left out."""
    due: PositiveSeconds | None = None
    """Longest time from arrival to completion, over all attempts, that is not late; results then count late jobs and their
    records. Nothing is counted when left out."""
    records: Count = 1
    """Records each job carries."""
    origin: Name | None = None
    """Level of places from which each job's origin is drawn by weight."""
    destination: Name | None = None
    """Level of places from which each job's destination is drawn by weight."""
    route: Annotated[tuple[Step, ...], *or_name_of("network.routes")] = Field(min_length=1)
    """The steps, or the name of one of `network.routes`; a job that passes the last one is complete."""

    @model_validator(mode="after")
    def _check_timeout(self) -> Self:
        """Refuse a time-out that leaves no time, and zombie work without one."""
        check_timeout(self.timeout, zombie=self.zombie)
        return self
