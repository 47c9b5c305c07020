"""`compare`: which is better, with the same random numbers in all."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jukinet_sim.cli import experiments as X
from jukinet_sim.cli import options as O
from jukinet_sim.cli.answers import present, tables_of

if TYPE_CHECKING:
    from jukinet_sim.scenario.load import Loaded

Files = Annotated[
    list[str],
    typer.Argument(
        metavar="A [B...]", help="Scenario files, or stored runs; all are compared with the first.", show_default=False
    ),
]
With = Annotated[
    list[str] | None,
    typer.Option(
        "--with", metavar="'KEY=VALUE ...'", show_default=False,
        help="Compare A with itself under these settings, several in one text for one scenario; may be repeated for more.",
    ),
]  # fmt: skip


def compare(
    files: Files,
    variants: With = None,
    metric: X.Metric = None,
    sets: O.Sets = None,
    override: O.Overrides = None,
    seed: O.Seed = None,
    replications: O.Replications = None,
    precision: O.Precision = None,
    engine: O.Engine = None,
    jobs: O.Jobs = None,
    on: O.On = None,
    out: O.Out = None,
    fresh: O.Fresh = False,
    as_json: O.Json = False,
    quiet: O.Quiet = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Compare scenarios, or a scenario with variants of itself: paired differences with intervals that hold together."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.experiments.experiment import Request
    from jukinet_sim.experiments.verbs.compare import VERB, carry_out

    chosen = [_settings(text) for text in variants or ()]
    if len(files) < 2 and not chosen:
        raise UsageError(f"{files[0]} alone is compared with nothing; name a second file, or add --with key=value")

    def loaded(name: str, more: Sequence[str]) -> Loaded:
        laid = [*(sets or ()), *more]
        return O.load_scenario(_scenario_of(name, out), override, laid, seed=seed, replications=replications, engine=engine)

    asked = [X.load_asked(metric, partial(loaded, name)) for name in files]
    scenarios = [scenario for scenario, _ in asked]
    for settings in chosen:
        # Wrong settings are told with their place before anything runs.
        O.load_scenario(_scenario_of(files[0], out), override, [*(sets or ()), *settings])
    options: dict[str, Any] = {"precision": O.read_precision(precision), "with": chosen, "metrics": asked[0][1]}
    names = [name if name not in files[:number] else f"{name} ({number + 1})" for number, name in enumerate(files)]
    done = X.carry_out(
        Request(VERB, options), scenarios, carry_out, jobs=jobs, on=on, out=out, fresh=fresh, quiet=quiet, names=names
    )
    return present(done, tables_of(lang), as_json=as_json, quiet=quiet)


_BEGINS = re.compile(r"[\w.-]+=")


def _settings(text: str) -> list[str]:
    """Return the settings of one `--with`: `a=1 b=2`, blanks within brackets and quotes left alone, units behind their number.

    Raises UsageError.
    """
    from jukinet_sim.base.errors import UsageError

    words: list[str] = []
    depth = 0
    for word in text.split(" "):
        if not words or (depth == 0 and _BEGINS.match(word)):
            words.append(word)
        else:
            words[-1] += f" {word}"
        depth += sum(word.count(c) for c in "{[(") - sum(word.count(c) for c in "}])")
    found = [word.strip() for word in words if word.strip()]
    if not found or any("=" not in word for word in found):
        raise UsageError(f"--with {shlex.quote(text)}: this is no setting; write key=value, several separated by blanks")
    return found


def _scenario_of(name: str, out: str | None) -> str:
    """Return the scenario file that a name means: itself, or that of a stored run which is called so."""
    from pathlib import Path

    from jukinet_sim.experiments.listing import find, is_experiment
    from jukinet_sim.experiments.stored import RUNS
    from jukinet_sim.scenario.keep import SCENARIO

    if name.endswith((".yaml", ".yml")) or Path(name).is_file():
        return name
    folder = find(name, Path(out) if out else RUNS)
    return name if is_experiment(folder) else str(folder / SCENARIO)
