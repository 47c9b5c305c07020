"""The result document as the tables that `run` and `show` print."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.base.units import UnitError, format_duration, parse_duration
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.report.backlog_table import backlog_tables, incident_lines
from jukinet_sim.report.experiment_figures import unit_for
from jukinet_sim.report.measures_table import assumption_tables, measures_table
from jukinet_sim.report.monitoring_table import monitoring_tables
from jukinet_sim.report.monthly_table import monthly_table
from jukinet_sim.report.numbers import PERCENT, PLAIN, UNDEFINED, Unit, count, interval, time_unit
from jukinet_sim.report.operators_table import operators_tables
from jukinet_sim.report.places_table import place_tables, places_note, worst_tables
from jukinet_sim.report.record_table import record_tables
from jukinet_sim.report.stuck_lines import stuck_lines
from jukinet_sim.report.terminal import Table, fitted, last_below, table
from jukinet_sim.report.words import Words
from jukinet_sim.results.stuck import in_words

Document = Mapping[str, Any]
_SHOWN = 12
_SMALL_FAMILY = 4
_POINTS = ("mean", "p95", "p99")
_SEARCHED = re.compile(r", (busiest|worst) ")
_TROUBLES = {"refused": ("loss_fraction", 0.0), "available": ("availability", 1.0), "blocked": ("blocked", 0.0)}
"""How a station may fail to just serve: under which key it is found, and what it is where nothing is wrong."""
_FAILURES = ("lost", "abandoned", "retried", "late")


def run_tables(document: Document, language: str, *, everything: bool, name: str) -> Iterator[str | Table]:
    """Yield the tables of a result document; where there are many flows or stations, the biggest unless `everything`.

    `name` is how `show` finds the run again.
    """
    words = Words(language)
    yield headline(document)
    yield from stuck_lines(document)
    yield from incident_lines(document)
    if "measures" in document:
        yield measures_table(document["measures"], words)
        if "assumptions" not in document:
            yield "How much of this is assumption: run it with --assumptions 40."
    if "assumptions" in document:
        yield from assumption_tables(document["assumptions"], words)
    done = DOMAIN.without_people(document["flows"])
    flows, more = _biggest(done, "records", everything)
    yield flows_table(flows, words, everything=everything)
    yield from failures_tables(flows, words)
    if more:
        yield f"and {more} smaller or empty ones: jukinet show {name} --all"
    yield from _families(done)
    if document["stations"]:
        visited, more = visited_stations(DOMAIN.without_counts(document["stations"]), everything)
        if visited:
            found = stations_table(visited, words, everything=everything)
            fitting, left_out = (found, []) if everything else fitted(found, words("queue"))
            yield fitting
            if left_out:
                yield f"and the lengths of the queues: jukinet show {name} --all"
        if more:
            who = "stations to which nobody came" if more > 1 else "station to which nobody came"
            yield f"and {more:,} {who}: jukinet show {name} --all"
        yield from troubles_tables(visited, words)
        yield from suites_tables(document["stations"])
        yield from operators_tables(DOMAIN.operated(document))
        yield from monitoring_tables(DOMAIN.watched(document))
    if document["pools"]:
        yield pools_table(document["pools"], words)
    yield from place_tables(document, words, everything=everything, name=name)
    yield from backlog_tables(document, words, everything=everything)
    if document["slo"]:
        yield last_below(levels_table(document["slo"], words, "stuck" if "stuck" in document else "partial run"))
    if "outputs" in document:
        yield last_below(outputs_table(document["outputs"], words))
    if "monthly" in document:
        yield monthly_table(document["monthly"], words)
    yield from record_tables(document, words)
    yield from worst_tables(document, words)
    yield from places_note(document)


def headline(document: Document) -> str:
    """Return one line about the run as a whole, with what is wrong with it if it is not complete."""
    replications = document["replications"]
    line = (
        f"{document['scenario']}: {replications} replication{'s' if replications != 1 else ''}, seed {document['seed']}, "
        f"engine {document['engine']}, warm-up {format_duration(document['warm_up_s'])}, fingerprint {document['fingerprint']}"
    )
    sums = "counts are sums over the replications" + (", measures are per replication" if "measures" in document else "")
    line += "; intervals n/a with one replication" if replications == 1 else f"; {sums}"
    if document.get("title"):
        line += f"\n{document['title']}"
    if document.get("variant"):
        line += f"\nwith {' '.join(document['variant'])}"
    if "warm_up_note" in document:
        line += f"\nWARNING: {document['warm_up_note']}"
    if document["status"] != "complete":
        line += f"\n{document['status'].upper()}: {why_not_complete(document)}"
    return line


def why_not_complete(document: Document) -> str:
    """Return in words why a document is not that of a complete run."""
    reasons = [document["limit"]] if "limit" in document else []
    if "stuck" in document:
        reasons.append(in_words(document["stuck"]))
    return "; ".join(reasons) or "not all replications ran"


def _biggest(parts: Mapping[str, Any], by: str, everything: bool) -> tuple[dict[str, Any], int]:
    """Return the parts to show in their own order, and how many are left out."""
    if everything or len(parts) <= _SHOWN:
        return dict(parts), 0
    sizes = Counter(name.split(".")[0] for name in parts)

    def rank(name: str) -> tuple[bool, bool, float, str]:
        """Flows of a small family first, so that a large family does not crowd them out; never an empty flow."""
        return parts[name][by] == 0, sizes[name.split(".")[0]] > _SMALL_FAMILY, -parts[name][by], name

    chosen = {name for name in sorted(parts, key=rank)[:_SHOWN] if parts[name][by] > 0}
    return {name: part for name, part in parts.items() if name in chosen}, len(parts) - len(chosen)


def visited_stations(stations: Mapping[str, Any], everything: bool) -> tuple[dict[str, Any], int]:
    """Return the stations to show, and how many of a large network are left out because nobody was ever there."""
    if everything or len(stations) <= _SHOWN:
        return dict(stations), 0
    visited = {name: part for name, part in stations.items() if part["in_station"]["value"] or part["arrived"]}
    return visited, len(stations) - len(visited)


def suites_tables(stations: Mapping[str, Any]) -> Iterator[str | Table]:
    """Yield which suites messages used, by link, where suites were exchanged."""
    counts = DOMAIN.suites_used(stations)
    if counts:
        rows = [(one.link, f"{one.old:,}", f"{one.new:,}", f"{one.lost:,}") for one in counts]
        yield table(("messages from-to", "by the old suite", "by the new one", "lost: none in common"), rows)


def _families(flows: Mapping[str, Any]) -> Iterator[str]:
    """Yield the records of each family of flows, those whose names begin alike up to a dot."""
    families: dict[str, list[int]] = {}
    for name, part in flows.items():
        if "." in name:
            families.setdefault(name.split(".")[0], []).append(part["records"])
    for family, records in families.items():
        yield f"{family}.* in all: {len(records)} flows, {sum(records):,} records"


def flows_table(flows: Mapping[str, Any], words: Words, *, everything: bool) -> Table:
    """Return the flows; what fits, unless `everything`: no p95, and records where they differ."""
    points = _POINTS if everything else ("mean", "p99")
    in_files = everything or any(part["records"] != part["completed"] for part in flows.values())
    sojourn = time_unit(part["sojourn_s"][point] for part in flows.values() for point in points)
    wait = time_unit(part["wait_s"]["mean"] for part in flows.values())
    columns = [words("flow"), words("completed"), *([words("records")] if in_files else [])]
    columns += [words("sojourn", point, sojourn.name) for point in points]
    columns += [words("wait", "mean", wait.name)]
    rows = [
        [
            name,
            count(part["completed"]),
            *([count(part["records"])] if in_files else []),
            *(interval(part["sojourn_s"][point], sojourn) for point in points),
            interval(part["wait_s"]["mean"], wait),
        ]
        for name, part in flows.items()
    ]
    return table(columns, rows)


def failures_tables(flows: Mapping[str, Any], words: Words) -> Iterator[Table]:
    """Yield the table of flows that lost jobs, gave up or tried again, if there are any; in a table of its own it fits."""
    failed = {name: part for name, part in flows.items() if any(part.get(key) for key in _FAILURES)}
    shown = [key for key in _FAILURES if any(part.get(key) for part in failed.values())]
    fractions = {"lost": "loss_fraction", "abandoned": "abandon_fraction", "late": "late_fraction"}
    shares = [key for key in shown if key in fractions]
    rows = [
        [
            name,
            *(count(part[key]) if key in part else UNDEFINED for key in ("arrived", *shown)),
            *(interval(part[fractions[key]], PERCENT) if fractions[key] in part else UNDEFINED for key in shares),
        ]
        for name, part in failed.items()
    ]
    if rows:
        columns = [words("flow"), *(words(key) for key in ("arrived", *shown)), *(words(key, "%") for key in shares)]
        yield table(columns, rows)


def stations_table(stations: Mapping[str, Any], words: Words, *, everything: bool) -> Table:
    """Return the table of stations.

    The mean utilisation has that of the busiest hour at the worst place beside it, and when and where that was if
    `everything` is shown. A station whose servers are shared has no queue, so that how many jobs it holds is shown beside it.
    """
    wait = time_unit(part["wait_s"][point] for part in stations.values() for point in ("mean", "p95"))
    sizes = [("queue", "queue_length")]
    if any(part["discipline"] == "ps" for part in stations.values()):
        sizes.append(("inside", "in_station"))
    hourly = any("busiest_hour" in part for part in stations.values())
    columns = [words("station"), words("utilisation", "%"), *([words("busiest hour", "%")] if hourly else [])]
    columns += [words(word) for word, _ in sizes]
    columns += [words("wait", point, wait.name) for point in ("mean", "p95")]
    columns += [words("in the hour from")] if hourly and everything else []
    rows = [
        [
            name,
            interval(part["utilisation"], PERCENT),
            *([_busiest_hour(part)] if hourly else []),
            *(interval(part[key]) for _, key in sizes),
            *(interval(part["wait_s"][point], wait) for point in ("mean", "p95")),
            *([when_and_where(part.get("busiest_hour", {}).get("at"))] if hourly and everything else []),
        ]
        for name, part in stations.items()
    ]
    return table(columns, rows, right=len(columns) - (hourly and everything))


def troubles_tables(stations: Mapping[str, Any], words: Words) -> Iterator[Table]:
    """Yield the table of stations that refused, failed or were blocked, if there are any."""
    troubled = {
        name: {key: part[key] for key, usual in _TROUBLES.values() if part.get(key, {}).get("value") not in (None, usual)}
        for name, part in stations.items()
    }
    shown = {word: key for word, (key, _) in _TROUBLES.items() if any(key in found for found in troubled.values())}
    rows = [
        (name, *(interval(stations[name][key], PERCENT) if key in stations[name] else UNDEFINED for key in shown.values()))
        for name, found in troubled.items()
        if found
    ]
    if rows:
        yield table((words("station"), *(words(word, "%") for word in shown)), rows)


def _busiest_hour(part: Mapping[str, Any]) -> str:
    return interval(part["busiest_hour"]["utilisation"], PERCENT) if "busiest_hour" in part else UNDEFINED


def when_and_where(at: Mapping[str, Any] | None) -> str:
    """Return when a window began and at which place: `2012-07-09 09:00, 13-101 Tokyo`."""
    return "" if at is None else ", ".join(told for told in (at["from"], at["place"]) if told is not None)


def pools_table(pools: Mapping[str, Any], words: Words) -> Table:
    """Return the table of pools."""
    wait = time_unit(part["wait_s"]["mean"] for part in pools.values())
    rows = [(name, interval(part["in_use"]), interval(part["wait_s"]["mean"], wait)) for name, part in pools.items()]
    return table((words("pool"), words("in use"), words("wait", "mean", wait.name)), rows)


def levels_table(levels: list[Mapping[str, Any]], words: Words, cut_short: str) -> Table:
    """Return the table of service levels; `cut_short` says why some cannot be decided."""
    rows = []
    # What a service level says itself, the beginning of a window or the name of a place, is not said again.
    looked = [when_and_where(level.get("at")) if _SEARCHED.search(level["text"]) else "" for level in levels]
    for level, where in zip(levels, looked, strict=True):
        at = [where] if any(looked) else []
        unit = unit_of_bound(level["text"])
        verdict = f"{words('undecided')} ({cut_short})" if level["met"] is None else words("met" if level["met"] else "missed")
        if level["value"]["value"] is None:
            rows.append((level["text"], "nothing observed" + (" there" if "at" in level else ""), verdict, *at))
            continue
        shown = interval(level["value"], unit)
        rows.append((level["text"], f"{shown} {unit.name}".rstrip(), verdict, *at))
    heads = (words("service level"), words("value"), "", *([words("from, at")] if any(looked) else []))
    return table(heads, rows, right=2)


def outputs_table(outputs: Sequence[Mapping[str, Any]], words: Words) -> Table:
    """Return the table of figures that the scenario shows beside those it judges."""
    looked = [when_and_where(one.get("at")) if _SEARCHED.search(one["name"]) else "" for one in outputs]
    rows = []
    for one, where in zip(outputs, looked, strict=True):
        unit = unit_for(one["name"], [one["value"]])
        shown = UNDEFINED if one["value"]["value"] is None else f"{interval(one['value'], unit)} {unit.name}".rstrip()
        rows.append((one["name"], shown, *([where] if any(looked) else [])))
    return table((words("output"), words("value"), *([words("from, at")] if any(looked) else [])), rows, right=1)


def unit_of_bound(text: str) -> Unit:
    """Return the unit in which the author wrote the bound of a service level, so that the value reads beside it."""
    name = text.rsplit(" ", 1)[-1]
    if name == "%":
        return PERCENT
    try:
        return Unit(name, parse_duration(f"1 {name}"))
    except UnitError:
        return PLAIN
