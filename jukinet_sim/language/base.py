"""What every part of the schema is built from: the frozen base model, types that read units, and figures with a source.

Text such as "20 ms" becomes an SI float; a Python user may pass the float itself.
"""

import math
import re
import sys
from collections.abc import Callable, Iterable
from typing import Annotated, Any, ClassVar, Generic, Literal, Self, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from jukinet_sim.base.units import (
    parse_bit_rate,
    parse_count,
    parse_data,
    parse_duration,
    parse_fraction,
    parse_number,
    parse_rate,
)
from jukinet_sim.language.docs import attribute_docs

T = TypeVar("T")
N = TypeVar("N", int, float)
Path = tuple[str | int, ...]


class SpecError(ValueError):
    """A part of a scenario that cannot be: `what` is wrong, the `cure`, and `at`, the path of the culprit inside it.

    With `at_key` it is the key at the end of that path that is wrong, not its value.
    """

    def __init__(self, what: str, cure: str, at: Path = (), *, at_key: bool = False) -> None:
        super().__init__(what, cure, at)
        self.what = what
        self.cure = cure
        self.at = at
        self.at_key = at_key

    def __str__(self) -> str:
        return f"{self.what}; {self.cure}"


class Base(BaseModel):
    """Base of every scenario model: frozen, unknown keys refused, attribute docstrings are the reference.

    A model is built on first use (`defer_build`), and the docstrings become field descriptions here: pydantic's own
    `use_attribute_docstrings` searches the call stack for every class and doubles the time of importing the schema.
    """

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        validate_by_name=True,
        validate_by_alias=True,
        allow_inf_nan=False,
        defer_build=True,
    )

    either: ClassVar[frozenset[str]] = frozenset()
    """Keys of which an override that names one takes the place of another in the file it overrides."""
    written: ClassVar[str | None] = None
    """How it is written, in words, where that is not only as a mapping."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        docs = attribute_docs(cls.__module__).get(cls.__qualname__, {})
        for name, info in cls.model_fields.items():
            info.description = info.description or docs.get(name)
        generic = cls.__pydantic_generic_metadata__
        if generic["args"] and not generic["parameters"]:
            # Pickle finds a class by its name in its module: that of the generic one, whoever asked for this one first.
            cls.__module__ = generic["origin"].__module__
            setattr(sys.modules[cls.__module__], cls.__name__, cls)

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Name a generic model after the quantity it is used for, so that the JSON schema reads well."""
        return f"{cls.__name__}Of{''.join(_type_name(p) for p in params)}"


def _type_name(kind: Any) -> str:
    """Return the plain name of a type parameter."""
    for part in getattr(kind, "__metadata__", ()):
        if isinstance(part, _Reader):
            return part.name
    return getattr(kind, "__name__", None) or type(kind).__name__


MOST, LEAST = 10**15, 1e-15
"""The largest and the smallest figure above 0, in SI, that a scenario may name: far beyond use on both sides, counts are
still exact, and no product or square of a few of them leaves the range of a float."""
MOST_LETTERS, MOST_NAME_BYTES = 100, 240
"""A name may become a folder, whose length file systems count in bytes: 80 Japanese characters have 240 in UTF-8."""


class _Reader:
    """Reads one quantity from text or takes a number as it is; refuses anything outside its range."""

    def __init__(self, name: str, parse: Callable[[str], float], example: str, *, positive: bool = False) -> None:
        self.name = name
        self._parse = parse
        self._example = example
        self._positive = positive

    def __call__(self, value: Any) -> Any:
        if isinstance(value, (dict, list, tuple)):
            shape = "a mapping" if isinstance(value, dict) else "a list"
            raise SpecError(f"{shape} stands where one value is expected", f'write a value such as "{self._example}"')
        number = self._parse(value) if isinstance(value, str) else value
        if isinstance(number, (int, float)) and not isinstance(number, bool):
            self._check_range(value, number)
        return number

    def _check_range(self, written: Any, number: float) -> None:
        """Refuse a number that is too small, or too large for a fraction."""
        if number < 0 or (self._positive and number == 0):
            bound = "greater than 0" if self._positive else "at least 0"
            raise SpecError(f"{written} is not {bound}", f'write a value such as "{self._example}"')
        if self._parse is parse_count and number > MOST:
            raise SpecError(f"{written} is more than can be counted", f'write at most "{MOST:.0e}"')
        if self._parse is parse_duration and number > MOST:
            raise SpecError(f"{written} is longer than {MOST:.0e} s", "write a shorter time")
        if self._parse is not parse_fraction and number > MOST:
            raise SpecError(f"{written} is too large to simulate", f'write at most "{self._extreme("1e15")}"')
        if 0 < number < LEAST:
            raise SpecError(f"{written} is too small to tell from 0", f'write 0 or at least "{self._extreme("1e-15")}"')
        if self._parse is parse_fraction and number > 1:
            raise SpecError(f"{written} is more than 1", 'write a fraction from 0 to 1, such as "0.8" or "80 %"')


    def _extreme(self, number: str) -> str:
        """Return the bound of the range in the SI unit of the quantity."""
        return f"{number} {self.unit}".strip()


    @property
    def unit(self) -> str:
        """The SI unit in which it is written; empty for plain numbers, counts and fractions."""
        return _SI_UNITS.get(self._parse, "")


_SI_UNITS: dict[Callable[[str], float], str] = {parse_duration: "s", parse_rate: "/s", parse_data: "B", parse_bit_rate: "bit/s"}


def _quantity(
    name: str, parse: Callable[[str], float], example: str, schema: dict[str, Any], *, positive: bool = False
) -> tuple[_Reader, BeforeValidator, WithJsonSchema]:
    """Return the annotations of one quantity: its reader, named for generic models, and its JSON schema."""
    reader = _Reader(name, parse, example, positive=positive)
    return reader, BeforeValidator(reader), WithJsonSchema({**schema, "examples": [example]})


def _with_unit(units: str) -> dict[str, Any]:
    """Return the JSON schema of a number with one of some units (a regular expression)."""
    return {"type": "string", "pattern": rf"^([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)? *({units})$"}


_TIME = _with_unit("ns|us|ms|s|min|h|d")
_NUMBER: dict[str, Any] = {"type": "number", "minimum": 0}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 0}

Seconds = Annotated[float, *_quantity("Seconds", parse_duration, "20 ms", _TIME)]
PositiveSeconds = Annotated[float, *_quantity("PositiveSeconds", parse_duration, "20 ms", _TIME, positive=True)]
PerSecond = Annotated[float, *_quantity("PerSecond", parse_rate, "0.8 /s", _with_unit("/s|/min|/h|/d"))]
Bytes = Annotated[float, *_quantity("Bytes", parse_data, "2 KiB", _with_unit("B|KiB|MiB|GiB|kB|MB|GB"))]
BitsPerSecond = Annotated[
    float, *_quantity("BitsPerSecond", parse_bit_rate, "1.5 Mbit/s", _with_unit("bit/s|kbit/s|Mbit/s|Gbit/s"))
]
Fraction = Annotated[
    float,
    *_quantity(
        "Fraction",
        parse_fraction,
        "80 %",
        {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": r"^[0-9.]+ *%$"}]},
    ),
]
Number = Annotated[float, *_quantity("Number", parse_number, "0.5", _NUMBER)]
PositiveNumber = Annotated[
    float, *_quantity("PositiveNumber", parse_number, "0.5", {"type": "number", "exclusiveMinimum": 0}, positive=True)
]
Count = Annotated[int, *_quantity("Count", parse_count, "10", _COUNT)]
PositiveCount = Annotated[int, *_quantity("PositiveCount", parse_count, "10", {**_COUNT, "minimum": 1}, positive=True)]


_NAME = re.compile(r"\w[\w.-]*")


def _check_name(value: Any) -> Any:
    """Refuse a name that would not survive as a key, a folder or a path such as `network.flows.query`."""
    if not isinstance(value, str):
        return value
    if not _NAME.fullmatch(value):
        cure = 'write letters, digits, "-", "_" and "." only, such as "db-1"'
        raise SpecError(f'"{value[:40]}" is not a name', cure)
    if len(value) > MOST_LETTERS or len(value.encode()) > MOST_NAME_BYTES:
        cure = f"write at most {MOST_LETTERS} characters, {MOST_NAME_BYTES // 3} if they are Japanese"
        raise SpecError(f'"{value[:40]}..." is too long for a name', cure)
    return value


Name = Annotated[
    str,
    BeforeValidator(_check_name),
    WithJsonSchema({"type": "string", "pattern": rf"^{_NAME.pattern}$", "maxLength": MOST_LETTERS, "examples": ["db-1"]}),
]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


def _read_flag(value: Any) -> Any:
    """Read true and false and nothing else."""
    if isinstance(value, str):
        if value not in ("true", "false"):
            raise SpecError(f'"{value}" is neither true nor false', 'write "true" or "false"')
        return value == "true"
    return value


Flag = Annotated[bool, BeforeValidator(_read_flag), WithJsonSchema({"type": "boolean"})]


Status = Literal["reported", "derived", "assumed", "set"]
_SOURCES = ("assumed", "derived", "reported")


class Figure(Base, Generic[T]):
    """A number together with where it comes from.

    Written plainly (`20 ms`) it was set by the scenario's author; written as a mapping it names exactly one source:
    `{value: 20 ms, assumed: reason, range: [10 ms, 100 ms]}`, `{value: 20 ms, derived: from what}` or
    `{value: 20 ms, reported: key in the table of reported figures}`. A derived number with something assumed in it has a range
    as well.
    """

    either: ClassVar[frozenset[str]] = frozenset(_SOURCES)

    value: T
    """The number itself, in SI."""
    status: Status = "set"
    """Where it comes from: reported, derived, assumed, or set by the author of the scenario."""
    note: str | None = None
    """The reason of an assumption, the origin of a derived number or the key of a reported one."""
    range: tuple[T, T] | None = None
    """The plausible lowest and highest value, in SI; sensitivity analysis varies an assumed or derived number between them."""

    @model_validator(mode="before")
    @classmethod
    def _read_source(cls, data: Any) -> Any:
        """Turn the plain form and the three mapping forms into fields."""
        if isinstance(data, Figure):
            return data
        if not isinstance(data, dict):
            return {"value": data}
        named = [source for source in _SOURCES if source in data]
        if "status" in data and not named:
            return data
        if len(named) > 1:
            what = f'a number cannot be both "{named[0]}" and "{named[1]}"'
            raise SpecError(what, "keep the one that is true", (named[1],), at_key=True)
        if not named and not isinstance(data.get("value"), str):
            return data
        if not named:
            raise SpecError("a number written as a mapping names no source", 'add "assumed", "derived" or "reported"')
        rest = {key: value for key, value in data.items() if key != named[0]}
        return {**rest, "status": named[0], "note": data[named[0]]}

    @model_validator(mode="after")
    def _check_source(self) -> Self:
        """Require the reason and the range that the status calls for."""
        if self.status != "set" and not (self.note or "").strip():
            raise SpecError(f'"{self.status}" says nothing', "write the reason or the source", (self.status,))
        if self.status == "assumed" and self.range is None:
            raise SpecError("an assumed number has no range", 'add "range: [lowest, highest]"')
        if self.range is not None:
            low, high = self.range
            if not low <= self.value <= high:  # type: ignore[operator]  # every T in use is a number
                cure = "change the value, or write a range [lowest, highest] that holds it"
                raise SpecError("the value lies outside its range", cure, ("range",))
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Describe the plain form and the mapping form that files use."""
        schema = handler(core_schema)
        fields = handler.resolve_ref_schema(schema)
        properties = fields.pop("properties")
        value = {key: part for key, part in properties["value"].items() if key != "title"}
        sources = {source: {"type": "string", "description": properties["note"]["description"]} for source in _SOURCES}
        mapping = {
            "type": "object",
            "properties": {"value": properties["value"], **sources, "range": properties["range"]},
            "required": ["value"],
            "oneOf": [{"required": [source]} for source in _SOURCES],
            "additionalProperties": False,
        }
        for key in ("type", "required", "additionalProperties"):
            fields.pop(key, None)
        fields["anyOf"] = [value, mapping]
        return schema


def in_si(figure: Figure[Any], number: float) -> str:
    """Return a number of a figure's kind as a scenario has it, such as "0.02 s"; read again it is the same to the last bit."""
    readers = [part for part in type(figure).model_fields["value"].metadata if isinstance(part, _Reader)]
    return f"{number!r} {readers[0].unit if readers else ''}".strip()


def check_sum(values: Iterable[float], noun: str, at: Path) -> None:
    """Raise SpecError unless probabilities sum to 1 within 1e-9."""
    wrong = wrong_sum(values)
    if wrong is not None:
        raise SpecError(f"{noun} {wrong}", "change them so that they sum to 1", at)


def wrong_sum(values: Iterable[float]) -> str | None:
    """Return what is wrong with the sum of probabilities, or None where it is 1 within 1e-9."""
    total = math.fsum(values)
    return None if abs(total - 1.0) <= 1e-9 else f"sum to {total:.10g}, not to 1"
