"""Whether the fast engine's loop is in numba's cache, so that a first run can say why it takes a while."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jukinet_sim.network.model import Network


def is_compiled(network: Network, keep_rows: bool) -> bool:
    """Tell whether the loop that this network needs will be found compiled; True where that cannot be told."""
    from jukinet_sim.engine.fast.loop import loop
    from jukinet_sim.engine.program import compile_program

    compiled = loop(not compile_program(network).lean, keep_rows)
    index = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    try:
        # The index answers with nothing when the sources have changed since; there is no public question for that.
        return index is None or bool(index._load_index())
    except Exception:
        return True
