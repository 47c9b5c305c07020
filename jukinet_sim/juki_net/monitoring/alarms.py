"""The arithmetic of alarms, apart from any station: how much an alarm is worth, and what can be said of attacks never seen.

Probabilities are per message, as an intrusion detection system (IDS) judges one message after another.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class TrafficClass:
    """Messages that an IDS judges alike: how many come a day, how often one is an intrusion, and how often it raises an alarm.

    `base_rate` is the share of intrusions, `detection` the probability of an alarm given one, `false_alarm` that given none.
    """

    per_day: float
    base_rate: float
    detection: float
    false_alarm: float


def intrusion_given_alarm(base_rate: float, detection: float, false_alarm: float) -> float:
    """Return P(intrusion | alarm) by Bayes' rule (Axelsson 2000, The base-rate fallacy, ACM TISSEC 3(3)).

    Raises ValueError for what is no probability, and where no alarm is ever raised.
    """
    _check(base_rate=base_rate, detection=detection, false_alarm=false_alarm)
    true, false = base_rate * detection, (1.0 - base_rate) * false_alarm
    if true + false == 0.0:
        raise ValueError("no alarm is ever raised, so that nothing can be said given one")
    return true / (true + false)


def intrusion_given_silence(base_rate: float, detection: float, false_alarm: float) -> float:
    """Return P(intrusion | no alarm) by Bayes' rule. Raises ValueError like `intrusion_given_alarm`."""
    return intrusion_given_alarm(base_rate, 1.0 - detection, 1.0 - false_alarm)


def largest_false_alarm(base_rate: float, detection: float, wanted: float) -> float:
    """Return the false-alarm probability at which P(intrusion | alarm) is as large as wanted: Bayes' rule solved for it.

    Below this threshold an alarm is worth more (Axelsson 2000). It is 1 where even an alarm for every message would do.
    Raises ValueError for what is no probability, and for a base rate of 1.
    """
    _check(base_rate=base_rate, detection=detection, wanted=wanted)
    if base_rate == 1.0:
        raise ValueError("where every message is an intrusion, no alarm is false")
    if wanted == 0.0:
        return 1.0
    return min(1.0, base_rate * detection * (1.0 - wanted) / ((1.0 - base_rate) * wanted))


def alerts_per_day(classes: Iterable[TrafficClass]) -> float:
    """Return the expected alerts a day, true and false."""
    return math.fsum(
        one.per_day * (one.base_rate * one.detection + (1.0 - one.base_rate) * one.false_alarm) for one in classes
    )


def worth_of_an_alarm(classes: Iterable[TrafficClass]) -> float:
    """Return P(intrusion | alarm) over traffic of several classes. Raises ValueError where no alarm is ever raised."""
    known = list(classes)
    true = math.fsum(one.per_day * one.base_rate * one.detection for one in known)
    every = alerts_per_day(known)
    if every == 0.0:
        raise ValueError("no alarm is ever raised, so that nothing can be said given one")
    return true / every


def none_seen_bound(days: float, confidence: float = 0.95, detection: float = 1.0) -> float:
    """Return the largest rate a year of which none seen in so many days is still plausible: -ln(1 - confidence) / exposure.

    For 95 % the numerator is 3.00, the rule of three (Hanley and Lippman-Hand 1983, If nothing goes wrong, is everything all
    right?). It bounds what would have been detected; with a smaller probability of detection the rate that it bounds is
    larger. Raises ValueError for no days, and for a confidence or detection outside (0, 1) and (0, 1].
    """
    if not (days > 0.0 and 0.0 < confidence < 1.0 and 0.0 < detection <= 1.0):
        raise ValueError("give days above 0, a confidence between 0 and 1, and a detection above 0 of at most 1")
    return -math.log1p(-confidence) / (days / 365.25 * detection)


def _check(**probabilities: float) -> None:
    for name, value in probabilities.items():
        if not 0.0 <= value <= 1.0:
            raise ValueError(f"{name} is {value}, which is no probability")
