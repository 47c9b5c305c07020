"""The guide: pages in Markdown, in English and in Japanese, and reference pages made from what the program knows of itself.

Written pages stand beside this file, a folder for each language. Comments before their code blocks are for the test that
carries the blocks out; `readable` takes them away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import near

LANGUAGES = ("en", "ja")
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "tutorial": ("tutorial",),
    "how-to": (
        "size-a-tier", "compare-suites", "plan-a-migration", "own-municipalities", "calibrate", "cluster", "suite-package",
        "replay-an-incident", "read-and-export",
    ),
    "reference": ("keys", "metrics"),
    "explanation": ("network", "model", "assumptions", "validity", "not-simulated"),
}  # fmt: skip
"""Every page by its section, in reading order."""
HEADINGS: Mapping[str, tuple[str, str]] = {
    "tutorial": ("Tutorial", "チュートリアル"),
    "how-to": ("How to", "手順"),
    "reference": ("Reference", "リファレンス"),
    "explanation": ("Explanation", "解説"),
}
"""What a section is called, in English and in Japanese."""
MADE: Mapping[str, tuple[str, str]] = {
    "keys": ("Every key of a scenario file", "シナリオファイルの全項目"),
    "metrics": ("Every metric", "全指標"),
}
"""Titles of the pages that are made, in English and in Japanese."""
_MARK = re.compile(r"^<!-- .* -->\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Topic:
    """A page: the word by which it is asked for, its title and the section it stands in."""

    slug: str
    title: str
    section: str


def topics(lang: str = "en") -> list[Topic]:
    """Return every page in reading order."""
    return [Topic(slug, _title(slug, lang), section) for section, slugs in SECTIONS.items() for slug in slugs]


def page(slug: str, lang: str = "en") -> str:
    """Return a page as Markdown. Raises UsageError with the nearest ones where there is none of that name."""
    known = [one for slugs in SECTIONS.values() for one in slugs]
    if slug not in known:
        close = near(slug, known)
        cure = f"did you mean {' or '.join(close)}?" if close else f"write one of {', '.join(known)}"
        raise UsageError(f'the guide has no page "{slug}"; {cure}')
    if slug not in MADE:
        return _written(slug, lang)
    from jukinet_sim.guide.reference import made

    return made(slug, lang, _title(slug, lang))


def readable(text: str) -> str:
    """Return a page without the comments that are for its test."""
    return _MARK.sub("", text)


def heading(section: str, lang: str = "en") -> str:
    """Return what a section is called."""
    return HEADINGS[section][LANGUAGES.index(lang)]


def _title(slug: str, lang: str) -> str:
    if slug in MADE:
        return MADE[slug][LANGUAGES.index(lang)]
    return _written(slug, lang).partition("\n")[0].removeprefix("# ")


def _written(slug: str, lang: str) -> str:
    return (files(__name__) / lang / f"{slug}.md").read_text(encoding="utf-8")
