"""Processes of one command that may be killed: only those that were started here, and their own children."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
from pathlib import Path

_PROC = Path("/proc")


def workers(main: int) -> list[int]:
    """Return the worker processes of a command: its children that carry out work, not those that keep its books."""
    found = []
    for task in (_PROC / str(main) / "task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(word) for word in task.read_text().split()]
    return sorted(child for child in found if b"spawn_main" in _command_line(child))


def _command_line(process: int) -> bytes:
    try:
        return (_PROC / str(process) / "cmdline").read_bytes()
    except OSError:
        return b""


def kill_one(command: subprocess.Popen[bytes], chance: random.Random) -> str | None:
    """Kill the command itself or one of its workers; return which, None where it was over already."""
    at_work = workers(command.pid)
    if at_work and chance.random() < 0.5:
        return "worker" if _kill_child(chance.choice(at_work), command.pid) else None
    if command.poll() is not None:
        return None
    command.send_signal(signal.SIGKILL)
    return "main" if command.wait() == -signal.SIGKILL else None


def _kill_child(process: int, parent: int) -> bool:
    """Kill a process if it is still this parent's child: held by a descriptor, its number cannot pass to another one."""
    try:
        held = os.pidfd_open(process)
    except OSError:
        return False
    try:
        if process not in workers(parent):
            return False
        signal.pidfd_send_signal(held, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False
    finally:
        os.close(held)


def group_is_empty(group: int) -> bool:
    """Whether no process of a group is left but those that are over, of which nobody has taken note yet.

    An orphan that is over waits for the first process of the machine, which may look a second later.
    """
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return _PROC.is_dir() and not any(_lives_in(group, process) for process in _PROC.glob("[0-9]*"))


def _lives_in(group: int, process: Path) -> bool:
    """Whether a process belongs to a group and is not over."""
    try:
        state, _, its_group, *_ = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return int(its_group) == group and state not in "ZX"
