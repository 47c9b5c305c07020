"""`guide`: the pages of the guide in the terminal, or as the sources of a documentation site."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import OK
from jukinet_sim.cli.complete import topics

_WIDEST = 100

Name = Annotated[
    str | None,
    typer.Argument(
        metavar="[TOPIC]", help="A page; the list of all pages when left out.", show_default=False, autocompletion=topics
    ),
]
Site = Annotated[
    str | None,
    typer.Option("--site", metavar="DIR", help="Write all pages and a mkdocs.yml there instead.", show_default=False),
]
Lang = Annotated[O.Language, typer.Option(help="Language of the page.")]


def guide(topic: Name = None, lang: Lang = O.Language.en, site: Site = None) -> int:
    """Show a page of the guide: a tutorial, how to do things, every key and metric, what is modelled and why."""
    from jukinet_sim.base.errors import UsageError

    if site is not None:
        if topic is not None:
            raise UsageError(f"--site writes every page; leave {topic} out")
        return _write(Path(site))
    _show("\n".join(_contents(lang)) if topic is None else _page(topic, lang))
    return OK


def _page(topic: str, lang: str) -> str:
    from jukinet_sim.guide import page, readable

    return readable(page(topic, lang))


def _contents(lang: str) -> list[str]:
    """Return the list of all pages as Markdown."""
    from jukinet_sim.guide import heading, topics

    lines: list[str] = []
    found = topics(lang)
    widest = max(len(one.slug) for one in found)
    for section in dict.fromkeys(one.section for one in found):
        lines += ["", f"## {heading(section, lang)}", "", "```text"]
        lines += [f"jukinet guide {one.slug:<{widest}}   {one.title}" for one in found if one.section == section]
        lines.append("```")
    return lines[1:]


def _write(folder: Path) -> int:
    from jukinet_sim.guide.site import write_site

    written = write_site(folder)
    print(f"{len(written)} files in {folder}; `pip install mkdocs`, then: mkdocs build -f {folder / 'mkdocs.yml'}")
    return OK


def _show(text: str) -> None:
    """Print Markdown: laid out on a terminal, as it is written elsewhere."""
    from jukinet_sim.base.harmless import behind, harmless

    stream = behind(sys.stdout)
    if not stream.isatty() or os.environ.get("TERM", "") in ("", "dumb", "unknown"):
        print(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    console = Console(file=stream)
    console.print(Markdown(harmless(text), code_theme="ansi_dark"), width=min(_WIDEST, console.width))
