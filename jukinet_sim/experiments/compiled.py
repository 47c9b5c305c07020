"""Whether what the fast engine needs is in numba's cache, and how it gets there before a first run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jukinet_sim.network.model import Network

NOT_KEPT = (
    "nothing that is compiled can be kept, as neither the folder of the package nor a cache folder of yours can be written "
    "to, so each run compiles anew, in each of its processes; NUMBA_CACHE_DIR=DIR names a folder that can"
)


def compile_kept(network: Network, *, keep_rows: bool, tell: Callable[[str], None]) -> None:
    """Compile what the fast engine lacks for this network, if anything, and `tell` of it first."""
    if not can_keep():
        tell(f"the fast engine is being compiled, which takes up to a minute: {NOT_KEPT}")
    elif not is_compiled(network, keep_rows):
        tell("the fast engine is being compiled for networks of this kind: this takes up to a minute and is kept for later")
        compile_apart(network, keep_rows)


def is_compiled(network: Network, keep_rows: bool) -> bool:
    """Tell whether all that this network needs will be found compiled; True where that cannot be told."""
    from jukinet_sim.base.compiled import is_cached
    from jukinet_sim.engine.fast.loop import loop
    from jukinet_sim.engine.program import compile_program

    program = compile_program(network)
    if not is_cached(loop(not program.lean, keep_rows)):
        return False
    if not program.rich:
        return True
    from jukinet_sim.engine.fast.calls import FUNCTIONS, KEEPING

    wanted = FUNCTIONS | KEEPING if program.keeps else FUNCTIONS
    return all(is_cached(function) for function in wanted.values())


def can_keep() -> bool:
    """Tell whether there is a folder that numba may write to."""
    from jukinet_sim.base.compiled import is_kept
    from jukinet_sim.chance.draws import philox

    return is_kept(philox)


def compile_apart(network: Network, keep_rows: bool) -> None:
    """Compile what this network needs in processes of their own, so that the memory this takes is given back before the run.

    The loop and the rarer moves, which it calls by address, are compiled side by side. Where that fails, or nothing can be kept
    on disk, the run compiles for itself.
    """
    import multiprocessing
    import signal

    from jukinet_sim.engine.program import compile_program
    from jukinet_sim.experiments.executors.spawn import main_hidden

    program = compile_program(network)
    fresh = multiprocessing.get_context("spawn")
    children = [fresh.Process(target=_compile_loop, args=(program.lean, keep_rows), daemon=True)]
    if program.rich:
        children.append(fresh.Process(target=_compile_moves, args=(program.keeps,), daemon=True))
    # A terminal sends Ctrl-C to a child as well, which inherits that it is blocked and has nothing to say to it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        with main_hidden():
            for child in children:
                child.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    for child in children:
        child.join()


def _compile_moves(keeps: bool) -> None:
    """Compile what the loop calls by address."""
    from jukinet_sim.engine.fast import calls, drawing

    drawing.addresses()
    calls.addresses(keeps)


def _compile_loop(lean: bool, keep_rows: bool) -> None:
    """Run a network of one station that needs the same loop, and none of the rarer moves, for a moment."""
    from jukinet_sim.chance.distributions import constant
    from jukinet_sim.engine.choose import make_engine
    from jukinet_sim.engine.program import compile_program
    from jukinet_sim.engine.protocol import conduct
    from jukinet_sim.network import model as M

    held: tuple[M.Step, ...] = () if lean else (M.Acquire("pool"), M.Release("pool"))
    flow = M.Flow("flow", (M.Visit("station", constant(1.0)), *held), M.Poisson(1.0))
    network = M.Network("compile", 10.0, (M.Station("station", 1),), (flow,), (M.Pool("pool", 1),))
    program = compile_program(network)
    conduct(make_engine("fast", program, 1, 0, keep_rows=keep_rows), program, 0)
