"""The document of a comparison as tables: values side by side, differences with what they mean, service levels."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from jukinet_sim.report.experiment_figures import cell, heading, unit_for
from jukinet_sim.report.numbers import UNDEFINED, Unit, plain
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.words import Words

Document = Mapping[str, Any]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SAME, _UNDECIDED = "same", "not told apart"
_TIMES = 10.0
"""From so many times as much on, how many times it is says more than a percentage."""



def compare_tables(document: Document, words: Words) -> Iterator[str | Table]:
    """Yield who is compared, every figure of each, how it differs from the first, and verdicts in words."""
    names = document["scenarios"]
    letters = _letters(len(names))
    for letter, name in zip(letters, names, strict=True):
        yield f"{letter}  {name}"
    yield (
        f"{document['replications']} replications of each, seed {document['seed']}, with the same random numbers; the "
        f"intervals of all differences hold together with {document['level']:.0%}"
    )
    for name, trouble in document["troubles"].items():
        yield f"PARTIAL: {name}: {trouble}"
    yield _differences(document, letters, words)
    yield from _said(document, letters)
    if any(document["slo"]):
        yield _levels(document, letters, words)


def _letters(number: int) -> list[str]:
    return [_LETTERS[i] if i < len(_LETTERS) else f"#{i + 1}" for i in range(number)]


def _unit(metric: Mapping[str, Any]) -> Unit:
    known = unit_for(metric["name"], metric["values"])
    return known if known.name else Unit(metric["unit"], 1.0)


def _differences(document: Document, letters: list[str], words: Words) -> Table:
    """Return a row for each figure and scenario but the first."""
    rows = []
    for metric in document["metrics"]:
        unit = _unit(metric)
        for number, one in enumerate(metric["differences"], start=1):
            first = number == 1
            rows.append((
                heading(metric["name"], unit) if first else "",
                cell(metric["values"][0], unit) if first else "",
                letters[number],
                cell(metric["values"][number], unit),
                cell({**one, "per_replication": [None] * one["n"]}, unit),
                _relative(metric, one),
                _in_words(one),
            ))  # fmt: skip
    columns = (words("metric"), letters[0], "", "value", "difference", "relative", "verdict")
    made = table(columns, rows, left=1, right=6)
    made.right = (False, True, False, True, True, True, False)
    return made


def _in_words(difference: Mapping[str, Any]) -> str:
    """Return a verdict that does not take what is not decided for what is the same."""
    if difference["verdict"] != "no difference":
        return str(difference["verdict"])
    return _SAME if difference["value"] == 0.0 and not difference["half_width"] else _UNDECIDED


def _relative(metric: Mapping[str, Any], difference: Mapping[str, Any]) -> str:
    base = metric["values"][0]["value"]
    if not base or difference["value"] is None:
        return UNDEFINED
    share = difference["value"] / abs(base)
    return f"{share:+.1%}" if share < _TIMES else f"x{share + 1.0:,.0f}"


def _said(document: Document, letters: list[str]) -> Iterator[str]:
    """Say in words which figures differ, and what the common random numbers saved."""
    yield ""
    for number, letter in enumerate(letters[1:], start=1):
        verdicts = [(metric["name"], metric["differences"][number - 1]) for metric in document["metrics"]]
        said = [(name, _in_words(one)) for name, one in verdicts]
        told = [f"{name} is {word}" for name, word in said if word not in (_SAME, _UNDECIDED)]
        same, undecided = ([name for name, word in said if word == kind] for kind in (_SAME, _UNDECIDED))
        against = f"{letter} against {letters[0]}"
        if told:
            yield f"{against}: {', '.join(told)}."
        if same:
            yield f"{against}: the same in every replication: {', '.join(same)}."
        if undecided:
            yield f"{against}: not told apart from chance: {', '.join(undecided)}; more replications tell smaller differences."
    yield from _saved(document)


def _saved(document: Document) -> Iterator[str]:
    """Say how many independent replications would have been needed, for the figure that gained most and least."""
    known = [
        (one["independent_replications"], one["correlation"], metric["name"])
        for metric in document["metrics"]
        for one in metric["differences"]
        if one["independent_replications"] is not None and one["correlation"] is not None
    ]
    if not known:
        return
    least, most = min(known), max(known)
    n = document["replications"]
    said = f"{most[0]:,} replications of each (correlation {plain(math.floor(1000 * most[1]) / 1000)}, {most[2]})"
    if least[0] < most[0]:
        said = f"{least[0]:,} to {said}"
    yield f"Independent random numbers would have needed {said} for intervals as narrow as these of {n}."


def _levels(document: Document, letters: list[str], words: Words) -> Table:
    """Return the service levels of every scenario."""
    rows = [
        (letter, level["text"], words(level["verdict"]))
        for letter, levels in zip(letters, document["slo"], strict=True)
        for level in levels
    ]
    return table(("", words("service level"), ""), rows, left=3)
