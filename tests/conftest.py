"""Where several processes run the tests, the engine is compiled before they start: otherwise each would do it for itself."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.compiling import PARTS

ROOT = Path(__file__).resolve().parents[1]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the parts of the engine side by side; what is compiled already takes a second.

    A part that fails fails again, and is told of, in the tests that need it.
    """
    config = session.config
    is_worker, processes = hasattr(config, "workerinput"), config.getoption("tx", None) or ()
    if is_worker or len(processes) < 2 or config.getoption("collectonly"):
        return
    command = [sys.executable, "-m", "tests.compiling"]
    parts = [subprocess.Popen([*command, part], cwd=ROOT, stderr=subprocess.DEVNULL) for part in PARTS]
    for part in parts:
        part.wait()
