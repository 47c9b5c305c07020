"""The series of a run as rows: one for each part and bin, over all replications or for each alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from jukinet_sim.metrics import Kind as PartKind
from jukinet_sim.report.exports.columns import series_column
from jukinet_sim.report.rows import Kind, Tidy
from jukinet_sim.results.digest import Part, ReplicationDigest
from jukinet_sim.results.moments import moment

_KINDS: tuple[PartKind, ...] = ("flow", "station", "pool")


def series_tables(
    document: Mapping[str, Any], digests: Sequence[ReplicationDigest], first_day: dt.date | None
) -> Iterator[tuple[str, Tidy]]:
    """Yield the table of means over replications and that of single replications; none where no series was kept.

    `from_s` is when a bin begins, since the start of the run; with a `first_day`, `from` is the date and hour (JST).
    """
    bin_s = digests[0].series_bin_s
    if bin_s is None:
        return
    starts = _Starts(bin_s, first_day)
    means = {
        kind: {name: part["series"] for name, part in document[f"{kind}s"].items() if "series" in part} for kind in _KINDS
    }
    yield "series", _tidy({}, list(_rows(means, starts, {})), dated=first_day is not None)
    alone = [
        row
        for digest in digests
        for row in _rows(_series(digest), starts, {"replication": digest.replication})
    ]
    yield "series_by_replication", _tidy({"replication": "count"}, alone, dated=first_day is not None)


class _Starts:
    """When each bin begins."""

    def __init__(self, bin_s: float, first_day: dt.date | None) -> None:
        self._bin_s, self._first_day = bin_s, first_day
        self._known: list[dict[str, Any]] = []

    def __call__(self, number: int) -> dict[str, Any]:
        """Return the columns of a bin."""
        while len(self._known) <= number:
            at_s = len(self._known) * self._bin_s
            dated = {} if self._first_day is None else {"from": moment(self._first_day, at_s)}
            self._known.append({"bin": len(self._known), "from_s": at_s, **dated})
        return self._known[number]


def _series(digest: ReplicationDigest) -> dict[PartKind, dict[str, Mapping[str, Any]]]:
    """Return the quantities of each part of a replication."""

    def of(parts: Mapping[str, Part]) -> dict[str, Mapping[str, Any]]:
        return {name: part.series for name, part in parts.items()}

    return {cast("PartKind", kind): of(parts) for kind, parts in digest.kinds().items()}


def _rows(
    parts: Mapping[PartKind, Mapping[str, Mapping[str, Any]]], starts: _Starts, told: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for kind, named in parts.items():
        for name, series in named.items():
            columns = {series_column(kind, key): numbers for key, numbers in series.items() if key != "bin_s"}
            for number in range(max(map(len, columns.values()), default=0)):
                values = {column: numbers[number] for column, numbers in columns.items() if number < len(numbers)}
                yield {**told, "kind": kind, "name": name, **starts(number), **values}


def _tidy(told: Mapping[str, Kind], rows: Sequence[Mapping[str, Any]], *, dated: bool) -> Tidy:
    columns: dict[str, Kind] = {**told, "kind": "text", "name": "text", "bin": "count", "from_s": "number"}
    columns |= {"from": "text"} if dated else {}
    found = dict.fromkeys(column for row in rows for column in row if column not in columns)
    return Tidy({**columns, **dict.fromkeys(found, "number")}, rows)
