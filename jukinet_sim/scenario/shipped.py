"""Where the scenarios that come with the program are."""

from __future__ import annotations

import os
from pathlib import Path

from jukinet_sim.scenario.named_files import is_file


def shipped_folder() -> Path:
    """Return the folder of the shipped scenarios: inside an installed package, beside it in a source checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def found(scenario: str) -> str:
    """Return the file that a name means: itself, or the shipped scenario of that bare name where no such file is here."""
    shipped = shipped_folder() / scenario
    return str(shipped) if Path(scenario).name == scenario and not os.path.lexists(scenario) and is_file(shipped) else scenario
