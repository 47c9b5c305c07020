"""`calibrate`: a scenario fitted to what was observed, and a list of what to observe."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jukinet_sim.cli import experiments as X
from jukinet_sim.cli import options as O
from jukinet_sim.cli.answers import present, tables_of
from jukinet_sim.cli.boundary import CHECK_FAILED, OK, Ended, say, worst
from jukinet_sim.cli.printed import print_lines

if TYPE_CHECKING:
    from jukinet_sim.experiments.experiment import Experiment
    from jukinet_sim.scenario.loaded import Loaded

ObservedFile = Annotated[
    str | None,
    typer.Option(
        "--observed", metavar="CSV", show_default=False,
        help="What was observed: kind,name,metric,from,to,value, and error where standard errors are known. A value has a unit "
        'such as "12 ms" or "63 %", or is in SI; without from and to it is of the whole run.',
    ),
]  # fmt: skip
FitOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fit", metavar="KEY,...", show_default=False,
        help="What to fit: keys such as network.flows.q.route.0.demand.exponential, each with =LO..HI behind it for bounds; "
        "may be repeated.",
    ),
]  # fmt: skip
Template = Annotated[
    str | None,
    typer.Option("--template", metavar="CSV", help="Write a CSV of what to measure, and run nothing.", show_default=False),
]
Write = Annotated[
    str | None,
    typer.Option(
        "--write", metavar="FILE", help="Write the override file there as well; else it is in the experiment's folder.",
        show_default=False,
    ),
]  # fmt: skip
FailOver = Annotated[
    str | None,
    typer.Option(
        "--fail-over", metavar="SHARE", help="Exit 3 where a simulated figure is further than this, such as 10 %, from the "
        "observed one.", show_default=False,
    ),
]  # fmt: skip


def calibrate(
    file: O.File,
    observed: ObservedFile = None,
    fit: FitOption = None,
    template: Template = None,
    write: Write = None,
    fail_over: FailOver = None,
    sets: O.Sets = None,
    override: O.Overrides = None,
    seed: O.Seed = None,
    replications: O.Replications = None,
    engine: O.Engine = None,
    jobs: O.Jobs = None,
    on: O.On = None,
    out: O.Out = None,
    fresh: O.Fresh = False,
    as_json: O.Json = False,
    quiet: O.Quiet = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Fit demands and rates of a scenario to what was observed, with intervals, and write them as an override."""
    from jukinet_sim.experiments.verbs.calibrate.carry import carry_out
    from jukinet_sim.experiments.verbs.calibrate.keys import fit_keys
    from jukinet_sim.experiments.verbs.calibrate.question import ask

    def load(name: str, more: Sequence[str]) -> Loaded:
        laid = [*(sets or ()), *more]
        return O.load_scenario(name, override, laid, seed=seed, replications=replications, engine=engine)

    if template is not None:
        loaded = load(file, ())
        return _template(template, file, loaded, [key.name for key in fit_keys(fit or (), loaded)], lang)
    most = None if fail_over is None else _share(fail_over)
    _check_writable(write)
    question = ask(file, load, observed=observed, fit=fit or ())
    done = X.answer(question, carry_out, jobs=jobs, on=on, out=out, fresh=fresh, quiet=quiet)
    done = _written(done, write)
    code = present(done, tables_of(lang), as_json=as_json, quiet=quiet)
    return code if done.document is None else worst(code, _judged(done.document, most))


def _template(template: str, file: str, loaded: Loaded, names: list[str], lang: O.Language) -> int:
    from jukinet_sim.experiments.verbs.calibrate.keys import fit_keys
    from jukinet_sim.experiments.verbs.calibrate.template import template_rows, write_template
    from jukinet_sim.scenario.compile import compile_network

    rows = template_rows(fit_keys(names, loaded), loaded, compile_network(loaded))
    write_template(Path(template), rows)
    asks = f"{template} asks for {len(rows)} figures; fill in the values you have, with units, and delete the other lines"
    print_lines([asks, "Try next:", f"  jukinet calibrate {file} --observed {template} --fit {','.join(names)}"], lang)
    return OK


def _share(text: str) -> float:
    """Return the share above which a residual is too large. Raises UsageError."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.base.units import UnitError, parse_fraction

    try:
        return parse_fraction(text)
    except UnitError as error:
        raise UsageError(f"--fail-over: {error.what}; {error.cure}") from None


def _check_writable(write: str | None) -> None:
    """Refuse to write over what no calibration has written. Raises UsageError before anything runs."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.base.regular_files import read_regular
    from jukinet_sim.experiments.verbs.calibrate.override import FIRST_WORDS

    if write is None:
        return
    path = Path(write)
    if path.suffix not in (".yaml", ".yml"):
        raise UsageError(f"--write {write}: an override file is known by its end; write {path.with_suffix('.yaml')}")
    if path.exists() and not read_regular(path).startswith(FIRST_WORDS.encode()):
        raise UsageError(f"--write {write}: this file is there already, and not from a calibration; name another")


def _written(done: Experiment, write: str | None) -> Experiment:
    """Return the experiment with the place of its override file in its document, copied where somebody wants it."""
    from dataclasses import replace

    from jukinet_sim.base.errors import StoreError
    from jukinet_sim.base.regular_files import read_regular
    from jukinet_sim.results.files import whole_file

    done = done.in_place()
    if done.document is None or write is None:
        return done
    kept = Path(done.document["override"])
    try:
        content = read_regular(kept)
    except OSError as error:
        raise StoreError(f"{kept}: {error.strerror or error}; --fresh writes it anew") from error
    with whole_file(Path(write)) as file:
        file.write(content)
    return replace(done, document={**done.document, "override": os.path.join(os.path.dirname(write) or ".", Path(write).name)})


def _judged(document: dict[str, Any], most: float | None) -> int:
    """Return the code for what is left over, naming what is too far off."""
    if most is None:
        return OK
    far = [one for one in document["residuals"] if one["relative"] is None or abs(one["relative"]) > most]
    for one in far:
        off = "0 was observed" if one["relative"] is None else f"{one['relative']:+.1%}"
        say(f"{one['what']} is simulated too far from what was observed: {off}")
    return Ended(CHECK_FAILED, f"a simulated figure is more than {most:.1%} away from the observed one") if far else OK
