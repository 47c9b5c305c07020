"""Cards with a PIN: forgotten, lost, locked by three wrong entries; the card signs a challenge and the server verifies it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jukinet_sim.authentication.beta_binomial import after_rejections
from jukinet_sim.authentication.method import Method, Parameter, Setting
from jukinet_sim.authentication.plan import CALLED, IN, LOCKED, REJECTED, REPLACED, Plan, Stage, Time, Way, Work

ENTRIES = 3
"""Wrong entries that lock a card, published for those of this network."""
_DIGITS = 4

PARAMETERS = (
    Parameter("forgotten", 0.005, 0.001, 0.02, "", "one log-on in 200 with the card in another room", 1.0),
    Parameter("fetch", 300.0, 60.0, 1800.0, "s", "to the locker and back"),
    Parameter("lost_per_year", 0.0028, 0.001, 0.01, "",
              "cards lost for each operator and year: published for a comparable estate of government smart cards"),
    Parameter("replace", 1800.0, 600.0, 14_400.0, "s", "the administrator looks for a spare card and has it registered"),
    Parameter("insert", 3.0, 1.0, 8.0, "s", "the card into the reader"),
    Parameter("type_pin", 4.0, 2.0, 10.0, "s", "four digits"),
    Parameter("cv", 0.5, 0.0, 1.5, "", "how much people's times vary: half of their mean", 10.0),
    Parameter("wrong_pin", 0.02, 0.005, 0.05, "", "wrong entries of all first ones", 1.0),
    Parameter("wrong_pin_correlation", 0.1, 0.0, 0.5, "", "who mistypes once may have forgotten it", 1.0),
    Parameter("sign", 0.8, 0.3, 2.0, "s", "a signature by the chip of a card of the time"),
    Parameter("by_centre", 0.3, 0.0, 1.0, "", "locks that the office's own administrator cannot undo alone", 1.0),
    Parameter("unlock", 600.0, 120.0, 3600.0, "s", "find the administrator, show who one is, choose a new PIN"),
    Parameter("told_with_card", 1.0, 0.5, 1.0, "", "whoever lends a card tells the PIN with it", 1.0),
    Parameter("pin_with_stolen", 0.05, 0.01, 0.2, "", "stolen cards with which the PIN is found", 1.0),
    Parameter("card_of_watched", 0.3, 0.05, 0.8, "", "whoever has watched a PIN being typed gets hold of the card too", 1.0),
)  # fmt: skip


def make(values: Mapping[str, float], setting: Setting) -> Plan:
    """Return the plan of a log-on by card."""
    return Plan(tuple(_stages(values, setting)), _ways(values))


def _stages(v: Mapping[str, float], setting: Setting) -> Iterator[Stage]:
    lost = min(1.0, v["lost_per_year"] / setting.log_ons_per_year)
    forgotten = (1.0 - lost) * v["forgotten"]
    yield Stage("begin", outcomes=(("enter.1", 1.0 - lost - forgotten), ("lost", lost), ("forgotten", forgotten)))
    yield Stage("lost", counts=CALLED, telephones=True, outcomes=(("replace", 1.0),))
    yield Stage("replace", Time(v["replace"], v["cv"]), counts=REPLACED, outcomes=(("enter.1", 1.0),))
    yield Stage("forgotten", Time(v["fetch"], v["cv"]), outcomes=(("enter.1", 1.0),))
    for k in range(ENTRIES):
        wrong = after_rejections(v["wrong_pin"], v["wrong_pin_correlation"], k)
        seconds = v["type_pin"] + (v["insert"] if k == 0 else 0.0)
        yield Stage(f"enter.{k + 1}", Time(seconds, v["cv"]), outcomes=(("sign", 1.0 - wrong), (f"wrong.{k + 1}", wrong)))
        on = f"enter.{k + 2}" if k + 1 < ENTRIES else "locked"
        yield Stage(f"wrong.{k + 1}", counts=REJECTED, outcomes=((on, 1.0),))
    yield Stage("locked", counts=LOCKED, outcomes=(("call", v["by_centre"]), ("unlock", 1.0 - v["by_centre"])))
    yield Stage("call", counts=CALLED, telephones=True, outcomes=(("unlock", 1.0),))
    # The new PIN has just been chosen: it is entered right.
    yield Stage("unlock", Time(v["unlock"], v["cv"]), outcomes=(("sign", 1.0),))
    yield Stage("sign", Time(v["sign"]), Work(operations=("verify",)), outcomes=((IN, 1.0),))


def _ways(v: Mapping[str, float]) -> tuple[Way, ...]:
    guessed = ENTRIES / 10.0**_DIGITS
    stolen = v["pin_with_stolen"] + (1.0 - v["pin_with_stolen"]) * guessed
    return (
        Way("lent-card", v["told_with_card"], "a colleague's card and PIN are all that is asked for"),
        Way("stolen-card", stolen, f"the PIN is found with the card, or guessed in {ENTRIES} of 10^{_DIGITS} entries"),
        Way("shoulder-surfed-pin", v["card_of_watched"], "the PIN was watched; the card is still needed"),
        Way("impostor", 0.0, "nobody gets in without a card"),
    )


CARD = Method("card", "card and PIN, challenge and response", PARAMETERS, make)
