"""A method of logging on that is right, one that makes no plan, and one that takes a shipped name."""

from __future__ import annotations

from collections.abc import Mapping

from jukinet_sim.authentication.method import Method, Parameter, Setting
from jukinet_sim.authentication.plan import IN, LOCKED, Plan, Stage, Time, Way, Work


def token(values: Mapping[str, float], setting: Setting) -> Plan:
    """Return the plan of a one-time code that a token shows: a wrong one locks at once."""
    wrong = values["wrong_code"]
    return Plan(
        (
            Stage("code", Time(values["type_code"], 1.0), Work(0.01), ((IN, 1.0 - wrong), ("locked", wrong))),
            Stage("locked", Time(60.0), counts=LOCKED),
        ),
        (Way("stolen-token", 1.0, "the code is all that is asked for"),),
    )


def nonsense(values: Mapping[str, float], setting: Setting) -> Plan:
    """Return a plan whose log-ons come to no end."""
    return Plan((Stage("again", outcomes=(("again", 1.0),)),))


_PARAMETERS = (
    Parameter("type_code", 6.0, 3.0, 15.0, "s", "six digits"),
    Parameter("wrong_code", 0.1, 0.0, 0.5, "", "made up", 1.0),
)
TOKEN = Method("house-token", "a code that a token shows", _PARAMETERS, token)
ENDLESS = Method("endless", "nobody ever gets in", (), nonsense)
TAKEN = Method("card", "another card", _PARAMETERS, token)
