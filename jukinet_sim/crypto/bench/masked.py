"""The machine at hand measured as it is, or without instructions that processors of earlier years did not have.

The mask is read when the library is loaded, so that measuring with one takes a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from jukinet_sim.base.errors import JukinetError
from jukinet_sim.crypto.bench.host import MASK
from jukinet_sim.crypto.costs.card import Card
from jukinet_sim.crypto.costs.document import card_of, document

_CODE = "import sys; from jukinet_sim.crypto.bench.masked import child; child(float(sys.argv[1]), sys.argv[2:])"


def measure(seconds: float, names: Sequence[str] = ()) -> Card:
    """Measure this machine with these suites, or all that it can carry out, for so many seconds and return its card."""
    import datetime as dt

    from jukinet_sim.crypto.bench.measured import measured_card
    from jukinet_sim.crypto.bench.points import points_of, thinned
    from jukinet_sim.crypto.bench.run import bench
    from jukinet_sim.crypto.suites import suite, suites

    wanted = tuple(map(suite, names)) or tuple(one for one in suites() if one.available() is None)
    points = thinned([point for one in wanted for point in points_of(one)])
    return measured_card(bench(wanted, points, (), seconds), day=dt.date.today())


def measure_masked(seconds: float, mask: str, names: Sequence[str] = ()) -> Card:
    """Measure with the instructions that a mask leaves (`:0:0:0:0` leaves what processors had in 2012: AVX, AES, no AVX2).

    Raises JukinetError where the process that measures fails.
    """
    done = subprocess.run(
        [sys.executable, "-c", _CODE, str(seconds), *names], env={**os.environ, MASK: mask}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    if done.returncode:
        raise JukinetError(f"measuring with {MASK}={mask} failed: {done.stderr.strip().splitlines()[-1:] or 'no message'}")
    return card_of(json.loads(done.stdout), f"{MASK}={mask}")


def child(seconds: float, names: Sequence[str]) -> None:
    """Measure and print the card: what the process with the mask does."""
    print(json.dumps(document(measure(seconds, names))))
