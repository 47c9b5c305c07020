"""The document of a search for what is enough: the answer in words, what was tried, and the growth that it carries."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.report.experiment_figures import short_keys
from jukinet_sim.report.numbers import count, interval, plain
from jukinet_sim.report.run_table import unit_of_bound
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.words import Words

Document = Mapping[str, Any]
_WIDTH = 120


def size_tables(document: Document, words: Words) -> Iterator[str | Table]:
    """Yield what was searched, the answer, every value that was tried, and the slack."""
    keys = ", ".join(document["keys"]) or "growth"
    yield (
        f"{document['scenario']}: {keys} searched with {document['replications']} replications in all, seed "
        f"{document['seed']}; the same random numbers at every value"
    )
    if document.get("searched"):
        first = document["searched"]
        yield (
            f"A nation of one municipality in {first['every']} was searched first ({first['replications']} replications) to "
            "begin near the answer; everything below is confirmed on the whole nation."
        )
    if document["keys"]:
        yield _answer(document)
        if document.get("assumptions"):
            yield _assumed(document["assumptions"], document["keys"][0])
        yield _tried(document["evaluated"], document["keys"], words)
    if document.get("selection"):
        yield _selection(document["selection"], document["evaluated"])
    if document["growth"]:
        yield from _growth(document["growth"], document, words)


def _answer(document: Document) -> str:
    """Return the answer in a sentence."""
    answer, sure = document["answer"], f"{100 * document['confidence']:g} %"
    if answer is None:
        how = "none of the values" if len(document["keys"]) == 1 else "no combination"
        told = "" if document["distinguishable"] else " (some could not be told from its bound)"
        return f"\nNO ANSWER: {how} meets every service level{told}; allow more, or ask for less."
    said = ", ".join(f"{key} = {value}" for key, value in _settings(document).items())
    kind = "smallest value" if len(document["keys"]) == 1 else "cheapest combination"
    line = f"\nANSWER: {said} is the {kind} that meets every service level"
    if "cost" in document and document["cost"] is not None:
        line += f", at {count(document['cost'])} yen"
    if document["distinguishable"]:
        return f"{line} (confidence {sure})."
    return f"{line}, by its estimates: it, or the next one below, is too close to a bound to be told (at {sure})."


def _assumed(assumed: Mapping[str, Any], what: str) -> str:
    """Return how far our assumptions move an answer, in a sentence or two."""
    if assumed["enough"] is None:
        return f"OVER OUR ASSUMPTIONS: no draw could be run, the first: {assumed['failures'][0]}"
    ends = ["none of them" if assumed[end] is None else _shown(assumed[end]) for end in ("low", "high")]
    if assumed.get("until_low"):
        ends = [f"{end} ({assumed[f'until_{name}'] or 'beyond'})" for end, name in zip(ends, ("low", "high"), strict=True)]
    line = (
        f"OVER OUR ASSUMPTIONS: {what} from {ends[0]} to {ends[1]} in 90 % of {assumed['draws']} draws of "
        f"{assumed['parameters']} figures; in {assumed['enough'] * 100:.0f} % the answer is enough."
    )
    if assumed["mostly_by"]:
        way = "up" if assumed["rank_correlation"] > 0.0 else "down"
        line += f" It goes {way} mostly with {assumed['mostly_by']}: measure that first."
    if assumed["failed"]:
        line += f" {assumed['failed']} draws failed and are left out, the first: {assumed['failures'][0]}."
    return textwrap.fill(line, _WIDTH)


def _settings(document: Document) -> Mapping[str, Any]:
    if isinstance(document["answer"], Mapping):
        return document["answer"]
    return {document["keys"][0]: document["answer"]}


def _tried(evaluated: Sequence[Mapping[str, Any]], keys: Sequence[str], words: Words) -> Table:
    """Return a row for each value and service level."""
    rows = []
    for row in evaluated:
        for number, level in enumerate(row["slo"]):
            unit = unit_of_bound(level["text"])
            value = "undefined" if level["value"]["value"] is None else f"{interval(level['value'], unit)} {unit.name}".rstrip()
            first = number == 0
            rows.append((
                *(_shown(row["set"][key]) if first else "" for key in keys),
                str(row["replications"]) if first else "",
                _verdict(row) if first else "",
                level["text"],
                value,
                row["error"] or "" if first else "",
            ))  # fmt: skip
    heads = [*short_keys(keys), "n", "", words("service level"), words("value"), ""]
    if not any(row[-1] for row in rows):
        rows, heads = [row[:-1] for row in rows], heads[:-1]
    made = table(tuple(heads), rows, left=0, right=0)
    made.right = tuple(i < len(keys) + 1 or i == len(keys) + 3 for i in range(len(heads)))
    return made


def _shown(value: Any) -> str:
    """Return a value of an axis as people read it."""
    return plain(value) if isinstance(value, float) else str(value)


def _verdict(row: Mapping[str, Any]) -> str:
    if row["meets"] is None:
        return "likely enough" if row["likely"] else "likely not"
    return "enough" if row["meets"] else "not enough"


def _selection(selection: Mapping[str, Any], evaluated: Sequence[Mapping[str, Any]]) -> str:
    sure = "with probability" if selection["guaranteed"] else "only up to the replications allowed, not with probability"
    return (
        f"Among {len(selection['systems'])} combinations that meet them the cheapest was selected {sure} "
        f"{selection['probability_of_correct_selection'] * 100:g} % or more, unless another is within "
        f"{count(selection['indifference'])} yen of it (Kim and Nelson 2001)."
    )


def _growth(growth: Mapping[str, Any], document: Document, words: Words) -> Iterator[str | Table]:
    """Yield how much the answer carries, and until when."""
    what = "all traffic" if growth["key"].endswith(("network.volume", "juki_net.volume")) else growth["key"]
    if growth["factor"] is None:
        yield f"\nGROWTH: none: even as it is, a service level is missed ({what} times 1)."
    elif growth["at_least"]:
        yield f"\nGROWTH: {what} may grow {plain(growth['factor'])}-fold and more; beyond that was not looked."
    else:
        told = "" if growth["distinguishable"] else ", by its estimates: the next factor is too close to a bound to be told"
        line = f"\nGROWTH: {what} may grow by a factor of {plain(growth['factor'])} (to {growth['tolerance'] * 100:g} %){told}"
        if growth["per_year"]:
            line += f"; at {growth['per_year'] * 100:g} % a year that is {plain(growth['years'])} years"
            if growth["until"]:
                line += f", until {growth['until'][:7]}"
        yield f"{line}."
    if growth["assumptions"]:
        yield _assumed(growth["assumptions"], "the factor")
    yield _tried(growth["evaluated"], ["growth"], words)
