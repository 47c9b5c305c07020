"""What may stand at a key, in words: "a time with its unit (ns us ms s min h d), such as 20 ms"."""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import WithJsonSchema
from pydantic.fields import FieldInfo

from jukinet_sim.base.units import format_bit_rate, format_data, format_duration, format_fraction, format_rate
from jukinet_sim.language.base import Base, Figure

_FORMATS = {
    "ns": format_duration,
    "/s": format_rate,
    "B": format_data,
    "bit/s": format_bit_rate,
}
_PLAIN = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
_UNITS = re.compile(r"\(([^()]+)\)\$$")


def describe_field(field: FieldInfo) -> str:
    """Return what a field of a model may hold."""
    return _describe(field.annotation, tuple(field.metadata))


def _describe(annotation: Any, metadata: tuple[Any, ...] = ()) -> str:
    """Return what a type may hold; annotations that carry a JSON schema say it best."""
    for part in metadata:
        if isinstance(part, WithJsonSchema) and part.json_schema:
            return _of_schema(part.json_schema)
    if hasattr(annotation, "__metadata__"):
        return _describe(annotation.__origin__, annotation.__metadata__)
    origin: Any = get_origin(annotation)
    if origin in (Union, types.UnionType):
        return _either(annotation)
    if origin is Literal:
        return "one of " + ", ".join(str(word) for word in get_args(annotation))
    if origin is dict:
        keys, values = get_args(annotation)
        named_by = "numbers" if _describe(keys).startswith(_PLAIN[int]) else "names"
        return f"a mapping from {named_by} to {_describe(values)}"
    if origin in (tuple, list):
        return f"a list, each entry {_describe(get_args(annotation)[0])}"
    if isinstance(annotation, type) and issubclass(annotation, Figure):
        return _describe(annotation.model_fields["value"].annotation, tuple(annotation.model_fields["value"].metadata))
    if isinstance(annotation, type) and issubclass(annotation, Base):
        if annotation.written is not None:
            return annotation.written
        return "a mapping with " + ", ".join(info.alias or name for name, info in annotation.model_fields.items())
    return _PLAIN.get(annotation, "a value")


def _either(annotation: Any) -> str:
    """Return the alternatives of a union; kinds told apart by one key are named by that key."""
    parts = [part for part in get_args(annotation) if part is not type(None)]
    described = list(dict.fromkeys(_describe(part) for part in parts))
    tags = [part.__metadata__[-1].tag.lstrip("?") for part in parts if _is_tagged(part)]
    if len(tags) == len(parts) > 2:
        return "a mapping of one kind: " + ", ".join(tags)
    return " or ".join(described)


def _is_tagged(part: Any) -> bool:
    return isinstance(getattr(getattr(part, "__metadata__", (None,))[-1], "tag", None), str)


def _of_schema(schema: Mapping[str, Any]) -> str:
    """Return a JSON schema of one value in words."""
    examples = schema.get("examples", [])
    such_as = f", such as {' or '.join(str(example) for example in examples)}" if examples else ""
    units = _UNITS.search(schema.get("pattern", ""))
    if "anyOf" in schema:
        return " or ".join(_of_schema(part) for part in schema["anyOf"]) + such_as
    if "const" in schema:
        return str(schema["const"])
    if units is not None:
        return f"a number with its unit ({units[1].replace('|', ' ')}){such_as}"
    if schema.get("format") == "date":
        return f"a date{such_as}"
    words = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "string": "text"}
    if "%" in schema.get("pattern", ""):
        return f"a percentage{such_as}"
    least = f" of at least {schema['minimum']}" if schema.get("minimum") else ""
    least = least or (f" above {schema['exclusiveMinimum']}" if "exclusiveMinimum" in schema else "")
    return words.get(schema.get("type", ""), "a value") + least + such_as


def show_value(value: Any, annotation: Any, metadata: tuple[Any, ...] = ()) -> str:
    """Return a value of a scenario as its author would write it, in the unit of its type."""
    if isinstance(value, Figure):
        inner = type(value).model_fields["value"]
        return show_value(value.value, inner.annotation, tuple(inner.metadata))
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _show_number(value, _schema_of(annotation, metadata))
    if isinstance(value, int):
        return f"{value}"
    if isinstance(value, Base):
        names = [
            info.alias or name for name, info in type(value).model_fields.items() if name in value.model_fields_set
        ]
        return "{" + ", ".join(f"{name}: ..." for name in names) + "}"
    if isinstance(value, dict) and not value:
        return "empty"
    if isinstance(value, dict):
        return f"{len(value)} entries: " + ", ".join(map(str, list(value)[:12])) + (", ..." if len(value) > 12 else "")
    if isinstance(value, tuple):
        return f"{len(value)} entries" if value else "an empty list"
    return str(value) or "empty"


def _schema_of(annotation: Any, metadata: tuple[Any, ...]) -> Mapping[str, Any]:
    """Return the JSON schema that a type carries; that of its first alternative where it is a union."""
    for part in (*metadata, *getattr(annotation, "__metadata__", ())):
        if isinstance(part, WithJsonSchema) and part.json_schema:
            return part.json_schema
    for part in get_args(annotation):
        found = _schema_of(part, ())
        if found:
            return found
    return {}


def _show_number(value: float, schema: Mapping[str, Any]) -> str:
    """Return a float in the unit its JSON schema speaks of."""
    units = _UNITS.search(schema.get("pattern", ""))
    first = units[1].split("|")[0] if units else ""
    if first in _FORMATS:
        return _FORMATS[first](value)
    examples = [str(example) for example in schema.get("examples", [])]
    if any(example.endswith("%") for example in examples):
        return format_fraction(value)
    if any(example.endswith((" s", " h", " ms")) for example in examples):
        return format_duration(value)
    return f"{value:.6g}"
