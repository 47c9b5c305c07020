"""Memory that a timed process keeps: handing it back and forth is the system's work, and no operation of a suite.

glibc gives memory at the top of its heap back after each large message and asks for it anew with the next; touching it takes a
page fault each 4 KiB, which made a quarter of the time of a signed file of 1 MB.
"""

from __future__ import annotations

import ctypes

_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
"""Numbers of glibc's malloc.h."""
_KEPT_BYTES = 2**25


def keep_memory() -> None:
    """Have the allocator of this process hold on to what it was given, from now on; where it is not glibc's, do nothing."""
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError, TypeError):
        return
    for parameter in (_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD):
        mallopt(parameter, _KEPT_BYTES)
