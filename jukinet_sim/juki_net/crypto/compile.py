"""The suites, cards and dates that a scenario names, and which machines do the work."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from jukinet_sim.base.errors import UsageError
from jukinet_sim.juki_net.crypto.bill import Bill
from jukinet_sim.juki_net.crypto.negotiate import Tier
from jukinet_sim.juki_net.crypto.pay import Tiers
from jukinet_sim.juki_net.nation import Nation

Named = TypeVar("Named")

SERVERS: dict[str, Tier] = {
    "cs": "municipality",
    "prefecture_server": "prefecture",
    "national_database": "nation",
    "provision_server": "nation",
}
USUAL: dict[Tier, str] = {"municipality": "cs", "prefecture": "prefecture_server", "nation": "national_database"}
MODULES: dict[str, Tier] = {"prefecture_hsm": "prefecture", "national_hsm": "nation"}


def make_bills(nation: Nation) -> tuple[Bill, ...]:
    """Return what prices exchanges: that of the suite, and that of the one which takes its place.

    Nothing where the scenario names no suite, and faults for names that nothing bears.
    """
    spec = nation.spec.crypto
    if spec is None:
        return ()
    from jukinet_sim.crypto.cards import card
    from jukinet_sim.crypto.suites import suite

    stated = _found(nation, "stated_with", suite, spec.stated_with)
    server, hsm = (_found(nation, f"cards.{key}", card, name) for key, name in spec.cards)
    named = [("suite", spec.suite), *([] if spec.migration is None else [("migration.to", spec.migration.to)])]
    chosen = [_found(nation, key, suite, name) for key, name in named]
    if stated is None or server is None or hsm is None:
        return ()
    bills = tuple(Bill(one, stated, server, hsm) for one in chosen if one is not None)
    lacking = False
    for key, which in (("server", server), ("hsm", hsm)):
        missing = sorted({name for bill in bills for name in which.missing(bill.steps(inside=key == "hsm"))})
        if missing:
            what = f'the cost card "{which.name}" lacks {", ".join(missing)}'
            nation.fault(f"crypto.cards.{key}", what, "name one that has them; jukinet crypto card lists what there is")
            lacking = True
    return () if lacking else bills


def _found(nation: Nation, key: str, look_up: Callable[[str], Named], name: str) -> Named | None:
    """Return what a name stands for; None and a fault where nothing does."""
    try:
        return look_up(name)
    except UsageError as error:
        what, _, cure = str(error).partition("; ")
        nation.fault(f"crypto.{key}", what, cure or "jukinet crypto list shows what there is")
        return None


def tiers(nation: Nation, suites: int) -> Tiers:
    """Return the machines that do the work: those of the equipment, and every further machine at its tier."""
    further: dict[str, Tier] = {name: spec.per or "nation" for name, spec in nation.spec.stations.items()}
    return Tiers({**SERVERS, **further}, MODULES, USUAL, suites)
