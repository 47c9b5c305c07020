"""Charts as data within a page: JSON in which no name can end the element that holds it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from jukinet_sim.report.charts.plot import Plot, Row
from jukinet_sim.report.charts.theme import config
from jukinet_sim.report.messages.say import LANGUAGES

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def payload(plots: Iterable[Plot]) -> Markup:
    """Return the data of all charts of a page as the text of a script element that is no script."""
    value = {
        "config": config(None),
        "plots": {plot.name: {"columns": columns(plot.data()), "spec": _specs(plot)} for plot in plots},
    }
    written = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character, escape in _ESCAPES.items():
        written = written.replace(character, escape)
    return Markup(written)


def _specs(plot: Plot) -> dict[str, Any]:
    return {language: plot.spec(language) for language in LANGUAGES}


def columns(rows: Iterable[Row]) -> Mapping[str, Any]:
    """Return rows as columns, of which those with few different texts are numbers into a table of these texts."""
    listed = list(rows)
    keys = dict.fromkeys(key for row in listed for key in row)
    return {key: _column([row.get(key) for row in listed]) for key in keys}


def _column(values: list[Any]) -> Any:
    """Return a column as it is, or as `{words, codes}` where its texts repeat."""
    words = list(dict.fromkeys(values))
    if len(words) * 2 > len(values) or not any(isinstance(word, str) for word in words):
        return values
    codes = {word: number for number, word in enumerate(words)}
    return {"words": words, "codes": [codes[value] for value in values]}
