"""The guide to the sources of a documentation site, for MkDocs: `docs/` and a `mkdocs.yml` with which `mkdocs build` works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from jukinet_sim.base.errors import UsageError
from jukinet_sim.guide import LANGUAGES, SECTIONS, heading, page, readable, topics

_NAMES = {"en": "English", "ja": "日本語"}
_INDEX = {
    "en": "# jukinet-sim: the guide",
    "ja": "# jukinet-sim ガイド",
}


def write_site(folder: Path) -> list[Path]:
    """Write the site's sources into a folder and return their paths. Raises UsageError where other files stand there."""
    contents = dict(_contents())
    config = folder / "mkdocs.yml"
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not config.is_file())):
        raise UsageError(f"{folder} holds other files and is not written over; name a new folder, such as guide-site")
    written = []
    for name, text in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _contents() -> Iterator[tuple[str, str]]:
    """Yield each file's name and text."""
    yield "mkdocs.yml", "\n".join(_config()) + "\n"
    links = [f"- [{_NAMES[lang]}]({lang}/index.md)" for lang in LANGUAGES]
    yield "docs/index.md", "\n".join(["# jukinet-sim", "", *links]) + "\n"
    for lang in LANGUAGES:
        yield f"docs/{lang}/index.md", "\n".join(_index(lang)) + "\n"
        for topic in topics(lang):
            yield f"docs/{lang}/{topic.slug}.md", readable(page(topic.slug, lang))


def _index(lang: str) -> Iterator[str]:
    """Yield the lines of the list of all pages."""
    yield _INDEX[lang]
    for section in SECTIONS:
        yield from ("", f"## {heading(section, lang)}", "")
        yield from (f"- [{topic.title}]({topic.slug}.md)" for topic in topics(lang) if topic.section == section)


def _config() -> Iterator[str]:
    """Yield the lines of the configuration; nothing in it needs a package besides MkDocs."""
    yield from ("site_name: jukinet-sim", "docs_dir: docs", "use_directory_urls: false", "nav:", "  - index.md")
    for lang in LANGUAGES:
        yield from (f"  - {_NAMES[lang]}:", f"      - {lang}/index.md")
        for section in SECTIONS:
            yield f'      - "{heading(section, lang)}":'
            yield from (f"          - {lang}/{topic.slug}.md" for topic in topics(lang) if topic.section == section)
