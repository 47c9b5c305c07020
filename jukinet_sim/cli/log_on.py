"""`log-on`: by which methods operators can log on, and what follows from the figures of each."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.printed import print_document
from jukinet_sim.cli.whole_help import WholeHelp

log_on = typer.Typer(
    cls=WholeHelp,
    name="log-on",
    rich_markup_mode=None,
    add_completion=False,
    no_args_is_help=True,
    help="List and explain the methods by which operators log on.",
    epilog="Which method the network used is not published. Compare two by --with operators.method=biometric.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
Json = Annotated[bool, typer.Option("--json", help="Print the document on stdout, everything else on stderr.")]
MethodName = Annotated[str, typer.Argument(metavar="METHOD", help="A method by name.", show_default=False)]
People = Annotated[int, typer.Option(min=1, metavar="N", help="Operators whom the server knows, where that matters.")]
In = Annotated[
    str | None,
    typer.Option("--in", metavar="FILE", help="Take the figures that this scenario states.", show_default=False),
]


@log_on.command("list")
def list_methods(as_json: Json = False, lang: O.Lang = O.Language.en) -> int:
    """List methods, ours and those of other packages, and what cannot be used."""
    from jukinet_sim.authentication.listing import listing
    from jukinet_sim.report.log_on_tables import list_tables

    document = listing()
    return print_document(document, list_tables(document), lang, as_json=as_json)


@log_on.command()
def explain(
    method: MethodName, file: In = None, people: People = 6, as_json: Json = False, lang: O.Lang = O.Language.en
) -> int:
    """Show the chain of a log-on: how often each stage is reached, what goes wrong, and which wrong persons get in."""
    from jukinet_sim.authentication.listing import explained
    from jukinet_sim.authentication.methods import method as method_named
    from jukinet_sim.report.log_on_tables import explain_tables

    found = method_named(method)
    document = explained(found, people=people) if file is None else _in(file, method, people)
    return print_document(document, explain_tables(document), lang, as_json=as_json)


def _in(file: str, method: str, people: int) -> dict[str, Any]:
    """Return the document of a method by the figures of a scenario. Raises ScenarioError and UsageError."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.juki_net.domain import DOMAIN
    from jukinet_sim.scenario.compile import national_part

    loaded = O.load_scenario(file)
    if loaded.scenario.juki_net is None or loaded.scenario.juki_net.operators is None:
        raise UsageError(f'{file} has no operators; add "operators" to its juki_net, or leave --in out')
    return DOMAIN.log_on(national_part(loaded), method, people)
