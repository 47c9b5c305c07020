"""What is known about the network: reported figures, published anchors and, kept apart, our own assumptions.

Tables are read when first asked for and never change; a figure may be called reported only if `figure(key)` finds it.
"""

from jukinet_sim.calendar import MONTHLY_SHARES, MonthShares
from jukinet_sim.juki_net.facts.coverage import VERDICTS, Coverage, Verdict, coverage
from jukinet_sim.juki_net.facts.figures import (
    IDENTITIES,
    Contradiction,
    Identity,
    ReportedFigure,
    contradictions,
    figure,
    number,
    reported,
)
from jukinet_sim.juki_net.facts.places import REGISTER_POPULATION, DesignatedCity, Prefecture, designated_cities, prefectures
from jukinet_sim.juki_net.facts.provisions import Provision, provisions


def monthly_shares() -> tuple[MonthShares, ...]:
    """Give the assumed shares of moves, births and deaths by month of FY2012, each give or take 20 %."""
    return MONTHLY_SHARES


__all__ = [
    "IDENTITIES",
    "REGISTER_POPULATION",
    "VERDICTS",
    "Contradiction",
    "Coverage",
    "DesignatedCity",
    "Identity",
    "MonthShares",
    "Prefecture",
    "Provision",
    "ReportedFigure",
    "Verdict",
    "contradictions",
    "coverage",
    "designated_cities",
    "figure",
    "monthly_shares",
    "number",
    "prefectures",
    "provisions",
    "reported",
]
