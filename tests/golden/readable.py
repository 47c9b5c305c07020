"""Descriptions as text that a person can compare line by line and that loses no bit."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

import numpy as np

WIDTH = 120


def plain(part: Any) -> Any:
    """Turn a description into mappings by field name, under `is` the kind of description, and arrays into lists.

    What has its default is left out, so that a description may be given further fields. JSON writes a float with as many
    digits as it takes to read the same bits back.
    """
    if is_dataclass(part):
        every = [(field, getattr(part, field.name)) for field in fields(part)]
        return {"is": type(part).__name__} | {f.name: plain(value) for f, value in every if not _is_usual(f, value)}
    if isinstance(part, np.ndarray):
        return part.tolist()
    return [plain(each) for each in part] if isinstance(part, tuple) else part


def _is_usual(field: Field[Any], value: Any) -> bool:
    """Whether a part of a description is what it is when left out."""
    if isinstance(value, np.ndarray) or (field.default is MISSING and field.default_factory is MISSING):
        return False
    return bool(value == (field.default if field.default is not MISSING else field.default_factory()))  # type: ignore[misc]


def written(data: Any, indent: str = "") -> str:
    """Write plain data as JSON, each part on one line where it fits, else one entry on a line."""
    whole = json.dumps(data)
    if len(indent) + len(whole) <= WIDTH or not isinstance(data, Mapping | Sequence) or isinstance(data, str):
        return whole
    inside = indent + "  "
    if isinstance(data, Mapping):
        entries = [f"{json.dumps(name)}: {written(value, inside)}" for name, value in data.items()]
        return "{\n" + inside + f",\n{inside}".join(entries) + "\n" + indent + "}"
    return "[\n" + inside + f",\n{inside}".join(written(value, inside) for value in data) + "\n" + indent + "]"
