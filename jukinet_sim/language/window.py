"""Which stretch of a run a figure is judged in: the busiest bin of a width, or from one instant to another."""

import re
from datetime import date, datetime, time
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from jukinet_sim.base.units import UnitError, format_duration, parse_duration
from jukinet_sim.language.base import Base, PositiveSeconds, SpecError

_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(:00)?")
_HOW = 'write "busiest 1 h" or "{from: 8 h, to: 9 h}"'


def _read_moment(value: Any) -> Any:
    """Read a date and a time of day, or a time since the start of the run."""
    if not isinstance(value, str):
        return value
    cure = 'write a date and time such as "2012-04-02 09:00", or a time since the start of the run such as "8 h"'
    if re.match(r"[0-9]{4}-[0-9]", value):
        found = _DATE.fullmatch(value)
        try:
            if found is not None:
                return datetime.fromisoformat(f"{found[1]} {found[2]}")
        except ValueError:
            pass
        raise SpecError(f'"{value[:40]}" is not a date and time', cure)
    try:
        return parse_duration(value)
    except UnitError as error:
        raise SpecError(error.what, cure) from None


Moment = Annotated[
    datetime | float,
    BeforeValidator(_read_moment),
    WithJsonSchema({"type": "string", "examples": ["2012-04-02 09:00", "8 h"]}),
]


class Window(Base):
    """The busiest bin of a width (`busiest 1 h`), or a stretch of the run (`{from: 8 h, to: 9 h}`).

    Bins follow the clock: they are multiples of their width from the start of the run, and lie wholly behind its warm-up and
    before its horizon.
    """

    either: ClassVar[frozenset[str]] = frozenset({"busiest", "from", "to"})
    written: ClassVar[str | None] = "`busiest` and a width, such as busiest 1 h, or a mapping with from and to"

    busiest: PositiveSeconds | None = None
    """Width of the bins of which the busiest counts."""
    begins: Moment | None = Field(default=None, alias="from")
    """Beginning: a date and time (Japan Standard Time), or a time since the start of the run."""
    ends: Moment | None = Field(default=None, alias="to")
    """End, written like the beginning."""

    @model_validator(mode="before")
    @classmethod
    def _read_words(cls, data: Any) -> Any:
        """Turn `busiest 1 h` into a mapping."""
        if isinstance(data, str):
            found = re.fullmatch(r"busiest\s+(.+)", data.strip())
            if found is None:
                raise SpecError(f'"{data[:40]}" is not a window', _HOW)
            return {"busiest": _width(found[1])}
        return data

    @model_validator(mode="after")
    def _check_kind(self) -> Self:
        """Require either a width, or a beginning and a later end that are written alike."""
        if self.busiest is not None:
            if self.begins is not None or self.ends is not None:
                raise SpecError("a window is the busiest bin or has a beginning and an end", "keep one of the two")
            return self
        if self.begins is None or self.ends is None:
            raise SpecError("a window has a beginning and an end, or is the busiest bin", _HOW)
        if isinstance(self.begins, datetime) is not isinstance(self.ends, datetime):
            raise SpecError("the beginning and the end of the window are written differently", "write both alike", ("to",))
        if self.ends <= self.begins:  # type: ignore[operator]  # both are of one kind
            raise SpecError("the window ends before it begins", "write the earlier one as from", ("to",))
        return self

    @property
    def dated(self) -> bool:
        """Whether it is a matter of the calendar."""
        return isinstance(self.begins, datetime)

    def seconds(self, first_day: date | None) -> tuple[float, float]:
        """Return beginning and end in seconds since the start of a run. Raises ValueError for dates without a calendar."""
        return _since(self.begins, first_day), _since(self.ends, first_day)

    @property
    def text(self) -> str:
        """The window in words that are canonical: `busiest 1 h`, `2012-04-02 09:00 to 2012-04-02 12:00`, `8 h to 9 h`."""
        if self.busiest is not None:
            return f"busiest {exact_duration(self.busiest)}"
        return f"{_shown(self.begins)} to {_shown(self.ends)}"

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the words and the mapping."""
        schema = handler(core_schema)
        fields = handler.resolve_ref_schema(schema)
        mapping = {key: fields.pop(key) for key in ("type", "properties", "additionalProperties") if key in fields}
        words = {"type": "string", "pattern": r"^busiest +[0-9.]+ *(ns|us|ms|s|min|h|d)$", "examples": ["busiest 1 h"]}
        fields["anyOf"] = [words, mapping]
        return schema


def _width(text: str) -> float:
    try:
        width = parse_duration(text)
    except UnitError as error:
        raise SpecError(error.what, 'write a width such as "busiest 1 h"') from None
    if width <= 0.0:
        raise SpecError("a bin has no width", 'write a width such as "busiest 1 h"')
    return width


@lru_cache(maxsize=4096)
def exact_duration(seconds: float) -> str:
    """Return a time for people, in seconds to the last digit where its unit would round it."""
    shown = format_duration(seconds)
    return shown if parse_duration(shown) == seconds else f"{repr(seconds).removesuffix('.0')} s"


def _since(moment: datetime | float | None, first_day: date | None) -> float:
    if not isinstance(moment, datetime):
        return float(moment or 0.0)
    if first_day is None:
        raise ValueError("a date needs a calendar")
    return (moment - datetime.combine(first_day, time())).total_seconds()


def _shown(moment: datetime | float | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if isinstance(moment, datetime) else exact_duration(float(moment or 0.0))
