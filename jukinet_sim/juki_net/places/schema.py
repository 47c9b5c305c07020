"""Which municipalities there are, and groups of them, as a scenario states them."""

from typing import Self

from pydantic import Field, model_validator

from jukinet_sim.language.base import Base, Figure, PositiveCount, SpecError, Words
from jukinet_sim.language.run import Day

GENERATED = "generated"
"""The municipalities that the package makes itself."""
GENERATED_NOTE = (
    "The list of municipalities is generated: places called by a prefecture and a number, such as Kagawa-10, are made up, with "
    "their sizes, the sizes of Tokyo's wards and every place's share of card holders. As published are the number and the "
    "residents of each prefecture and the designated cities; a CSV file of your own takes the list's place."
)
"""What must be known when a place of the generated list is named."""


class Municipalities(Base):
    """Which municipalities there are."""

    source: Words = GENERATED
    """`generated` (1,742 places made from published anchors) or a CSV file in the scenario's folder or below it: code,
    prefecture_code, name, population."""
    every: PositiveCount = 1
    """Keep only every so many-th municipality by size: a scaled nation of the same shape, with its share of all flows."""
    per_event_from: Figure[PositiveCount]
    """Municipalities with at least so many residents send each update as it happens, smaller ones once a day."""


class Join(Base):
    """Municipalities that begin to take part on a date."""

    first_day: Day = Field(alias="from")
    """Their first day."""
    municipalities: Figure[PositiveCount]
    """How many more."""


class Group(Base):
    """Municipalities that offer a service, such as certificates at shop kiosks, or that something happens to.

    Which ones they are is not published: of the given list those are taken that its column `kiosk_from` names, of a generated
    one so many spread evenly over the larger half [assumed].
    """

    municipalities: Figure[PositiveCount]
    """How many take part from the start; in a thinned nation proportionally fewer, at least one."""
    prefectures: Figure[PositiveCount] | None = None
    """In how many prefectures they lie, spread evenly over them and over all sizes [assumed]; anywhere when left out."""
    joins: tuple[Join, ...] = ()
    """Further ones, sorted by date."""

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        """Refuse joins that go back in time."""
        days = [join.first_day for join in self.joins]
        if days != sorted(set(days)):
            raise SpecError("the dates do not go forward", "sort the entries by date, one for each", ("joins",))
        return self
