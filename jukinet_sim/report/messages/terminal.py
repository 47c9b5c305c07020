"""What the terminal says in English, and the same in Japanese: whole lines, and sayings within them and in cells, by topic."""

from __future__ import annotations

from jukinet_sim.report.messages import (
    calendars,
    checks,
    experiments,
    explained,
    incidents,
    lives,
    log_on,
    refusals,
    runs,
    suites,
    verified,
)
from jukinet_sim.report.messages.headings import CELLS, HEADINGS, LABELLED, LABELS, NAMED, PHRASES

__all__ = ["CELLS", "HEADINGS", "LABELLED", "LABELS", "LINES", "NAMED", "PHRASES", "SAYINGS"]

_TOPICS = (runs, incidents, experiments, checks, explained, calendars, lives, suites, log_on, verified, refusals)
LINES: tuple[tuple[str, str], ...] = tuple(line for topic in _TOPICS for line in topic.LINES)
"""Whole lines; what stands in braces is taken over but for phrases, and told in words of its own where it is `why` or `did`."""
SAYINGS: tuple[tuple[str, str], ...] = tuple(saying for topic in _TOPICS for saying in topic.SAYINGS)
"""What is said in a cell, or in the braces of a line, as a whole or between semicolons and commas; `n` is a number."""
