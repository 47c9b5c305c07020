"""The command `jukinet`: its verbs, in the order and groups in which help lists them.

Verbs fetch what they need when they are called, so that `jukinet --help` loads neither numpy nor pydantic.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from jukinet_sim import __version__
from jukinet_sim.cli.boundary import guarded
from jukinet_sim.cli.calibrate import calibrate
from jukinet_sim.cli.check import check
from jukinet_sim.cli.compare import compare
from jukinet_sim.cli.crypto import crypto
from jukinet_sim.cli.diff import diff
from jukinet_sim.cli.doctor import doctor
from jukinet_sim.cli.export import export
from jukinet_sim.cli.guide import guide
from jukinet_sim.cli.init import init
from jukinet_sim.cli.keep import ls, rerun, resume
from jukinet_sim.cli.learn import demo, explain, schema
from jukinet_sim.cli.log_on import log_on
from jukinet_sim.cli.look import show
from jukinet_sim.cli.report import report
from jukinet_sim.cli.run import run
from jukinet_sim.cli.scenario import plan, validate
from jukinet_sim.cli.sensitivity import sensitivity
from jukinet_sim.cli.serve import serve
from jukinet_sim.cli.size import size
from jukinet_sim.cli.sweep import sweep
from jukinet_sim.cli.verify import verify

GROUPS: dict[str, tuple[Callable[..., int], ...]] = {
    "Commands": (run, check, compare, report),
    "Experiments": (size, sweep, sensitivity, calibrate),
    "Before a run": (init, validate, plan, diff),
    "Results": (show, export, serve, ls, resume, rerun),
    "Learn and trust": (demo, guide, explain, schema, doctor, verify),
}

SUB_APPS: dict[str, tuple[typer.Typer, ...]] = {"Cipher suites and operators": (crypto, log_on)}
"""Commands that have commands of their own, by group."""
OBJECTS_PER_COLLECTION = 50_000
"""So many new objects make the collector of garbage look through the youngest."""
COMPLETING = "_JUKINET_COMPLETE"
"""The variable by which the scripts of shells ask for completions."""


class _Grouped(TyperGroup):
    """A command whose help lists its verbs in groups."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write a section for each group."""
        groups = {title: [verb.__name__ for verb in verbs] for title, verbs in GROUPS.items()}
        groups |= {title: [str(one.info.name) for one in apps] for title, apps in SUB_APPS.items()}
        widest = max(len(name) for names in groups.values() for name in names)
        for title, names in groups.items():
            with formatter.section(title):
                named = [(name, self.get_command(ctx, name)) for name in names]
                rows = [(f"{name:<{widest}}", command.get_short_help_str(200)) for name, command in named if command]
                formatter.write_dl(rows)


app = typer.Typer(
    cls=_Grouped,
    name="jukinet",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
    help="Simulate Japan's Basic Resident Register Network, or any queueing network, from a scenario file.",
    epilog="Exit codes: 0 ok, 1 a bug, 2 bad scenario or usage, 3 a check failed, 4 a limit was hit, 5 input or output failed, "
    "99 a service level was missed, 130 interrupted.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _verbs in GROUPS.values():
    for _verb in _verbs:
        app.command()(_verb)
for _sub_apps in SUB_APPS.values():
    for _sub_app in _sub_apps:
        app.add_typer(_sub_app)


def _print_version(asked: bool) -> None:
    if asked:
        print(f"jukinet {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before the verb."""


@cache
def _command() -> Any:
    """Return what typer makes of all verbs; who carries out many command lines in one process needs it once."""
    return typer.main.get_command(app)


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out a command line, that of the process when none is given, and return the exit code."""
    # Matrices are small here: threads of the algebra library would only spin, in every process that replications run in.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Trees of large scenarios are made once and stay: to look through them again and again finds nothing.
    gc.set_threshold(OBJECTS_PER_COLLECTION)
    command = _command()
    if arguments is None and COMPLETING in os.environ:
        # The shell reads the exit code of a completion as an answer.
        return command.main(prog_name="jukinet", standalone_mode=False) or 0
    return guarded(lambda: command.main(args=arguments, prog_name="jukinet", standalone_mode=False), last=arguments is None)
