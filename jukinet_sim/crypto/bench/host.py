"""What machine this is, as a card says it: processor, instructions that the library may use, the library itself."""

from __future__ import annotations

import os
import platform
from pathlib import Path

MASK = "OPENSSL_ia32cap"
"""The variable by which OpenSSL is told to do without instructions of x86 processors."""


def processor() -> str:
    """Return the name of the processor."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def instruction_set() -> str:
    """Return which instructions the library may use: all, or what the mask leaves."""
    mask = os.environ.get(MASK, "")
    return f"{platform.machine()}, masked by {MASK}={mask}" if mask else f"{platform.machine()}, all that the processor has"


def library() -> str:
    """Return the versions of the library and of what it rests on."""
    from importlib.metadata import version

    from jukinet_sim.crypto.library import part

    beneath = part("hazmat.backends.openssl.backend").backend.openssl_version_text()
    return f"cryptography {version('cryptography')}, {beneath}"
