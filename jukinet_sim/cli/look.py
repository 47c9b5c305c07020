"""`show`: a stored run, printed again without running anything, and questions about its single places."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import OK
from jukinet_sim.cli.complete import runs

if TYPE_CHECKING:
    from jukinet_sim.network.model import Network
    from jukinet_sim.results.levels import PlaceTree
    from jukinet_sim.results.shape import Document

_WORST = 10
_BUSIEST = 5

Run = Annotated[
    str | None,
    typer.Argument(
        metavar="[RUN]", help="A run folder, the beginning of its hash, or a scenario's name; the latest run when left out.",
        show_default=False, autocompletion=runs,
    ),
]  # fmt: skip


def show(
    run: Run = None,
    out: O.Out = None,
    everything: O.Everything = False,
    places: O.Places = False,
    worst: O.Worst = None,
    top: O.Top = None,
    by: O.By = None,
    as_json: O.Json = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Print a stored run again, the latest one when none is named, or its worst places, or sums over places."""
    from jukinet_sim.cli.output import show_document
    from jukinet_sim.experiments.listing import find, is_experiment
    from jukinet_sim.experiments.stored import RUNS, read_document
    from jukinet_sim.results.damage import reading

    folder = find(run, Path(out) if out else RUNS)
    if is_experiment(folder):
        return show_experiment(folder, as_json=as_json, language=lang)
    document = read_document(folder, places=places or bool(worst) or by is not None)
    with reading(folder, asked=True):
        if worst or by is not None:
            answer(document, folder, worst=worst or (), by=by, top=top, places=places)
            if not as_json:
                _print_answers(document, top=None if everything else top or _BUSIEST, language=lang)
                return OK
        show_document(document, folder, as_json=as_json, everything=everything, language=lang)
    return OK


def show_experiment(folder: Path, *, as_json: bool, language: str) -> int:
    """Print the answer of a stored experiment again."""
    from jukinet_sim.cli.answers import present, tables_of
    from jukinet_sim.experiments.again import read_experiment

    return present(read_experiment(folder), tables_of(language), as_json=as_json, quiet=True)


def check_worst(worst: Sequence[str] | None, network: Network) -> None:
    """Refuse rankings of places that a network does not have, before it is run. Raises UsageError."""
    from jukinet_sim.results.levels import tree_of
    from jukinet_sim.results.rankings import read_ranking

    tree = tree_of(network)
    for text in worst or ():
        read_ranking(text, list(tree.stations), list(tree.pools))


def answer(
    document: Document,
    folder: Path,
    *,
    worst: Sequence[str] | None = None,
    by: str | None = None,
    top: int | None = None,
    places: bool = False,
) -> None:
    """Add rankings of places as `worst` and sums as `levels` to a document that has places.

    The places themselves are taken out unless they were asked for. Raises UsageError for what the run does not have.
    """
    from jukinet_sim.results.files import read_json
    from jukinet_sim.results.levels import by_level, read_tree
    from jukinet_sim.results.moments import first_day_of
    from jukinet_sim.results.rankings import rank, read_ranking
    from jukinet_sim.results.store import MANIFEST

    tree = read_tree(folder)
    kept = {kind: [name for name, part in document[kind].items() if "places" in part] for kind in ("stations", "pools")}
    asked = [read_ranking(text, kept["stations"], kept["pools"]) for text in worst or ()]
    if asked:
        first_day = first_day_of((read_json(folder / MANIFEST) or {}).get("resolved", {}))
        document["worst"] = [rank(document, one, top or _WORST, tree=tree, first_day=first_day) for one in asked]
    if by is not None:
        tree = _with_level(tree, by, folder)
        document["levels"] = {by: by_level(document, tree, by)}
    if not places:
        for part in (*document["stations"].values(), *document["pools"].values()):
            part.pop("places", None)


def _with_level(tree: PlaceTree | None, level: str, folder: Path) -> PlaceTree:
    """Return the tree, which must have the level. Raises UsageError."""
    from jukinet_sim.base.errors import UsageError
    from jukinet_sim.base.suggest import one_of

    if tree is None:
        raise UsageError(f"--by {level}: {folder} does not say where its places lie; run its scenario again")
    if level not in tree.levels:
        cure = one_of(level, tree.levels, "")
        raise UsageError(f'--by {level}: no level of places is called "{level}"; {cure}')
    return tree


def _print_answers(document: Document, *, top: int | None, language: str) -> None:
    """Print the rankings and sums of a document; `top` is how many places of a level are shown, all for None."""
    from jukinet_sim.report.backlog_table import incident_lines
    from jukinet_sim.report.places_table import level_tables, places_note, worst_tables
    from jukinet_sim.report.run_table import headline
    from jukinet_sim.report.terminal import show as show_lines
    from jukinet_sim.report.translated import translated
    from jukinet_sim.report.words import Words

    words = Words(language)
    lines = [
        headline(document), *incident_lines(document), *worst_tables(document, words), *level_tables(document, words, top),
        *places_note(document),
    ]  # fmt: skip
    show_lines(translated(lines, language), sys.stdout)
