"""A page to one file that opens from disk without the network, under a policy that lets it load and send nothing.

Scripts and styles stand in the file and are allowed by their hashes (Content Security Policy, level 2): nothing else runs,
whatever names the data holds. Expressions of charts are interpreted, not compiled, so that no text is ever run as code.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from markupsafe import Markup

from jukinet_sim.base.errors import StoreError
from jukinet_sim.experiments.again import read_experiment
from jukinet_sim.experiments.listing import is_experiment
from jukinet_sim.report.kept_run import read_kept_run
from jukinet_sim.report.messages.say import LANGUAGES
from jukinet_sim.report.page.experiment_page import experiment_page
from jukinet_sim.report.page.model import Page
from jukinet_sim.report.page.payload import payload
from jukinet_sim.report.page.run_page import run_page
from jukinet_sim.report.page.texts import say, text
from jukinet_sim.results.damage import reading
from jukinet_sim.results.files import whole_file
from jukinet_sim.results.manifest import packages

_TEMPLATES = resources.files("jukinet_sim.report.page") / "templates"


def write_report(folder: Path, out: Path, language: str) -> None:
    """Write the page of a run or an experiment, to begin with in a language. Raises StoreError and UsageError."""
    if is_experiment(folder):
        document = read_experiment(folder).in_place().document
        assert document is not None  # an answer that is there has a document
        with reading(folder):
            page = experiment_page(document, folder)
    else:
        run = read_kept_run(folder)
        with reading(folder):
            page = run_page(run)
    content = rendered(page, language)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make {out.parent}: {error.strerror}; choose another --out") from error
    with whole_file(out) as file:
        file.write(content.encode())


def rendered(page: Page, language: str) -> str:
    """Return the text of a page."""
    plots = [plot for section in page.sections for plot in section.plots]
    scripts = [_scripts("report.js")] if not plots else [_charts(), _scripts("report.js")]
    styles = [_scripts("report.css")]
    template = _environment().get_template("report.html")
    return template.render(
        page=page, plots=plots, payload=payload(plots), scripts=scripts, styles=styles, policy=policy(scripts, styles),
        language=language, languages=LANGUAGES, say=say, program=f"jukinet-sim {packages()['jukinet-sim'] or ''}".strip(),
    )  # fmt: skip


def _environment() -> Any:
    """Return what fills templates: every value is escaped and harmless, and a name that is not there is an error."""
    import jinja2

    loader = jinja2.FunctionLoader(lambda name: (_TEMPLATES / name).read_text(encoding="utf-8"))
    return jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_final,
    )  # fmt: skip


def _final(value: object) -> object:
    return text(value) if isinstance(value, str) else value


def policy(scripts: list[Markup], styles: list[Markup]) -> str:
    """Return the content security policy: these scripts and styles by their hashes, and nothing from anywhere."""
    return (
        f"default-src 'none'; script-src {' '.join(map(_hash, scripts))}; style-src {' '.join(map(_hash, styles))}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(content: Markup) -> str:
    digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _scripts(name: str) -> Markup:
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))


@cache
def _charts() -> Markup:
    """Return Vega, Vega-Lite and what embeds them, as one script."""
    import vl_convert

    bundle: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    if "</script" in bundle.lower() or "<!--" in bundle:
        raise ValueError("the bundle of chart scripts would end its own element")
    return Markup(bundle)
