"""A document of a command that lists or explains, to what is printed of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from jukinet_sim.cli.boundary import OK

if TYPE_CHECKING:
    from jukinet_sim.report.terminal import Table


def print_document(document: Mapping[str, Any], lines: Iterable[str | Table], *, as_json: bool) -> int:
    """Print a document, with the version it was made by, or its tables; return the exit code."""
    from jukinet_sim import __version__
    from jukinet_sim.report.terminal import show

    if as_json:
        print(json.dumps({**document, "version": __version__}, allow_nan=False, ensure_ascii=False))
    else:
        show(lines, sys.stdout)
    return OK
