"""The suites, cards and dates that a scenario names, and which machines do the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from jukinet_sim.base.errors import ScenarioError, UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.crypto.suite import Suite
from jukinet_sim.juki_net.crypto.bill import Bill
from jukinet_sim.juki_net.crypto.negotiate import LINK_NAMES, Tier
from jukinet_sim.juki_net.crypto.pay import Tiers
from jukinet_sim.juki_net.crypto.schema import Crypto
from jukinet_sim.juki_net.nation import Nation

_MOST_RENEWALS = 20_000
"""Lifetimes of sessions in one run; each is a change of the state of every place."""
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

    Nothing where the scenario names no suite. Raises ScenarioError for names that nothing bears, and cards that do not do.
    """
    spec = nation.spec.crypto
    if spec is None:
        return ()
    from jukinet_sim.crypto.cards import card, cards
    from jukinet_sim.crypto.costs import this_host
    from jukinet_sim.crypto.suites import suite

    stated = _found(nation, "stated_with", suite, spec.stated_with)
    server, hsm = (_found(nation, f"cards.{key}", card, name) for key, name in spec.cards)
    named = [("suite", spec.suite), *([] if spec.migration is None else [("migration.to", spec.migration.to)])]
    chosen = [_found(nation, key, suite, name) for key, name in named]
    _check(nation, spec, [one for one in chosen if one is not None])
    if stated is None or server is None or hsm is None or nation.faults:
        # Whatever else would be said would follow from this.
        raise ScenarioError(nation.faults)
    bills = tuple(Bill(one, stated, server, hsm) for one in chosen if one is not None)
    for key, which in (("server", server), ("hsm", hsm)):
        steps = [step for bill in bills for step in bill.steps(inside=key == "hsm")]
        missing = which.missing(steps)
        if missing:
            able = " or ".join(one.name for one in cards() if one.name != this_host.NAME and not one.missing(steps))
            cure = f"write {able}, whose machines can do it" if able else "jukinet crypto card lists what there is"
            nation.fault(f"crypto.cards.{key}", f'the cost card "{which.name}" lacks {", ".join(missing)}', cure)
    if nation.faults:
        raise ScenarioError(nation.faults)
    return bills


def _check(nation: Nation, spec: Crypto, chosen: Sequence[Suite]) -> None:
    """Refuse a migration to where everybody is, and sessions so short that a run would do nothing else."""
    if len(chosen) > 1 and chosen[0].name == chosen[1].name:
        nation.fault("crypto.migration.to", f"{chosen[0].name} is what all have already", "name another suite")
    if spec.sessions is not None and nation.period.seconds / spec.sessions.lifetime.value > _MOST_RENEWALS:
        least_s = nation.period.seconds / _MOST_RENEWALS
        what = f"sessions of {spec.sessions.lifetime.value:g} s are too short for a run of {nation.period.seconds:g} s"
        nation.fault("crypto.sessions.lifetime", what, f'write at least "{least_s:.3g} s"')


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
    migration = None if nation.spec.crypto is None else nation.spec.crypto.migration
    counted = None if migration is None or migration.counted is None else frozenset(migration.counted)
    for name in sorted((counted or frozenset()) - set(LINK_NAMES)):
        cure = one_of(name, LINK_NAMES, "")
        nation.fault("crypto.migration.counted", f'no messages go on a link "{name}"', cure)
    return Tiers({**SERVERS, **further}, MODULES, USUAL, suites, counted)
