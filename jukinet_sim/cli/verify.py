"""`verify`: the whole battery against theory, laws and the other engine, into `verification.json` and a table."""

from __future__ import annotations

import json
import os
import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import CHECK_FAILED, OK, say


class SizeChoice(StrEnum):
    """Sizes of the battery."""

    quick = "quick"
    standard = "standard"
    full = "full"


class RunningEngine(StrEnum):
    """Engines that can be held to theory."""

    fast = "fast"
    reference = "reference"


SizeOption = Annotated[SizeChoice, typer.Option("--size", help="Minutes, some twenty minutes, or an hour or two on two cores.")]
EngineOption = Annotated[RunningEngine, typer.Option("--engine", help="Which engine is held to theory.")]
OutFile = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the claims and verdicts go.")]
Only = Annotated[
    list[str] | None,
    typer.Option(
        "--only", metavar="FAMILY", show_default=False,
        help="Verify this family of queues, random-numbers, determinism, twins or decisions; may be repeated.",
    ),
]  # fmt: skip
Markdown = Annotated[
    Path | None, typer.Option("--markdown", metavar="FILE", help="Write the table there, not on stdout.", show_default=False)
]
Seed = Annotated[int | None, typer.Option(min=0, metavar="N", help="Seed of every run; 2013 if left out.", show_default=False)]


def verify(
    size: SizeOption = SizeChoice.quick,
    engine: EngineOption = RunningEngine.fast,
    jobs: O.Jobs = None,
    out: OutFile = Path("verification.json"),
    markdown: Markdown = None,
    only: Only = None,
    seed: Seed = None,
    as_json: O.Json = False,
    quiet: O.Quiet = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Verify the engines themselves: theory, exact laws, random numbers, each other, and what experiments decide by them."""
    from jukinet_sim.report.verify_table import markdown as as_markdown
    from jukinet_sim.results.files import write_json
    from jukinet_sim.verify.battery import DEFAULT_SEED, make_order, run_battery, tally
    from jukinet_sim.verify.document import verification
    from jukinet_sim.verify.workers import workers

    order = make_order(size.value, engine.value, DEFAULT_SEED if seed is None else seed, only or ())
    started = time.monotonic()

    def tell(line: str) -> None:
        if not quiet:
            say(f"{time.monotonic() - started:7.1f} s  {line}")

    with workers(jobs or len(os.sched_getaffinity(0))) as pool:
        claims = list(run_battery(order, pool, tell))
    document = verification(order, claims)
    write_json(out, document)
    table = as_markdown(document, lang)
    if markdown is not None:
        markdown.write_text(table, encoding="utf-8")
    if as_json:
        print(json.dumps(document, allow_nan=False))
    elif markdown is None:
        sys.stdout.write(table)
    for name in document["failed"]:
        say(f"fails: {name}")
    counts = ", ".join(f"{kind} {holding} of {count}" for kind, (holding, count) in tally(claims).items())
    say(f"held: {counts}; written to {out}")
    return OK if document["holds"] else CHECK_FAILED
