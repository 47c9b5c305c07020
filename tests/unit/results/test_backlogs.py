"""Back-logs of incidents: which queue belongs to one, when it was worked off, and who is still blocked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from results_samples import sample

from jukinet_sim.report.backlog_table import backlog_tables, incident_lines
from jukinet_sim.report.words import Words
from jukinet_sim.results.backlogs import backlogs
from jukinet_sim.results.digest import Part

WATCH = {"name": "broken", "begins_s": 100.0, "ends_s": 200.0, "kind": "pool", "part": "uplink", "places": [0, 1, 2, 3]}
DAY = dt.date(2012, 4, 2)


def digests(*longest: dict[str, tuple[float | None, ...]]) -> list[Any]:
    """A replication for each set of figures of the four places."""
    names = ("a", "b", "c", "d")
    return [
        sample(number, pools={"uplink": Part({"taken": 1}, {}, {}, places, names)})
        for number, places in enumerate(longest)
    ]


def queues(
    length: tuple[float, ...], began: tuple[float | None, ...], peak: tuple[float, ...], end: tuple[float, ...]
) -> dict[str, tuple[float | None, ...]]:
    """What is kept of the queues of four places."""
    return {"queue_peak": peak, "queue_at_end": end, "longest_queue_s": length, "longest_queue_from_s": began}


def test_a_queue_belongs_to_the_incident_during_which_it_began() -> None:
    """Of four places one queued before, one during, one after, one never: only the second has a back-log."""
    (found,) = backlogs(
        digests(queues((10.0, 150.0, 10.0, 0.0), (20.0, 120.0, 300.0, None), (2.0, 7.0, 3.0, 0.0), (0.0,) * 4)), [WATCH], DAY
    )
    (backlog,) = found["backlogs"]
    assert (backlog["name"], backlog["queue_peak"]["value"], backlog["waited_s"]["value"]) == ("b", 7.0, 150.0)
    assert backlog["drained_after_s"]["value"] == pytest.approx(120.0 + 150.0 - 200.0)
    assert backlog["blocked"] == 0
    assert backlog["began"] == "2012-04-02 00:02"


def test_a_queue_that_lasts_to_the_end_is_blocked_and_never_drained() -> None:
    """With somebody still waiting at the end there is no time to drain."""
    (found,) = backlogs(
        digests(queues((900.0, 0.0, 0.0, 0.0), (100.0, None, None, None), (9.0, 0.0, 0.0, 0.0), (4.0, 0.0, 0.0, 0.0))),
        [WATCH],
        None,
    )
    (backlog,) = found["backlogs"]
    assert backlog["blocked"] == 1
    assert backlog["drained_after_s"]["value"] is None
    assert backlog["began"] is None


def test_longest_first_and_means_over_the_replications_that_have_one() -> None:
    """Two replications of one place are averaged; a place with one of two says so."""
    both = queues((120.0, 40.0, 0.0, 0.0), (110.0, 150.0, None, None), (3.0, 1.0, 0.0, 0.0), (0.0,) * 4)
    one = queues((160.0, 0.0, 0.0, 0.0), (110.0, None, None, None), (5.0, 0.0, 0.0, 0.0), (0.0,) * 4)
    (found,) = backlogs(digests(both, one), [WATCH], DAY)
    assert [backlog["name"] for backlog in found["backlogs"]] == ["a", "b"]
    assert found["backlogs"][0]["waited_s"]["value"] == pytest.approx(140.0)
    assert [backlog["in_replications"] for backlog in found["backlogs"]] == [2, 1]


def test_the_table_says_who_waited_until_when() -> None:
    """A sentence for the incident and a row for each place that waited a minute or more."""
    found = backlogs(
        digests(queues((900.0, 150.0, 30.0, 0.0), (100.0, 120.0, 120.0, None), (9.0, 7.0, 1.0, 0.0), (4.0, 0.0, 0.0, 0.0))),
        [WATCH],
        DAY,
    )
    said, *_ = [part for part in backlog_tables({"incidents": found}, Words("en"), everything=False) if part]
    assert said == (
        "incident broken, 2012-04-02 00:01 for 1.667 min: a back-log of uplink at 2 places; "
        "the last was worked off 1.167 min after the repair; 1 still blocked at the end of the run"
    )


def test_no_backlog_is_said_in_one_line() -> None:
    """An incident that nobody waited for has no table."""
    found = backlogs(digests(queues((0.0,) * 4, (None,) * 4, (0.0,) * 4, (0.0,) * 4)), [WATCH], None)
    shown = [part for part in backlog_tables({"incidents": found}, Words("en"), everything=False) if part]
    assert shown == [
        "incident broken, at 1.667 min for 1.667 min: nobody waited at uplink"
    ]


def counted(waited: tuple[float, ...], waiting: tuple[float, ...]) -> dict[str, tuple[float | None, ...]]:
    """Longest queues of another time, and what was counted at four places while the incident lasted."""
    elsewhere = queues((900.0,) * 4, (5000.0,) * 4, (9.0,) * 4, (0.0,) * 4)
    return {**elsewhere, "incident_waited_s.broken": waited, "incident_waiting.broken": waiting}


def test_an_incident_is_seen_beside_longer_queues_of_other_times() -> None:
    """Means over two replications: 9,000 s and 5,400 s of waiting, 12 and 8 jobs waiting at the end, at two of four places."""
    first = counted((9000.0, 0.0, 0.0, 0.0), (12.0, 0.0, 0.0, 0.0))
    both = digests(first, counted((1800.0, 3600.0, 0.0, 0.0), (0.0, 8.0, 0.0, 0.0)))
    found = backlogs(both, [WATCH], DAY)
    assert (found[0]["backlogs"], found[0]["places_waiting"]) == ([], 2)
    assert (found[0]["waited_in_all_s"]["value"], found[0]["waiting_at_end"]["value"]) == (7200.0, 10.0)
    (line,) = incident_lines({"incidents": found})
    assert " ".join(line.split()) == (
        "INCIDENT broken, 2012-04-02 00:01 for 1.667 min: 10 waited at uplink at 2 places when it ended, "
        "after 2 h of waiting in all"
    )


def test_only_the_watched_places_are_counted() -> None:
    """What waits elsewhere meanwhile is not the incident's."""
    (found,) = backlogs(digests(counted((1.0, 2.0, 4.0, 8.0), (1.0, 1.0, 1.0, 1.0))), [{**WATCH, "places": [1, 3]}], DAY)
    assert (found["waited_in_all_s"]["value"], found["waiting_at_end"]["value"], found["places_waiting"]) == (10.0, 2.0, 2)


def test_an_incident_without_effect_says_so_at_the_top() -> None:
    """One line for an incident, however many queues are watched because of it."""
    nothing = digests(counted((0.0,) * 4, (0.0,) * 4))
    (line,) = incident_lines({"incidents": backlogs(nothing, [WATCH, WATCH], DAY)})
    assert line.endswith("nobody waited because of it")
