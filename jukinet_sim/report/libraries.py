"""Libraries that only some outputs need: loaded when they are asked for, and missed in words that say what to install."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from jukinet_sim.base.errors import UsageError


def library(name: str, extra: str, package: str | None = None) -> Any:
    """Return a module that an extra of the package brings; `package` is what it is installed by, if not its name.

    Raises UsageError where it is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.partition(".")[0]:
            raise
        package = package or name
        raise UsageError(f"{package} is not installed; pip install 'jukinet-sim[{extra}]', or {package} alone") from None
