"""A key of a scenario, or a calendar profile, to the lines that explain it: meaning, kind, default, value, source, place.

Everything is read from the models' own docstrings and from the node tree; no key is known here by name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.language.base import Base, Figure
from jukinet_sim.language.shape import Kinds, alternatives, inside, known_keys, models, takes_any_key
from jukinet_sim.report.kinds import describe_field, show_value
from jukinet_sim.scenario.loaded import Loaded, where
from jukinet_sim.scenario.schema import Scenario

_ABSENT = object()
ANY_NAME = "NAME"
"""Stands for whatever name an author chose, as in `network.stations.NAME.servers`."""


@dataclass(frozen=True)
class Found:
    """What stands at a path: the fields of the schema there (several where kinds differ), the types, and the value."""

    fields: tuple[FieldInfo, ...]
    kinds: Kinds
    value: Any
    named_by_author: bool


def top_keys() -> list[str]:
    """Return a line for each key that a scenario file may have at its top."""
    return ["A scenario file has these keys; `jukinet explain KEY` says more.", "", *_children((Scenario,))]


def explain(key: str, loaded: Loaded) -> list[str]:
    """Return the lines that explain a dotted key in a scenario; UsageError with the nearest key where there is none."""
    found = _find(key, loaded)
    lines = [key]
    lines += [f"  {doc}" for doc in dict.fromkeys(_meanings(found))]
    for field in found.fields[:1]:
        lines.append(f"  kind      {describe_field(field)}")
        lines.append(f"  default   {default_of(field)}")
    lines += [f"  {line}" for line in _in_scenario(key, found, loaded)]
    if not _is_figure(found.kinds):
        children = _children(found.kinds)
        lines += ["", "Below it:", *children] if children else []
    return lines


def _find(key: str, loaded: Loaded) -> Found:
    """Walk the schema and the scenario's values along a dotted path; names may contain dots."""
    kinds: Kinds = (Scenario,)
    value: Any = loaded.scenario
    fields: tuple[FieldInfo, ...] = ()
    named = False
    parts = key.split(".")
    while parts:
        if _is_list_of_models(kinds) and not _is_number(parts[0]):
            kinds, value = inside(kinds, "0"), _ABSENT  # without a number the entries of a list are meant, whichever
        name, rest = _next(parts, value)
        named = takes_any_key(kinds) and name not in known_keys(kinds)
        if not _allowed(name, kinds, value):
            raise _unknown(name, key, parts, kinds, value)
        kinds = _of_value(kinds, value, name)
        fields = tuple(_fields(kinds, name))
        listed = isinstance(value, tuple)
        kinds, value, parts = inside(kinds, name), _by_name(value).get(name, _ABSENT), rest
        if listed:
            # An entry of a list is of one kind; a key such as `arrivals` is explained with every kind it could have.
            kinds = _of_value(kinds, value)
    return Found(fields, kinds, value, named)


def _of_value(kinds: Kinds, value: Any, name: str | None = None) -> Kinds:
    """Return only the type of the value, where it is one of the kinds and knows the name; else all the kinds."""
    own: Kinds = (type(value),)
    return own if own[0] in models(kinds) and (name is None or name in known_keys(own)) else kinds


def _by_name(value: Any) -> dict[str, Any]:
    """Return what lies below a value by name; numbers that are keys are named as they are written."""
    if isinstance(value, dict):
        return {str(key): below for key, below in value.items()}
    if isinstance(value, tuple):
        return {str(i): below for i, below in enumerate(value)}
    if isinstance(value, Base):
        return {info.alias or name: getattr(value, name) for name, info in type(value).model_fields.items()}
    return {}


def _next(parts: list[str], value: Any) -> tuple[str, list[str]]:
    """Return the name that a path goes on with: the longest that the scenario knows, else up to the next dot."""
    if isinstance(value, dict):
        for length in range(len(parts), 0, -1):
            name = ".".join(parts[:length])
            if name in _by_name(value):
                return name, parts[length:]
    return parts[0], parts[1:]


def _allowed(name: str, kinds: Kinds, value: Any) -> bool:
    """Tell whether a name may follow; where authors choose the names, it must be one they chose, if they chose any."""
    if name in known_keys(kinds):
        return True
    if takes_any_key(kinds):
        return name == ANY_NAME or not (isinstance(value, dict) and value) or name in _by_name(value)
    if _is_number(name) and any(_is_list(kind) for kind in kinds):
        return not isinstance(value, tuple) or int(name) < len(value)
    return False


def _unknown(name: str, key: str, parts: list[str], kinds: Kinds, value: Any) -> UsageError:
    """Return the error for a name that may not follow, with the nearest one that may."""
    known = known_keys(kinds) | (set(_by_name(value)) if isinstance(value, (dict, tuple)) else set())
    before = key.removesuffix(".".join(parts)).rstrip(".")
    place = f'below "{before}"' if before else "in a scenario"
    return UsageError(f'there is no "{name}" {place}; {one_of(name, known, "shorten the key: nothing lies below")}')


def _fields(kinds: Kinds, name: str) -> Iterator[FieldInfo]:
    """Yield the field of that name of each model among the alternatives."""
    for model in models(kinds):
        for field_name, info in model.model_fields.items():
            if name == (info.alias or field_name):
                yield info


def _meanings(found: Found) -> Iterator[str]:
    """Yield what the fields say about themselves, or, at a name the author chose, what such a thing is."""
    for field in found.fields:
        if field.description:
            yield " ".join(field.description.split())
    if not found.fields:
        for model in models(found.kinds):
            if model.__doc__ and not issubclass(model, Figure):
                yield " ".join(model.__doc__.split())


def _is_list(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin in (tuple, list)


def _is_list_of_models(kinds: Kinds) -> bool:
    return any(_is_list(kind) for kind in kinds) and bool(models(inside(kinds, "0")))


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit()


def _is_figure(kinds: Kinds) -> bool:
    return any(issubclass(model, Figure) for model in models(kinds))


def default_of(field: FieldInfo) -> str:
    """Return the default of a field as an author would write it."""
    if field.is_required():
        return "none: it must be given"
    default = field.get_default(call_default_factory=True)
    if default is PydanticUndefined or default is None:
        return "left out"
    return show_value(default, field.annotation, tuple(field.metadata))


def _in_scenario(key: str, found: Found, loaded: Loaded) -> Iterator[str]:
    """Yield the value in the scenario, where it is set, and for a figure where it comes from."""
    file = loaded.sources[0]
    position = where(loaded, key)
    if found.value is _ABSENT:
        yield f"in file   not used in {file}"
        return
    field = found.fields[0] if found.fields else None
    annotation = None if field is None else field.annotation
    yield f"value     {show_value(found.value, annotation, () if field is None else tuple(field.metadata))}"
    yield f"set at    {position}" if position is not None else f"set at    not set in {file}: the default"
    if isinstance(found.value, Figure):
        yield from _source(found.value)


def _source(figure: Figure[Any]) -> Iterator[str]:
    """Yield where a figure comes from, and its plausible range."""
    if figure.status == "set":
        yield "source    set by the author of the scenario; nobody vouches for it"
        return
    yield f"source    {figure.status}: {figure.note}"
    printed = DOMAIN.printed(figure.note or "") if figure.status == "reported" else None
    if printed is not None:
        yield f"printed   {printed}"
    if figure.range is not None:
        inner = type(figure).model_fields["value"]
        low, high = (show_value(end, inner.annotation, tuple(inner.metadata)) for end in figure.range)
        yield f"range     {low} to {high}"


def _children(kinds: Kinds) -> list[str]:
    """Return a line for each key below some types: its name and the first sentence about it."""
    found: dict[str, str] = {}
    for model in models(kinds):
        for name, info in model.model_fields.items():
            found.setdefault(info.alias or name, _first_sentence(info.description or ""))
    for kind in kinds:
        if takes_any_key((kind,)):
            inner = [m for m in models(alternatives(get_args(kind)[1])) if not issubclass(m, Figure)]
            if inner:
                found.setdefault("NAME", _first_sentence(inner[0].__doc__ or ""))
    width = max((len(name) for name in found), default=0)
    return [f"  {name:<{width}}  {text}" for name, text in found.items()]


def _first_sentence(text: str) -> str:
    """Return the text up to its first full stop that ends a sentence."""
    joined = " ".join(text.split())
    return joined.split(". ")[0].rstrip(".")
