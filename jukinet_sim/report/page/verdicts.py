"""The answer of each experiment in a few words: its tone, its verdict, and what else belongs on the first screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from markupsafe import Markup

from jukinet_sim.report.numbers import plain
from jukinet_sim.report.page.texts import say

Document = Mapping[str, Any]
Verdict = tuple[str, Markup, list[Markup]]
_CHANGES = 5
_LEAST_CHANGE = 0.0005
"""Relative changes below this are shown as none."""


def verdict_of(document: Document) -> Verdict:
    """Return what an experiment says first; one that is not known here says what it is."""
    known = _VERBS.get(document["verb"])
    if known is not None:
        return known(document)
    return "plain", say("verdict.experiment", verb=document["verb"], scenario=document["scenario"]), []


def _size(document: Document) -> Verdict:
    if not document["keys"]:
        growth = document["growth"]["factor"] if document["growth"] else None
        return "plain", say("verdict.growth", factor=plain(growth)), []
    answer = document["answer"]
    if answer is None:
        return "bad", say("verdict.no_answer"), []
    said = answer if isinstance(answer, dict) else {document["keys"][0]: answer}
    return "good", say("verdict.answer", answer=", ".join(f"{key} = {value}" for key, value in said.items())), []


def _compare(document: Document) -> Verdict:
    """Say of each scenario how many figures it moves, and which of them most."""
    first, *others = document["scenarios"]
    said = [_against(document, number, first, other) for number, other in enumerate(others)]
    more = [line for number in range(len(others)) for line in _changed(document, number)]
    return "plain", Markup("<br>").join(said), more


def _against(document: Document, number: int, first: str, other: str) -> Markup:
    verdicts = [metric["differences"][number]["verdict"] for metric in document["metrics"]]
    told = {word: sum(verdict == word for verdict in verdicts) for word in ("more", "less")}
    same = len(verdicts) - sum(told.values())
    return say("verdict.compared", name=other, first=first, same=same, **told)


def _changed(document: Document, number: int) -> Iterator[Markup]:
    """Yield the figures that changed most, relative to the first scenario's, of those told apart from chance."""
    changes = []
    for metric in document["metrics"]:
        base, one = metric["values"][0]["value"], metric["differences"][number]
        if base and one["value"] and one["verdict"] in ("more", "less"):
            changes.append((one["value"] / abs(base), metric["name"]))
    largest = sorted((change for change in changes if abs(change[0]) >= _LEAST_CHANGE), key=lambda change: -abs(change[0]))
    if largest:
        yield say("verdict.changed", changes="; ".join(f"{name} {change:+.1%}" for change, name in largest[:_CHANGES]))


def _sweep(document: Document) -> Verdict:
    judged = [point["slo_met"] for point in document["points"] if point["slo_met"] is not None]
    if not judged:
        return "plain", say("verdict.points", all=len(document["points"])), []
    return "plain", say("verdict.swept", met=sum(judged), all=len(judged)), []


def _sensitivity(document: Document) -> Verdict:
    first = document["measure_first"]
    return "plain", say("verdict.nothing_first") if first is None else say("verdict.measure_first", key=first), []


def _calibrate(document: Document) -> Verdict:
    return "plain", say("verdict.fitted", all=len(document["parameters"])), []


_VERBS: Mapping[str, Callable[[Document], Verdict]] = {
    "size": _size, "compare": _compare, "crypto-compare": _compare, "sweep": _sweep, "sensitivity": _sensitivity,
    "calibrate": _calibrate,
}  # fmt: skip
