"""What is compiled is compiled once: the engine before several processes run the tests, and what tests start as bytecode."""

from __future__ import annotations

import os
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
    # Hundreds of processes are started by tests, and each would read all sources anew where Python may not keep bytecode.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    config = session.config
    is_worker, processes = hasattr(config, "workerinput"), config.getoption("tx", None) or ()
    if is_worker or len(processes) < 2 or config.getoption("collectonly"):
        return
    command = [sys.executable, "-m", "tests.compiling"]
    parts = [subprocess.Popen([*command, part], cwd=ROOT, stderr=subprocess.DEVNULL) for part in PARTS]
    for part in parts:
        part.wait()
