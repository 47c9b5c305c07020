"""Biometrics: captures that are matched, rejected in rows, locked after three; who cannot be enrolled needs a supervisor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jukinet_sim.authentication.beta_binomial import after_rejections
from jukinet_sim.authentication.method import Method, Parameter, Setting
from jukinet_sim.authentication.plan import CALLED, FELL_BACK, IN, LOCKED, REJECTED, Plan, Stage, Time, Way, Work

CAPTURES = 3
"""Captures that may be rejected before somebody has to help."""

PARAMETERS = (
    Parameter("identify", 2.0, 0.0, 5.0, "s", "typing one's number, where one template is asked for"),
    Parameter("capture", 3.0, 1.5, 8.0, "s", "the hand over the sensor until its picture is good"),
    Parameter("cv", 0.5, 0.0, 1.5, "", "how much people's times vary: half of their mean", 10.0),
    Parameter("match", 0.02, 0.001, 0.2, "s", "the server compares two templates"),
    Parameter("one_to_many", 0.0, 0.0, 1.0, "", "0: with the template of whom one says to be; 1: with those of all", 1.0),
    Parameter("false_rejects", 0.02, 0.01, 0.04, "",
              "rejected captures of the right person: a field figure; vendors of palm-vein sensors publish 0.01 %", 1.0),
    Parameter("correlation", 0.3, 0.05, 0.6, "",
              "cold hands and bad templates stay what they are: two captures of one person are not independent", 1.0),
    Parameter("false_accepts", 8e-7, 1e-8, 1e-3, "",
              "accepted captures of a wrong person: 0.00008 % is published by a vendor of palm-vein sensors", 1.0),
    Parameter("cannot_enrol", 0.005, 0.001, 0.03, "", "operators of whom no template can be made", 1.0),
    Parameter("supervise", 120.0, 30.0, 600.0, "s", "a supervisor comes and vouches for the operator"),
    Parameter("fall_back", 0.5, 0.0, 1.0, "", "rejected three times and helped on by a supervisor; others are locked", 1.0),
    Parameter("by_centre", 0.3, 0.0, 1.0, "", "locks that the office's own administrator cannot undo alone", 1.0),
    Parameter("unlock", 600.0, 120.0, 3600.0, "s", "find the administrator, show who one is, be enrolled again"),
    Parameter("deceived", 0.02, 0.0, 0.2, "", "supervisors who vouch for a wrong person", 1.0),
)  # fmt: skip


def make(values: Mapping[str, float], setting: Setting) -> Plan:
    """Return the plan of a log-on by biometrics; how often somebody logs on changes nothing."""
    return Plan(tuple(_stages(values)), _ways(values))


def _stages(v: Mapping[str, float]) -> Iterator[Stage]:
    many = v["one_to_many"]
    cannot = v["cannot_enrol"]
    yield Stage("begin", outcomes=(("capture.1", 1.0 - cannot), ("not-enrolled", cannot)))
    yield Stage("not-enrolled", counts=FELL_BACK, outcomes=(("supervise", 1.0),))
    # With one template asked for it is one comparison whoever is known, with all of them one for each.
    work = Work(v["match"] * (1.0 - many), v["match"] * many)
    for k in range(CAPTURES):
        rejected = after_rejections(v["false_rejects"], v["correlation"], k)
        seconds = v["capture"] + (v["identify"] * (1.0 - many) if k == 0 else 0.0)
        outcomes = ((IN, 1.0 - rejected), (f"reject.{k + 1}", rejected))
        yield Stage(f"capture.{k + 1}", Time(seconds, v["cv"]), work, outcomes)
        last = (("helped", v["fall_back"]), ("locked", 1.0 - v["fall_back"]))
        on = ((f"capture.{k + 2}", 1.0),) if k + 1 < CAPTURES else last
        yield Stage(f"reject.{k + 1}", counts=REJECTED, outcomes=on)
    yield Stage("locked", counts=LOCKED, outcomes=(("call", v["by_centre"]), ("unlock", 1.0 - v["by_centre"])))
    yield Stage("call", counts=CALLED, telephones=True, outcomes=(("unlock", 1.0),))
    yield Stage("unlock", Time(v["unlock"], v["cv"]), outcomes=((IN, 1.0),))
    yield Stage("helped", counts=FELL_BACK, outcomes=(("supervise", 1.0),))
    yield Stage("supervise", Time(v["supervise"], v["cv"]), Work(), outcomes=((IN, 1.0),))


def _ways(v: Mapping[str, float]) -> tuple[Way, ...]:
    one = 1.0 - (1.0 - v["false_accepts"]) ** CAPTURES
    weakest = v["cannot_enrol"] * v["deceived"]
    no_card = "there is no card; left is to pass for one of those who are not enrolled, if a supervisor is deceived"
    return (
        Way("lent-card", weakest, no_card),
        Way("stolen-card", weakest, no_card),
        Way("shoulder-surfed-pin", weakest, no_card),
        Way("impostor", one, f"one of {CAPTURES} captures is accepted, each by chance of its own", v["one_to_many"] > 0.0),
    )


BIOMETRIC = Method("biometric", "a capture matched with templates at the server", PARAMETERS, make)
