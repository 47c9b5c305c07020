"""Values of Python to the texts that a scenario or an option would have, so that both ways of asking mean the same."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
from collections.abc import Iterable, Mapping
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.verbs.compare import variant_of

Texts = str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None
"""One text or path, several, or none."""
Settings = Mapping[str, Any] | str | Iterable[str] | None
"""Keys with their values, or texts such as `run.seed=2`."""
_QUOTING = ('"', "'", "{", "[", "(")


def texts(given: Texts) -> list[str]:
    """Return one text or several as a list."""
    if given is None:
        return []
    return [os.fspath(given)] if isinstance(given, (str, os.PathLike)) else [os.fspath(one) for one in given]


def text_of(value: Any) -> str:
    """Return a value as a scenario would have it: 3 as `3`, True as `true`, None as `null`, nested ones in brackets.

    Raises UsageError for what no scenario can hold.
    """
    plain = _plain(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; numbers of numpy become numbers, dates and paths texts."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise UsageError(f"{value} is no value that a scenario can hold; write a finite number")
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat(" ") if isinstance(value, dt.datetime) else value.isoformat()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if hasattr(value, "item"):
        return _plain(value.item())
    what = f"a scenario holds texts, numbers, lists and mappings, and this is a {type(value).__name__}: {value!r}"
    raise UsageError(f'{what}; write its text, such as "35 ms"')


def settings(given: Settings) -> list[str]:
    """Return settings as texts `key=value`. Raises UsageError."""
    if isinstance(given, Mapping):
        return [f"{key}={text_of(value)}" for key, value in given.items()]
    return texts(given)


def axes(given: Settings) -> list[str]:
    """Return what is to be varied as texts `key=a,b,c` or `key=low..high`. Raises UsageError.

    A mapping has a list of values for each key, or the text of a range such as `1..4`.
    """
    if not isinstance(given, Mapping):
        return texts(given)
    return [f"{key}={_values(key, values)}" for key, values in given.items()]


def _values(key: str, values: Any) -> str:
    if isinstance(values, str):
        return values
    if isinstance(values, Mapping) or not isinstance(values, Iterable):
        return text_of(values)
    listed = [_in_list(value) for value in values]
    if not listed:
        raise UsageError(f'vary: {key} has no values; write such as {{"{key}": [1, 2, 3]}} or {{"{key}": "1..3"}}')
    return ",".join(listed)


def _in_list(value: Any) -> str:
    """Return a value of a list; one that holds a comma is quoted, so that it stays one value."""
    text = text_of(value)
    return json.dumps(text, ensure_ascii=False) if "," in text and not text.startswith(_QUOTING) else text


def variants(given: Settings | Iterable[Mapping[str, Any] | str]) -> list[list[str]]:
    """Return the words of each variant: of one mapping or text, or of several. Raises UsageError."""
    if given is None:
        return []
    several = [given] if isinstance(given, (str, Mapping)) else list(given)
    return [variant_of(one) if isinstance(one, str) else settings(one) for one in several]


def costs(given: Settings) -> list[str]:
    """Return what one unit of a key costs as `key=cost`, or the name of a measure. Raises UsageError."""
    return settings(given)


def share(given: str | float | None) -> str | None:
    """Return a share such as 0.95 or "95 %" as a text."""
    return None if given is None else text_of(given)


def per_year(given: str | float | None) -> str | None:
    """Return growth such as 0.217 or "21.7%/year" as a text."""
    return given if given is None or isinstance(given, str) else f"{text_of(given)}/year"
