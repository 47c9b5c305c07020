"""`diff`: what two scenarios, or a scenario and a variant of itself, do not have in common once everything is resolved."""

from __future__ import annotations

import json
import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import CHECK_FAILED, OK
from jukinet_sim.cli.complete import scenarios

if TYPE_CHECKING:
    from jukinet_sim.base.errors import Fault
    from jukinet_sim.scenario.loaded import Loaded

A = Annotated[str, typer.Argument(metavar="A", help="Scenario file.", show_default=False, autocompletion=scenarios)]
B = Annotated[
    str | None,
    typer.Argument(
        metavar="B", help="The file to compare it with; A itself when left out.", show_default=False, autocompletion=scenarios
    ),
]
OverridesOfB = Annotated[
    list[str] | None,
    typer.Option(
        "--override", metavar="NAME", help="Apply a named override, or an override file, to B; may be repeated.",
        show_default=False,
    ),
]  # fmt: skip
SetsOfB = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one key of B; may be repeated.", show_default=False),
]
Everything = Annotated[bool, typer.Option("--all", help="Compare names, descriptions, extends and overrides as well.")]
Json = Annotated[bool, typer.Option("--json", help="Print the differences as a JSON document, in SI and as written.")]
ExitCode = Annotated[bool, typer.Option("--exit-code", help="Exit with 3 where there is a difference.")]


def diff(
    a: A,
    b: B = None,
    override: OverridesOfB = None,
    sets: SetsOfB = None,
    everything: Everything = False,
    as_json: Json = False,
    exit_code: ExitCode = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Show key by key how two scenarios differ, or a scenario and a variant of itself, after all is resolved."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.report.diff_table import diff_document, diff_table
    from jukinet_sim.report.terminal import show
    from jukinet_sim.report.translated import heading, translated
    from jukinet_sim.scenario.difference import differences

    overrides, settings = override or [], sets or []
    if b is None and not overrides and not settings:
        raise UsageError(f"{a} alone is compared with nothing; name a second file, or add --override NAME or --set KEY=VALUE")
    second = a if b is None else b
    every = differences(*_load_both((a, [], []), (second, overrides, settings)))
    found = [one for one in every if everything or not one.in_name_only]
    if as_json:
        sides = ({"file": a, "overrides": [], "set": []}, {"file": second, "overrides": overrides, "set": settings})
        print(json.dumps(diff_document(*sides, found), allow_nan=False, ensure_ascii=False, indent=2))
    else:
        options = [*(("--override", name) for name in overrides), *(("--set", setting) for setting in settings)]
        variant = shlex.join([second, *(word for option in options for word in option)])
        key = heading("key") if lang == O.Language.ja else "key"
        told = diff_table(shlex.quote(a), variant, found, hidden=len(every) - len(found), key=key)
        show(translated(told, lang), sys.stdout)
    return CHECK_FAILED if exit_code and found else OK


def _load_both(*sides: tuple[str, list[str], list[str]]) -> tuple[Loaded, Loaded]:
    """Load two scenarios; raises ScenarioError with the faults of both."""
    from jukinet_sim.base.errors import ScenarioError
    from jukinet_sim.scenario.load import load

    loaded: list[Loaded] = []
    faults: list[Fault] = []
    for file, overrides, sets in sides:
        try:
            loaded.append(load(file, overrides=overrides, sets=sets))
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(dict.fromkeys(faults))
    return loaded[0], loaded[1]
