"""The report of a run by its name, made when it is first asked for and again when the run has grown."""

from __future__ import annotations

import re
from pathlib import Path

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.experiment import FILE
from jukinet_sim.report.page.write import write_report
from jukinet_sim.results.store import DATABASE, MANIFEST

_PAGE = "report.html"
_NAME = re.compile(r"[\w.-]+/[\w.-]+")


def folder_of(out: Path, name: str) -> Path:
    """Return the folder of a run or an experiment, such as `fy2012/65691e7df636`. Raises UsageError."""
    folder = out / name
    if not _NAME.fullmatch(name) or ".." in name or not folder.resolve().is_relative_to(out.resolve()):
        raise UsageError(f'"{name[:80]}" is no name of a run')
    if not any((folder / file).is_file() for file in (MANIFEST, FILE)):
        raise UsageError(f"there is no run {name}")
    return folder


def report_of(out: Path, name: str, language: str) -> str:
    """Return the page of a run. Raises UsageError and StoreError."""
    folder = folder_of(out, name)
    page = folder / _PAGE
    if page.is_symlink():
        raise UsageError(f"{_PAGE} of {name} is a link; delete it, and the report is made")
    known = [(folder / file).stat().st_mtime_ns for file in (MANIFEST, DATABASE, FILE) if (folder / file).is_file()]
    if not page.is_file() or page.stat().st_mtime_ns <= max(known):
        write_report(folder, page, language)
    return page.read_text(encoding="utf-8")
