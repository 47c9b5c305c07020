"""The document of a sensitivity analysis as a tornado of bars, the method in words, and one sentence: measure this first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.report.experiment_figures import unit_for
from jukinet_sim.report.numbers import UNDEFINED, Unit, interval, plain
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.words import Words

Document = Mapping[str, Any]
Entry = Mapping[str, Any]
_BAR = 24
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_SHOWN = 15
_NAMED = 4
_PREFIX = "juki_net."
_ROUNDING = 1e-9


def sensitivity_tables(document: Document, words: Words) -> Iterator[str | Table]:
    """Yield what was asked and how, the parameters with their bars, the groups, other outputs, and what to measure first."""
    unit = _unit(document["output"], document["unit"], document)
    yield from _headline(document, unit)
    if document["status"] == "partial":
        first = document["failures"][0]
        yield f"PARTIAL: {document['failed']} of {document['points']} points have no output; the first: {first['why']}"
    if document["undefined"]:
        yield f"{document['undefined']} of {document['points']} points leave {document['output']} undefined"
    if document["warm_up_note"]:
        yield f"warm-up: {document['warm_up_note']}"
    yield from _unmoved(document)
    entries = document["parameters"]
    if entries:
        yield _TABLES[document["method"]](entries[:_SHOWN], unit, words)
        if len(entries) > _SHOWN:
            yield f"and {len(entries) - _SHOWN} with smaller effects: --json has them"
    yield ""
    yield _METHODS[document["method"]]
    yield from _fixed(document)
    yield from _others(document)
    yield ""
    yield _sentence(document)


def _unit(name: str, said: str, document: Document) -> Unit:
    values = [document["value"], *({"value": document[end]} for end in ("min", "max"))]
    known = unit_for(name, values)
    return known if known.name else Unit(said, 1.0)


def _headline(document: Document, unit: Unit) -> Iterator[str]:
    """Yield what was varied, where, and how far the output went."""
    at = f", {document['sampled_on']}" if document["sampled_on"] else ""
    replications = document["replications"]
    ran = f"{document['points']} points, {replications} replication{'s' if replications > 1 else ''} of each at most"
    yield (
        f"{document['scenario']}: {document['output']} over the ranges of {document['varied']} parameters; {ran}, "
        f"seed {document['seed']}, the same random numbers at every point{at}"
    )
    if document["min"] is None:
        return
    low, high = (plain(document[end] / unit.size) for end in ("min", "max"))
    own = interval(document["value"], unit)
    yield f"{document['output']} is {own} {unit.name} as it stands, and {low} to {high} {unit.name} at these points"


def _unmoved(document: Document) -> Iterator[str]:
    names = document["unmoved"]
    if names:
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        yield f"No parameter, as far as its range goes, moves {', '.join(names[:_NAMED])}{more}."


def bar(value: float | None, largest: float) -> str:
    """Return a bar as long as a value is large, in eighths of a character."""
    eighths = round(8 * _BAR * (value or 0.0) / largest) if largest > 0.0 else 0
    return _EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _shown(value: float | None, half_width: float | None, unit: Unit) -> str:
    if value is None:
        return UNDEFINED
    return interval({"value": value, "half_width": half_width, "per_replication": [None]}, unit)


def _chance(entry: Entry, unit: Unit) -> str:
    """Return the standard error that is due to chance; what is the rounding of sums is 0."""
    if entry["chance"] is None:
        return UNDEFINED
    return plain(entry["chance"] / unit.size if entry["chance"] > _ROUNDING * (entry["effect"] or 0.0) else 0.0)


def _now(entry: Entry) -> str:
    return entry["now"] if entry["now"] is not None else UNDEFINED


def _between(entry: Entry) -> str:
    low, high = entry["range"]
    return f"{low} to {high}{', log' if entry['scale'] == 'logarithmic' else ''}"


def _short(key: str) -> str:
    return key.removeprefix(_PREFIX)


def _morris(entries: Sequence[Entry], unit: Unit, words: Words) -> Table:
    """Return a row for each parameter: effect with both uncertainties, interaction, bar."""
    largest = max((one["effect"] or 0.0 for one in entries), default=0.0)
    rows = [
        (
            _short(one["key"]), _now(one), _between(one), _shown(one["effect"], one["half_width"], unit),
            _chance(one, unit), plain(one["interaction"]),
            bar(one["effect"], largest),
        )
        for one in entries
    ]  # fmt: skip
    columns = ("parameter", "now", "range", f"effect [{unit.name or '1'}]", "chance", "interaction", "")
    return table([words(column) for column in columns], rows, left=3, right=6)


def _sobol(entries: Sequence[Entry], unit: Unit, words: Words) -> Table:
    """Return a row for each parameter: first-order and total index, bar of the first."""
    del unit
    nothing = Unit("", 1.0)
    rows = [
        (
            _short(one["key"]), _now(one), _between(one), _shown(one["first"], one["first_half_width"], nothing),
            _shown(one["total"], one["total_half_width"], nothing), bar(max(one["first"] or 0.0, 0.0), 1.0),
        )
        for one in entries
    ]  # fmt: skip
    columns = ("parameter", "now", "range", "first order", "total effect", "")
    return table([words(column) for column in columns], rows, left=3, right=5)


def _tornado(entries: Sequence[Entry], unit: Unit, words: Words) -> Table:
    """Return a row for each parameter: the output at both ends of its range, and a bar from the one to the other."""
    known = [one[end] for one in entries for end in ("low", "high") if one[end] is not None]
    least, most = min(known, default=0.0), max(known, default=0.0)
    rows = [
        (
            _short(one["key"]), _now(one), _between(one),
            *(UNDEFINED if one[end] is None else plain(one[end] / unit.size) for end in ("low", "high")),
            _shown(one["effect"], one["half_width"], unit), _reach(one, least, most),
        )
        for one in entries
    ]  # fmt: skip
    columns = ("parameter", "now", "range", "at low", "at high", f"swing [{unit.name or '1'}]", "")
    return table([words(column) for column in columns], rows, left=3, right=6)


def _reach(entry: Entry, least: float, most: float) -> str:
    """Return a bar between the outputs at both ends, on the scale of the whole table."""
    if entry["low"] is None or entry["high"] is None or most <= least:
        return ""
    low, high = sorted((entry["low"], entry["high"]))
    begin, end = (round(_BAR * (value - least) / (most - least)) for value in (low, high))
    return " " * min(begin, _BAR - 1) + "█" * max(end - begin, 1)


_TABLES = {"morris": _morris, "sobol": _sobol, "tornado": _tornado}
_METHODS = {
    "morris": (
        "Morris screening: effect is the mean absolute change of the output over the whole range of a parameter, wherever the "
        "others stand; ± is its 95 % interval over the trajectories, chance its standard error over the replications. "
        "Interaction up to .1: nearly linear; above 1: it depends on the others, or is not monotone."
    ),
    "sobol": (
        "Sobol indices: first order is the share of the output's variance over the ranges that would be gone if the parameter "
        "were known, total effect the share that would be left if all others were; ± are 95 % intervals of a bootstrap over "
        "rows and replications. Their difference is interaction."
    ),
    "tornado": (
        "Tornado: each parameter at the low and the high end of its range, all others as they stand; ± is the 95 % interval of "
        "the swing by chance alone. What parameters do together stays unseen: --method sobol shows it."
    ),
}


def _fixed(document: Document) -> Iterator[str]:
    """Say how many parameters kept their own values, and which groups were screened."""
    fixed = document["fixed"]
    if fixed:
        reasons: dict[str, int] = {}
        for one in fixed:
            reasons[one["why"]] = reasons.get(one["why"], 0) + 1
        said = ", ".join(f"{number} with {_article(why)}" for why, number in reasons.items())
        yield f"Screened before, and kept at their own values: {said}."


def _article(why: str) -> str:
    """Return the reason why parameters are not varied any more, as words that follow "with"."""
    return f"an {why}" if why.startswith("effect") else f"effects {why}"


def _others(document: Document) -> Iterator[str]:
    """Say what the same runs tell of other outputs: the group or parameter with the largest effect."""
    rows = []
    for one in document["outputs"]:
        found = one.get("screened") or one["parameters"]
        if one["moved"] and found:
            rows.append(f"{one['output']}: {_short(found[0]['key'])}")
    if rows:
        yield "Largest effect on other outputs in the same runs (--output NAME looks closer):"
        yield from (f"  {row}" for row in rows)


def _sentence(document: Document) -> str:
    """Return what to measure first, or why nothing stands out."""
    key, output = document["measure_first"], document["output"]
    if key is None:
        return f"Nothing stands out to be measured first for {output}: {document['reason']}."
    (entry,) = (one for one in document["parameters"] if one["key"] == key)
    low, high = entry["range"]
    now = f", now {entry['now']}" if entry["now"] is not None else ""
    note = f' (the figure says: "{entry["note"]}")' if entry["note"] else ""
    said = f"{entry['source']} {low} to {high}{now}"
    return f"Measure this first: {key} ({said}): it decides {output}; {document['reason']}{note}."
