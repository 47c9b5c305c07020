"""What was run, by which its numbers come out again to the last bit, and the commands for that."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup

from jukinet_sim.base.units import format_duration
from jukinet_sim.report.kept_run import KeptRun
from jukinet_sim.report.page.texts import say, text
from jukinet_sim.scenario.keep import SCENARIO

Rows = list[tuple[Markup, Markup]]


def run_manifest(run: KeptRun) -> Rows:
    """Return the manifest of a run as rows of a table."""
    document = run.document
    rows: Rows = [
        (say("manifest.scenario"), text(document["scenario"])),
        *([(say("manifest.variant"), text(" ".join(document["variant"])))] if document.get("variant") else []),
        *_shared(document, run.described),
        (say("manifest.replications"), text(document["replications"])),
        (say("manifest.engine"), text(document["engine"])),
        (say("manifest.warm_up"), text(format_duration(document["warm_up_s"]))),
        (say("manifest.fingerprint"), _code(document["fingerprint"])),
        (say("manifest.events"), text(f"{document['events']:,}")),
    ]
    file = shlex.quote(str(run.folder / SCENARIO))
    again = f"jukinet run {file} --seed {document['seed']} --replications {document['replications']} --fresh"
    return [
        *rows,
        (say("manifest.repeat"), _code(again)),
        (say("manifest.same"), _code(f"jukinet rerun {_folder(run.folder)}")),
        (say("manifest.export"), _code(f"jukinet export {_folder(run.folder)} --to xlsx,parquet,csv")),
    ]


def experiment_manifest(document: Mapping[str, Any], folder: Path) -> Rows:
    """Return the manifest of an experiment as rows of a table."""
    return [
        (say("manifest.scenario"), text(document["scenario"])),
        (say("manifest.verb"), text(document["verb"])),
        *_shared(document, document),
        (say("manifest.same"), _code(f"jukinet rerun {_folder(folder)}")),
        (say("manifest.export"), _code(f"jukinet export {_folder(folder)} --to xlsx,parquet,csv")),
    ]


def _shared(document: Mapping[str, Any], described: Mapping[str, Any]) -> Rows:
    packages = (f"{name} {version}" for name, version in (described.get("packages") or {}).items() if version)
    return [
        (say("manifest.hash"), _code(document["hash"])),
        (say("manifest.seed"), text(document["seed"])),
        (say("manifest.rule_version"), text(document["rule_version"])),
        (say("manifest.packages"), text(", ".join(packages))),
    ]


def _code(shown: object) -> Markup:
    return Markup("<code>{}</code>").format(text(shown))


def _folder(folder: Path) -> str:
    return shlex.quote(str(folder))
