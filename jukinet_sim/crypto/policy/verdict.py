"""Rows asked for a suite at a date: what it may make, and what of its making may still be verified and decrypted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jukinet_sim.crypto.policy.rows import STATUSES, Row
from jukinet_sim.crypto.policy.uses import Use, uses
from jukinet_sim.crypto.suite import Suite

NOT_COVERED = "not covered"
"""The status of what an authority does not speak of; it decides nothing."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an authority says of one use, and where."""

    use: Use
    status: str
    source: str
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an authority says of a suite at a date: of making something new, and of what was made before."""

    suite: str
    authority: str
    date: dt.date
    generates: str
    verifies: str
    findings: tuple[Finding, ...]


def judge(suite: Suite, authority: str, rows: Sequence[Row], date: dt.date) -> Verdict:
    """Return the verdict of an authority by its rows: the worst of what it says, but of a hybrid's parts the best."""
    findings = tuple(_look_up(use, rows, date) for use in uses(suite))
    making = _worst(finding for finding in findings if finding.use.generates)
    taking = _worst(finding for finding in findings if not finding.use.generates)
    return Verdict(suite.name, authority, date, making, taking, findings)


def _look_up(use: Use, rows: Sequence[Row], date: dt.date) -> Finding:
    """Return what the first row says that speaks of this use and holds on this day."""
    for row in rows:
        if row.speaks_of(use.algorithm, use.parameter, use.use) and row.holds_on(date):
            return Finding(use, row.status, row.source, row.last)
    return Finding(use, NOT_COVERED, "", None)


def _worst(findings: Iterable[Finding]) -> str:
    """Return the worst status; the parts of a hybrid count as the best of them, a signature with its hash as the worse."""
    groups: dict[tuple[str, str], list[list[str]]] = {}
    for finding in findings:
        use = finding.use
        parts = groups.setdefault((use.hybrid or f"{use.algorithm} {use.parameter}", use.use), [])
        if use.algorithm == "hash" and use.hybrid:
            parts[-1].append(finding.status)
        else:
            parts.append([finding.status])
    return _max(_best(map(_max, parts)) for parts in groups.values())


def _best(statuses: Iterable[str]) -> str:
    """Return the best of the statuses that decide."""
    return min((status for status in statuses if status != NOT_COVERED), key=_rank, default=NOT_COVERED)


def _rank(status: str) -> int:
    return -1 if status == NOT_COVERED else STATUSES.index(status)


def _max(statuses: Iterable[str]) -> str:
    return max(statuses, key=_rank, default=NOT_COVERED)
