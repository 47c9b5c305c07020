"""`ls`, `resume` and `rerun`: what is kept, taken up again, or computed once more and compared."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from jukinet_sim.cli import experiments as X
from jukinet_sim.cli import options as O
from jukinet_sim.cli.answers import present as present_answer
from jukinet_sim.cli.answers import tables_of
from jukinet_sim.cli.boundary import CHECK_FAILED, INPUT_OUTPUT, OK, say
from jukinet_sim.cli.look import Run

if TYPE_CHECKING:
    from jukinet_sim.experiments.again import Comparison


def ls(
    out: O.Out = None, everything: O.Everything = False, as_json: O.Json = False, lang: O.Lang = O.Language.en
) -> int:
    """List the runs and experiments that are kept, the latest last; with --all the points of experiments as well."""
    from jukinet_sim.experiments.listing import listed
    from jukinet_sim.experiments.stored import RUNS
    from jukinet_sim.report.listing_table import listing_table
    from jukinet_sim.report.terminal import show
    from jukinet_sim.report.translated import translated

    folder = Path(out) if out else RUNS
    lines = list(listed(folder))
    if as_json:
        print(json.dumps([{**asdict(line), "folder": str(line.folder)} for line in lines], allow_nan=False))
    elif lines:
        shown = [line for line in lines if everything or line.trouble or not line.of_experiment]
        left = len(lines) - len(shown)
        more = [f"and {left:,} points of experiments: jukinet ls --all"] if left else []
        show(translated([listing_table(shown), *more], lang), sys.stdout)
    else:
        say(f"there is no run in {folder}/ yet; jukinet demo makes one")
    for line in lines:
        if line.trouble:
            say(f"error: {line.trouble}")
    return INPUT_OUTPUT if any(line.trouble for line in lines) else OK


def resume(
    run: Run = None, jobs: O.Jobs = None, on: O.On = None, out: O.Out = None, as_json: O.Json = False, quiet: O.Quiet = False,
    lang: O.Lang = O.Language.en,
) -> int:  # fmt: skip
    """Complete a run or an experiment that was interrupted, to the same bytes; the latest one when none is named."""
    from jukinet_sim.cli.output import present
    from jukinet_sim.cli.run import run_and_keep
    from jukinet_sim.experiments.again import check_version, kept_scenario, resume_experiment
    from jukinet_sim.experiments.listing import find, is_experiment
    from jukinet_sim.experiments.stored import RUNS
    from jukinet_sim.scenario.compile import compile_network

    folder = find(run, Path(out) if out else RUNS)
    if is_experiment(folder):
        done = resume_experiment(folder, X.settings(folder.parent.parent, jobs=jobs, on=on, fresh=False, quiet=quiet))
        return present_answer(done, tables_of(lang), as_json=as_json, quiet=quiet)
    described, _, loaded = kept_scenario(folder)
    check_version(described, folder)
    stored = run_and_keep(loaded, compile_network(loaded), jobs=jobs, on=on, out=str(folder.parent.parent), quiet=quiet)
    return present(stored, as_json=as_json, hint="" if quiet else f"jukinet check {folder / 'scenario.yaml'}", language=lang)


def rerun(
    run: Run = None, jobs: O.Jobs = None, on: O.On = None, out: O.Out = None, as_json: O.Json = False, quiet: O.Quiet = False
) -> int:
    """Compute a kept run or experiment once more and compare every number; the latest one when none is named."""
    from jukinet_sim.experiments.again import repeat_experiment, repeat_run
    from jukinet_sim.experiments.executors.choose import cores
    from jukinet_sim.experiments.listing import find, is_experiment
    from jukinet_sim.experiments.stored import RUNS

    folder = find(run, Path(out) if out else RUNS)
    if is_experiment(folder):
        found = repeat_experiment(folder, X.settings(None, jobs=jobs, on=on, fresh=False, quiet=quiet))
        noun = "numbers"
    else:
        found = repeat_run(folder, jobs=jobs or cores(), on=on)
        noun = "replications, every number of each,"
    return _say(found, folder, noun, as_json=as_json)


def _say(found: Comparison, folder: Path, noun: str, *, as_json: bool) -> int:
    """Print what came of a comparison; return the exit code."""
    if found.interrupted:
        return 128 + found.interrupted
    version = " by another version of jukinet-sim" if found.other_version else ""
    same = found.difference is None
    if as_json:
        print(json.dumps({"same": same, "compared": found.compared, "difference": found.difference, "folder": str(folder)}))
    elif same:
        print(f"{folder}: {found.compared:,} {noun} kept{version} are the same to the last bit")
    else:
        print(f"{folder}: not the same as what is kept{version}: {found.difference}")
    return OK if same else CHECK_FAILED
