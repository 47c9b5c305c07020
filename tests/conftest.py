"""What is compiled is compiled once: the engine before several processes run the tests, and what tests start as bytecode."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

from jukinet_sim.cli.app import OBJECTS_PER_COLLECTION
from tests.compiling import PARTS

ROOT = Path(__file__).resolve().parents[1]
# Tests carry out commands in their own process, for which a command would do the same: see `jukinet_sim.cli.app.main`.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
gc.set_threshold(OBJECTS_PER_COLLECTION)


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


def pytest_collection_finish() -> None:
    """Let thousands of tests, which stay to the end, be looked through no more."""
    gc.freeze()
