"""Names of the pools, states, stations and flows that come with operators."""

SESSION, AT_WORK, HELPED = "session", "logging_on", "log_on_helped"
"""Pools: the sessions of a municipality's terminals, and two tokens a terminal, one held by who logs on there, one by what has
gone wrong with that; others wait for them until it is done."""
TERMINAL = "terminal_of_municipality"
"""The level of places at which every terminal is one."""
METHOD, PEOPLE = "operators.method", "operators.number"
"""States of a municipality: which method holds, and how many operators it has."""
OVER = "operators.over"
"""A state of the nation: whether the run is over."""
OLD, BOTH, NEW = range(3)
"""Which one holds: that of before, both, the new one alone."""
COUNTED = "log_ons."
"""Stations that log-ons pass without taking time, counted by what happens and by method: `log_ons.locked.card`."""
BEGUN = "begun"
LOG_ON = "log-on."
OPENING, CHANGE, TIME_OUT = "log-on.opening", "log-on.change", "log-on.time-out"
OPERATOR = "operator."
STARTS = ".starts"
"""Flows, by pool of terminals: who sits at one, day after day, and the job that sets this off at each terminal."""
MISUSE, GOT_IN = "misuse.", ".got-in"
ENROLMENT = "enrolment"
"""Operators who are enrolled for the new method."""


def counted_as(method: str, event: str) -> str:
    """Return the station at which an event of a method is counted."""
    return f"{COUNTED}{event}.{method}"
