"""One mutant through everything that reads it: validate, plan and a brief run with its tables."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from dataclasses import replace
from pathlib import Path

from jukinet_sim.base.errors import LimitReached, ScenarioError, UsageError
from jukinet_sim.cli import options
from jukinet_sim.cli.output import present
from jukinet_sim.cli.run import run_and_keep
from jukinet_sim.cli.scenario import plan, validate
from jukinet_sim.experiments.compiled import is_compiled
from jukinet_sim.scenario.compile import compile_network
from tests.mutants.mutators import Mutant

EVENTS = 2_000
"""Most events of the brief run."""
LONGEST_MESSAGE = 100_000
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ALLOWED_AFTER_A_RUN = (0, 4, 99)


class Broken(Exception):
    """A promise about bad input that a mutant shows to be broken."""


def attempt(mutant: Mutant, folder: Path, engine: str = "reference", *, compile_first: bool = False) -> str:
    """Return how a mutant ends: refused, ran or limit; anything else that it raises is a fault of the program.

    The fast engine is taken only where it need not be compiled first, unless that is asked for.
    """
    for name, content in mutant.files.items():
        (folder / name).write_bytes(content)
    file, out, err = str(folder / mutant.main), io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("error")
        outcome = _go_through(file, list(mutant.sets), folder / "runs", engine, compile_first=compile_first)
    _check_messages(outcome, err.getvalue())
    return outcome


def _go_through(file: str, sets: list[str], out: Path, engine: str, *, compile_first: bool) -> str:
    """Validate, plan and run a scenario file as the command line does."""
    code = validate([file], sets, limits=True)
    if code == ScenarioError.exit_code:
        return "refused"
    if code != 0:
        raise Broken(f"validate ends with {code}")
    try:
        plan(file, sets, jobs=1)
        loaded = options.load_scenario(file, None, sets, replications=1, engine=options.EngineChoice(engine))
        network = replace(compile_network(loaded), event_budget=EVENTS)
        keep_rows = loaded.scenario.run.records == "visits"
        if engine == "fast" and not compile_first and not is_compiled(network, keep_rows):
            loaded = options.load_scenario(file, None, sets, replications=1, engine=options.EngineChoice.reference)
        stored = run_and_keep(loaded, network, jobs=1, out=str(out), quiet=True)
    except (ScenarioError, UsageError, LimitReached) as error:
        if isinstance(error, LimitReached):
            return "limit"
        raise Broken(f"validate accepts what a run refuses: {error}") from error
    code = present(stored, as_json=False, hint="", language="en")
    if code not in _ALLOWED_AFTER_A_RUN:
        raise Broken(f"the run ends with {code}")
    return "limit" if code == LimitReached.exit_code else "ran"


def _check_messages(outcome: str, said: str) -> None:
    """Require that a refusal says something, not without end, and nothing that a terminal would obey."""
    if outcome == "refused" and "error: " not in said:
        raise Broken("refused without a word")
    if len(said) > LONGEST_MESSAGE:
        raise Broken(f"a message of {len(said):,} characters")
    raw = _RAW.search(said)
    if raw is not None:
        raise Broken(f"a message with the raw character U+{ord(raw.group()):04X}")
