"""Methods of logging on as tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jukinet_sim.report.numbers import UNDEFINED
from jukinet_sim.report.terminal import Table, table

Document = Mapping[str, Any]
LABEL = "Which method the network used is not published: the names are labels, and the figures assumptions with their reasons."


def list_tables(document: Document) -> Iterator[str | Table]:
    """Yield the methods there are, with what is usual of each, and what cannot be used."""
    events = list(document["methods"][0]["per_1000"]) if document["methods"] else []
    rows = [
        (one["name"], one["title"], one["owner"], f"{one['own_time_s']:.3g}", *map(_number, one["per_1000"].values()))
        for one in document["methods"]
    ]
    yield table(("method", "what it is", "by", "own time s", *(f"{event} in 1,000" for event in events)), rows, left=3)
    for one in document["refused"]:
        yield f"refused: {one['entry']} of {one['owner']}: {one['reason']}"
    yield LABEL


def explain_tables(document: Document) -> Iterator[str | Table]:
    """Yield the chain of a log-on, what follows from it, the ways of wrong persons, and all the figures behind them."""
    rows = [
        (
            one["name"], _share(one["reached"]), f"{one['own_time_s']:g}" if one["own_time_s"] else UNDEFINED,
            "yes" if one["request"] else UNDEFINED, one["counts"] or UNDEFINED,
            ", ".join(map(_leads, one["outcomes"])),
        )
        for one in document["stages"]
    ]  # fmt: skip
    yield table(("stage", "reached %", "own time s", "asks the CS", "counted as", "goes on to"), rows, right=1)
    events = ", ".join(f"{event} {_number(number)}" for event, number in document["per_1000"].items() if number)
    yield (
        f"{document['method']}, {document['title']}: {document['own_time_s']:.3g} s of people and devices, "
        f"{document['requests']:.3g} requests to the CS; in 1,000 log-ons: {events or 'nothing goes wrong'}"
    )
    if document["ways"]:
        ways = [(one["name"], _share(one["probability"]), one["why"]) for one in document["ways"]]
        yield table(("wrong person by", "gets in %", "why"), ways, right=1)
    parameters = [
        (
            one["name"], f"{one['value']:g} {one['unit']}".strip(), f"{one['low']:g} to {one['high']:g}",
            "the scenario" if one["stated"] else "usual", one["why"],
        )
        for one in document["parameters"]
    ]  # fmt: skip
    yield table(("figure", "value", "plausible", "source", "why"), parameters, right=1)
    yield LABEL


def _leads(outcome: Document) -> str:
    share = outcome["probability"]
    return f"{outcome['to']} {_share(share)} %" if share < 1.0 else str(outcome["to"])


def _share(probability: float) -> str:
    return f"{100.0 * probability:.4g}"


def _number(number: float) -> str:
    return f"{number:.3g}"
