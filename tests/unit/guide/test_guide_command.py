"""`guide` shows its pages in both languages, made pages hold what they are made from, and a site has every page."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from jukinet_sim import metrics
from jukinet_sim.base.errors import UsageError
from jukinet_sim.cli.app import main
from jukinet_sim.cli.guide import guide
from jukinet_sim.guide import LANGUAGES, page, topics
from jukinet_sim.guide.site import write_site
from jukinet_sim.language.base import Base, Figure
from jukinet_sim.language.shape import alternatives, inside, models
from jukinet_sim.scenario.schema import Scenario

SLUGS = [topic.slug for topic in topics()]


def cells(text: str) -> list[list[str]]:
    """The rows of all tables of a page, without headings."""
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in text.splitlines() if line.startswith("| `")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_has_every_page(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Each page is listed as the command that shows it, with its title, in reading order."""
    assert main(["guide", "--lang", lang]) == 0
    listed = re.findall(r"^jukinet guide (\S+) +(.*)$", capsys.readouterr().out, re.MULTILINE)
    assert listed == [(topic.slug, topic.title) for topic in topics(lang)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_is_printed_without_marks(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no terminal a page is Markdown, without the comments for its test."""
    assert main(["guide", "tutorial", "--lang", lang]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(page("tutorial", lang).partition("\n")[0])
    assert "```yaml" in printed
    assert "<!--" not in printed


def test_a_page_is_laid_out_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal headings and fences are drawn, no longer written."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdout", screen := Terminal())
    monkeypatch.setenv("TERM", "xterm")
    assert guide("calibrate") == 0
    assert "```" not in screen.getvalue()
    assert "desk.yaml" in screen.getvalue()


@pytest.mark.parametrize(
    ("asked", "cure"),
    [
        ("size", "did you mean size-a-tier?"),
        ("calibrat", "did you mean calibrate or validity?"),
        ("zzz", f"write one of {', '.join(SLUGS)}"),
        ("../en/tutorial", "did you mean tutorial?"),
    ],
)
def test_an_unknown_page(asked: str, cure: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no page exits with 2 and names the nearest ones."""
    assert main(["guide", asked]) == 2
    assert f'the guide has no page "{asked}"; ' in (told := capsys.readouterr().err)
    assert cure in told


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_metric_is_told(lang: str) -> None:
    """The page of metrics has the catalogue, row by row."""
    rows = cells(page("metrics", lang))
    assert [row[0].strip("` ") for row in rows] == [metric.name for metric in metrics.CATALOGUE]
    assert [row[-1] for row in rows] == [metric.meaning for metric in metrics.CATALOGUE]


def mappings(kinds: tuple[object, ...], seen: set[type[Base]]) -> set[type[Base]]:
    """Every mapping with keys that may stand below some types."""
    for model in models(kinds):
        if model not in seen and not issubclass(model, Figure) and model.written is None:
            seen.add(model)
            for field in model.model_fields.values():
                mappings(alternatives(field.annotation), seen)
    for kind in kinds:
        if not isinstance(kind, type) and (below := inside((kind,), "0")):
            mappings(below, seen)
    return seen


def test_every_key_is_told() -> None:
    """The page of keys has a row for each field of each mapping of the schema."""
    rows = [row[0].strip("` ") for row in cells(page("keys"))]
    found = mappings((Scenario,), set())
    assert sorted(rows) == sorted(field.alias or name for model in found for name, field in model.model_fields.items())
    assert len(rows) > 500


def test_made_pages_have_the_same_structure() -> None:
    """Both languages have the same sections and rows."""
    for slug in ("keys", "metrics"):
        english, japanese = (page(slug, lang) for lang in LANGUAGES)
        assert english.count("\n## ") == japanese.count("\n## ")
        assert [row[0] for row in cells(english)] == [row[0] for row in cells(japanese)]


def test_a_site_has_every_page(tmp_path: Path) -> None:
    """A site has each page in both languages, names each in its navigation, and can be written again."""
    for _ in range(2):
        written = write_site(tmp_path / "site")
    names = {path.relative_to(tmp_path / "site").as_posix() for path in written}
    config = (tmp_path / "site" / "mkdocs.yml").read_text(encoding="utf-8")
    for lang in LANGUAGES:
        assert {f"docs/{lang}/{slug}.md" for slug in SLUGS} <= names
        assert re.findall(rf"- {lang}/(\S+)\.md", config) == ["index", *SLUGS]
        index = (tmp_path / "site" / "docs" / lang / "index.md").read_text(encoding="utf-8")
        assert re.findall(r"\]\((\S+)\.md\)", index) == SLUGS


def test_a_site_writes_over_nothing_else(tmp_path: Path) -> None:
    """A folder with other files is left alone."""
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="name a new folder"):
        write_site(tmp_path)
    assert main(["guide", "tutorial", "--site", str(tmp_path / "new")]) == 2
