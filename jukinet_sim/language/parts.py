"""Parts of a service time that are added to one another, as a scenario writes them."""

from typing import Annotated, Any, Self, TypeAlias

from pydantic import Discriminator, model_validator

from jukinet_sim.language.base import Base, Number, Seconds, SpecError
from jukinet_sim.language.choice import tag
from jukinet_sim.language.distributions import AnyDistribution, NumberDistribution, TimeDistribution, least_of, mean_of


class EachPart(Base):
    """A time for each of a drawn number, less the first few: `each` x (number - `beyond`)."""

    each: Seconds
    """Time for one of them, such as one resend."""
    of: NumberDistribution
    """How many, drawn for each visit."""
    beyond: Number = 0.0
    """How many of them cost nothing; at most the smallest number that can be drawn."""

    @model_validator(mode="after")
    def _check_beyond(self) -> Self:
        """Refuse a part that could take less than no time."""
        least = least_of(self.of)
        if self.beyond > least:
            what = f"numbers from {least:g} on can be drawn, and those below {self.beyond:g} would take less than no time"
            raise SpecError(what, f'write a "beyond" of at most {least:g}', ("beyond",))
        return self


AnyPart: TypeAlias = AnyDistribution | EachPart


def _part_kind(value: Any) -> str:
    """Tell a time for each of a number from a plain distribution of times."""
    keys = type(value).model_fields if isinstance(value, Base) else value if isinstance(value, dict) else ()
    return "?each" if any(key in keys for key in EachPart.model_fields) else "?time"


Part = Annotated[
    Annotated[TimeDistribution, tag("time")] | Annotated[EachPart, tag("each")],
    Discriminator(_part_kind),
]
"""One part of a service time."""


def mean_of_part(part: AnyPart) -> float:
    """Return the mean of a part in seconds."""
    return part.each * (mean_of(part.of) - part.beyond) if isinstance(part, EachPart) else mean_of(part)
