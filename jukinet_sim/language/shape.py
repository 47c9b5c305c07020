"""What the schema allows at a path of a scenario: the alternatives of a key, found by walking the model classes.

A set of alternatives is a tuple of plain types; the empty tuple means that the schema knows nothing there.
"""

from __future__ import annotations

import types
from typing import Annotated, Any, Union, get_args, get_origin

from jukinet_sim.language.base import Base

Kinds = tuple[Any, ...]


def alternatives(annotation: Any) -> Kinds:
    """Return the plain types an annotation allows, with Annotated, Optional and unions taken apart."""
    origin: Any = get_origin(annotation)
    if origin is Annotated:
        return alternatives(get_args(annotation)[0])
    if origin in (Union, types.UnionType):
        return tuple(kind for part in get_args(annotation) for kind in alternatives(part))
    return () if annotation is type(None) else (annotation,)


def models(kinds: Kinds) -> list[type[Base]]:
    """Return those alternatives that are models."""
    return [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Base)]


def keys_of(model: type[Base]) -> dict[str, Any]:
    """Return the keys a model has in a file, with the annotation of each."""
    fields = {info.alias or name: info.annotation for name, info in model.model_fields.items()}
    return {**dict.fromkeys(model.either, str), **fields}


def known_keys(kinds: Kinds) -> set[str]:
    """Return every key that one of the alternatives knows by name."""
    return {key for model in models(kinds) for key in keys_of(model)}


def takes_any_key(kinds: Kinds) -> bool:
    """Tell whether keys are names that the author chooses."""
    origins: list[Any] = [get_origin(kind) for kind in kinds]
    return dict in origins


def inside(kinds: Kinds, key: str) -> Kinds:
    """Return what is allowed below a key, or at a position of a list."""
    found: list[Any] = []
    for kind in kinds:
        origin: Any = get_origin(kind)
        args = get_args(kind)
        if isinstance(kind, type) and issubclass(kind, Base):
            found.extend(alternatives(keys_of(kind).get(key, type(None))))
        elif origin is dict:
            found.extend(alternatives(args[1]))
        elif origin in (tuple, list):
            found.extend(alternatives(args[0]))
    return tuple(dict.fromkeys(found))
