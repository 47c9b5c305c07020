"""Who waits for ever, in sentences: which pools or stations, who holds what and waits for what, since when, how many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jukinet_sim.base.units import format_duration
from jukinet_sim.report.numbers import count, plain
from jukinet_sim.results.stuck import in_words


def stuck_lines(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a document that say who is stuck at what; none where nobody is."""
    for one in document.get("stuck", ()):
        yield ""
        yield f"STUCK: {_what(one)}"
        for holder in one["holders"]:
            s = "s" if holder["jobs"]["value"] == 1.0 else ""
            yield (
                f"  {_jobs(holder['jobs'])} of {holder['flow']} hold{s} {holder['holds']} and wait{s} for "
                f"{_wanted(one, holder)}, since {_time(holder['since_s'])}"
            )
        if one["kind"] == "deadlock":
            yield (
                "  Figures hold for the time before it only. Take the pools in the same order everywhere, or give the flows a "
                "timeout."
            )
        elif one["kind"] == "blocked":
            yield (
                "  Figures hold for the time before it only. Give one of the stations a larger capacity, let one of the visits "
                "do without hold, or give the flows a timeout."
            )


def _what(one: Mapping[str, Any]) -> str:
    """Say what is stuck, how long, in how many replications, and how many jobs that holds up."""
    alike = one["places"]["value"]
    places = f" (and alike at {plain(alike)} places in all)" if alike > 1.0 else ""
    runs = one["of_replications"]
    within = f"in {one['in_replications']} of {runs} replications" if runs > 1 else ""
    since = "since" if one["kind"] in ("deadlock", "blocked") else "the first came at"
    parts = [f"{in_words([one])}{places}", within, f"{since} {_time(one['since_s'])}", f"{_jobs(one['jobs'])} inside for good"]
    return ", ".join(part for part in parts if part)


def _wanted(one: Mapping[str, Any], holder: Mapping[str, Any]) -> str:
    return f"a token of {holder['waits_for']}" if holder["waits_for"] in one["where"] else str(holder["waits_for"])


def _jobs(value: Mapping[str, Any]) -> str:
    mean = value["value"]
    number = count(int(mean)) if mean == int(mean) else f"{mean:,.1f}"
    return f"{number} job{'' if mean == 1.0 else 's'}"


def _time(value: Mapping[str, Any]) -> str:
    """Return an instant; over several replications its mean and the earliest."""
    known = [number for number in value["per_replication"] if number is not None]
    mean = format_duration(float(f"{value['value']:.3g}"))
    if len(known) < 2:
        return mean
    return f"{mean} on average ({format_duration(float(f'{min(known):.3g}'))} at the earliest)"
