"""The first screen of a run: its verdict, what is worst, where and when, what limits it, and how much of it is assumption."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from jukinet_sim.report.figure_rows import FigureRow
from jukinet_sim.report.kept_run import KeptRun
from jukinet_sim.report.measures_table import range_in_words
from jukinet_sim.report.page.incidents import incident_messages
from jukinet_sim.report.page.levels import LevelRow, level_rows
from jukinet_sim.report.page.limiting import Limiting
from jukinet_sim.report.page.texts import say, text
from jukinet_sim.report.run_table import why_not_complete
from jukinet_sim.report.stuck_lines import stuck_lines
from jukinet_sim.scenario.keep import SCENARIO


@dataclass(frozen=True)
class Glance:
    """What the first screen says; `tone` is good, bad or plain, and colours the verdict."""

    tone: str
    verdict: Markup
    warnings: list[Markup]
    worst: list[Markup]
    limits: list[Markup]
    assumed: list[Markup]
    levels: list[LevelRow]
    sampled: bool

    @property
    def placed(self) -> bool:
        """Whether any service level says when and where its value was found."""
        return any(level.where for level in self.levels)


def glance(run: KeptRun, limit: Limiting | None, figures: list[FigureRow]) -> Glance:
    """Return the first screen of a run."""
    document = run.document
    levels = level_rows(document, run.scenario.slo)
    tone, verdict = _verdict(levels)
    return Glance(
        tone, verdict, list(_warnings(document)), list(_worst(document, levels)), list(_limits(run, limit)),
        list(_assumed(run, figures)), levels, "assumptions" in document,
    )  # fmt: skip


def _verdict(levels: list[LevelRow]) -> tuple[str, Markup]:
    number = {verdict: sum(level.verdict == verdict for level in levels) for verdict in ("met", "missed", "undecided")}
    if not levels:
        return "plain", say("verdict.none")
    one = "_one" if len(levels) == 1 else ""
    if number["missed"]:
        return "bad", say(f"verdict.missed{one}", missed=number["missed"], all=len(levels))
    if number["undecided"]:
        return "plain", say("verdict.undecided", undecided=number["undecided"], all=len(levels))
    return "good", say(f"verdict.met{one}", all=len(levels))


def _warnings(document: Mapping[str, Any]) -> Iterator[Markup]:
    if document["status"] != "complete":
        yield say("warning.partial", why=why_not_complete(document))
    for line in stuck_lines(document):
        if line.strip():
            yield say("as_is", text=line.strip())
    if "warm_up_note" in document:
        yield say("as_is", text=document["warm_up_note"])
    if document["replications"] == 1:
        yield say("warning.one_replication")


def _worst(document: Mapping[str, Any], levels: list[LevelRow]) -> Iterator[Markup]:
    yield from incident_messages(document)
    if not levels or levels[0].used is None:
        return
    first = levels[0]
    values = {"level": first.text, "value": first.value, "used": first.used_shown, "where": first.where}
    kind = "missed" if first.verdict == "missed" else "nearest"
    yield say(f"worst.{kind}_at" if first.where else f"worst.{kind}", **values)


def _limits(run: KeptRun, limit: Limiting | None) -> Iterator[Markup]:
    if limit is None:
        yield say("limit.none")
        return
    yield say(limit.message, **limit.values)
    if limit.message == "limit.file":
        yield say("todo.file")
    elif limit.key is None:
        yield say("todo.no_key", command=command("validate", run, "--limits"))
    else:
        # A search finds what is enough for a service level: one that is missed, or is about this part.
        part = str(limit.values.get("part"))
        judged = any(slo.subject == part for slo in run.scenario.slo) or any(one["met"] is False for one in run.document["slo"])
        vary = values_to_try(run.described["resolved"], limit.key)
        tried = command("size" if judged else "sweep", run, "--vary", vary) if vary else command("explain", run, limit.key)
        kind = "todo.plenty" if limit.growth >= _PLENTY else "todo.enough" if judged and vary else "todo.key"
        yield say(kind, key=limit.key, command=tried)


_PLENTY = 2.0
"""Load that can still double needs nothing to be done about it."""


def command(verb: str, run: KeptRun, *options: str) -> Markup:
    """Return a command line about the scenario of a run, as it can be typed."""
    file = str(run.folder / SCENARIO)
    words = [verb, options[0], file] if verb == "explain" else [verb, file, *options]
    return Markup("<code>{}</code>").format(text(shlex.join(["jukinet", *words])))


def values_to_try(resolved: Mapping[str, Any], key: str) -> str | None:
    """Return whole numbers from what a key is to twice as many, as `--vary` takes them; None for what is no whole number."""
    found: Any = resolved
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    found = found.get("value") if isinstance(found, Mapping) else found
    return f"{key}={found}..{2 * found}" if type(found) is int else None


_MOST_TOLD = 2


def _assumed(run: KeptRun, figures: list[FigureRow]) -> Iterator[Markup]:
    judged = {slo.name for slo in run.scenario.slo}
    if all(row.status == "set" for row in figures):
        yield say("assumed.none")
        return
    number = {status: sum(row.status == status for row in figures) for status in ("reported", "derived", "assumed", "set")}
    number["uncertain"] = sum(row.is_assumption for row in figures)
    yield say("assumed.count", all=len(figures), **number)
    if "assumptions" not in run.document:
        yield say("assumed.not_sampled", command=command("run", run, "--assumptions", "40"))
        return
    told = [headline for headline in run.document["assumptions"]["headlines"] if headline["beyond_chance"]]
    if not told:
        yield say("assumed.sampled")
    for headline in sorted(told, key=lambda one: one["name"] not in judged)[:_MOST_TOLD]:
        yield say("assumed.mostly", level=headline["name"], range=range_in_words(headline), key=headline["mostly_by"])
