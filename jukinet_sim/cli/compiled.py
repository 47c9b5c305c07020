"""Whether what the fast engine needs is in numba's cache, so that a first run can say why it takes a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jukinet_sim.network.model import Network


def is_compiled(network: Network, keep_rows: bool) -> bool:
    """Tell whether all that this network needs will be found compiled; True where that cannot be told."""
    from jukinet_sim.compiled import is_cached
    from jukinet_sim.engine.fast.loop import loop
    from jukinet_sim.engine.program import compile_program

    program = compile_program(network)
    if not is_cached(loop(not program.lean, keep_rows)):
        return False
    if not program.rich:
        return True
    from jukinet_sim.engine.fast.calls import FUNCTIONS

    return all(is_cached(function) for function in FUNCTIONS.values())
