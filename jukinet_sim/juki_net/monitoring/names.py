"""The names under which a run keeps what monitoring and attacks bring with them: flows, stations, pools and states."""

from __future__ import annotations

ANALYSTS = "analysts"
"""The station at which alerts, alarms and logs are worked on."""
ALERT, ALARM, ATTACK = "alert.", "alarm.", "attack."
FALSE = ALERT + "false"
"""Alerts about what is no intrusion."""
BY_PREFECTURE, FROM_LOG, BY_MUNICIPALITY = ".by-prefecture", ".from-log", ".by-municipality"
"""What ends the names of alerts that others look at than the analysts, or that come from a log."""
NOTICED = ".noticed"
"""What ends the name of the job that begins with an attack and completes when it is noticed."""
LOG_ANALYSIS = "log-analysis"
EQUIPMENT = ALARM + "equipment"
INCIDENT = ALERT + "incident."
DROP_LOG = "drop_log."
"""Stations that stand for a firewall's log of what it drops: nobody is served there, each attempt at it is a line."""
UNNOTICED = "unnoticed."
"""Stations at which attacks are counted that nobody has noticed in time."""
RATE_LIMIT = "rate_limit"
ENTRUSTED = "watched_by_centre"
"""State of a prefecture: 1 where the national centre watches its network."""
UNSEEN, SEEN, OVER = range(3)
"""States of an attack that has a beginning: not noticed so far, noticed, and nobody looks any more."""


def is_count(station: str) -> bool:
    """Tell whether a station stands for a count."""
    return station.startswith((DROP_LOG, UNNOTICED))


def drop_log(where: str, attack: str) -> str:
    """Return the station at which attempts of an attack are counted that are dropped somewhere."""
    return f"{DROP_LOG}{where}.{attack}"


def seen(attack: str) -> str:
    """Return the state of an attack, and the flow whose job waits for its being noticed."""
    return f"{ATTACK}{attack}{NOTICED}"
