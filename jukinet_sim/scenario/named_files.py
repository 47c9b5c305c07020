"""Whether a file that somebody named is there, and whether it lies where a scenario may name it; no name raises."""

from __future__ import annotations

import os
from pathlib import Path

from jukinet_sim.base.regular_files import is_regular


def is_file(path: Path) -> bool:
    """Tell whether a path leads to a regular file; a name that no file can have leads nowhere.

    A file in a folder that may not be searched counts as there: reading it says why it cannot be read.
    """
    try:
        os.stat(path)
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False
    return is_regular(path)


def is_missing(path: Path) -> bool:
    """Tell whether there is nothing to read under this name; what is there and no regular file is refused when read."""
    return is_folder(path) or not (is_file(path) or os.path.exists(path) or os.path.islink(path))


def is_folder(path: Path) -> bool:
    """Tell whether a path leads to a folder that may be looked into."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def leaves(folder: Path, name: str) -> bool:
    """Tell whether a name leads out of a folder (absolute, links followed), as `../x.csv`, `/x.csv` and some links do."""
    try:
        return not (folder / name).resolve().is_relative_to(folder)
    except (OSError, RuntimeError, ValueError):
        # A circle of links or a name that no file can have leads nowhere at all.
        return False
