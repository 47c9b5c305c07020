"""Pages of the server: templates filled with names that are escaped and harmless, every message in both languages."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

from jukinet_sim.base.harmless import harmless
from jukinet_sim.report.messages.say import LANGUAGES, MESSAGES
from jukinet_sim.report.page.texts import both, say, text
from jukinet_sim.report.translated import translated

_FOLDER = resources.files("jukinet_sim.serve") / "templates"
_LIVE = "live."
STATIC = {"serve.js": "text/javascript", "serve.css": "text/css"}


def rendered(template: str, language: str, **values: Any) -> str:
    """Return a page."""
    always = {"language": language, "say": say, "both": both, "messages": _messages()}
    filled: str = _environment().get_template(template).render(**always, **values)
    return filled


def refusal(error: object) -> dict[str, str]:
    """Return why something is refused, by language."""
    english = harmless(str(error))
    return dict(zip(LANGUAGES, (english, *translated([english], "ja")), strict=True))


def static(name: str) -> str:
    """Return a script or a style sheet."""
    found = (_FOLDER / name).read_text(encoding="utf-8")
    if name != "serve.css":
        return found
    # Tables, colours and languages look as in reports.
    report = resources.files("jukinet_sim.report.page") / "templates" / "report.css"
    return report.read_text(encoding="utf-8") + found


@cache
def _messages() -> Markup:
    """Return what scripts say, as JSON within an element that is not run."""
    said = {
        language: {key.removeprefix(_LIVE): texts[number] for key, texts in MESSAGES.items() if key.startswith(_LIVE)}
        for number, language in enumerate(LANGUAGES)
    }
    return Markup(json.dumps(said, ensure_ascii=False).replace("<", "\\u003c"))


@cache
def _environment() -> Any:
    import jinja2

    loader = jinja2.FunctionLoader(lambda name: (_FOLDER / name).read_text(encoding="utf-8"))
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_final,
    )  # fmt: skip


def _final(value: object) -> object:
    return text(value) if isinstance(value, str) else value
