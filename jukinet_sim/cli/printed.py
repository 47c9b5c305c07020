"""A document of a command that lists or explains, to what is printed of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from jukinet_sim.cli.boundary import OK
from jukinet_sim.cli.options import Language

if TYPE_CHECKING:
    from jukinet_sim.report.terminal import Table


def print_document(document: Mapping[str, Any], lines: Iterable[str | Table], lang: Language, *, as_json: bool) -> int:
    """Print a document, with the version it was made by, or its tables in a language; return the exit code."""
    from jukinet_sim import __version__

    if as_json:
        print(json.dumps({**document, "version": __version__}, allow_nan=False, ensure_ascii=False))
    else:
        print_lines(lines, lang)
    return OK


def print_lines(lines: Iterable[str | Table], lang: Language) -> None:
    """Print lines and tables in a language."""
    from jukinet_sim.report.terminal import show
    from jukinet_sim.report.translated import translated

    show(translated(lines, lang), sys.stdout)
