"""Waves to dated states of machines, and what is counted while suites are exchanged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from jukinet_sim.calendar import fraction_of_year, profile
from jukinet_sim.juki_net.crypto.counted import NO_SUITE, USED
from jukinet_sim.juki_net.crypto.negotiate import CAN_VERIFY, GENERATES, NEW_ONLY, OLD_ONLY, End, Tier
from jukinet_sim.juki_net.crypto.pay import NOTHING
from jukinet_sim.juki_net.crypto.schema import Migration, Wave
from jukinet_sim.juki_net.nation import MUNICIPALITY, PREFECTURE, Nation
from jukinet_sim.juki_net.waves.places import taken
from jukinet_sim.language.compile_steps import count_or_none
from jukinet_sim.network import model as M

ATTEMPTS, SUCCEEDED = "downgrade.attempted", "downgrade.succeeded"
TIERS: dict[str, tuple[Tier, str | None]] = {
    "nation": ("nation", None),
    "prefectures": ("prefecture", PREFECTURE),
    "municipalities": ("municipality", MUNICIPALITY),
}
"""By the tier of a wave, the tier of its machines and the level at which they stand."""
ROLL_BACK = -1
"""In place of a state: generate the old suite again, whatever was generated before."""


def suite_states(nation: Nation) -> tuple[M.State, ...]:
    """Return which suites each machine has, from what the waves say; a machine begins with the old one alone."""
    migration = _migration(nation)
    if migration is None:
        return ()
    found = []
    for tier, (name, level) in TIERS.items():
        waves = [(number, wave) for number, wave in enumerate(migration.waves) if wave.tier == tier]
        drawn_as = ("order of municipalities", f"lateness of {tier}")
        events: list[tuple[float, int, int]] = []
        for number, wave in waves:
            for place, late_s in taken(nation, wave, level, f"crypto.migration.waves.{number}", drawn_as):
                events += [(max(0.0, at_s + late_s), place, value) for at_s, value in _dates(nation, wave)]
        changes = tuple((at_s, None if level is None else place, value) for at_s, place, value in _forward(events))
        found.append(M.State(End(name).state, OLD_ONLY, level, changes))
    return tuple(found)


def _forward(events: list[tuple[float, int, int]]) -> Iterator[tuple[float, int, int]]:
    """Yield when which machine changes to what: forward only, however late some wave comes, but for rolling back."""
    now: dict[int, int] = {}
    for at_s, place, value in sorted(events, key=lambda one: one[0]):
        before = now.get(place, OLD_ONLY)
        after = min(before, CAN_VERIFY) if value == ROLL_BACK else max(before, value)
        if after != before:
            now[place] = after
            yield at_s, place, after


def counting_stations(flows: Iterable[M.Flow]) -> tuple[M.Station, ...]:
    """Return the stations at which messages are counted: by link and suite, and those that no common suite could secure."""
    names = {step.station for flow in flows for step in M.all_steps(flow.route) if isinstance(step, M.Visit)}
    found = []
    for name in sorted(names):
        if name.startswith(NO_SUITE):
            found.append(M.Station(name, 1, capacity=0))
        elif name.startswith(USED):
            found.append(M.Station(name, 1))
    return tuple(found)


def downgrades(nation: Nation) -> tuple[M.Flow, ...]:
    """Return attempts to make a municipality fall back to the old suite, and those that succeed.

    They do where it generates the new one, and takes the old one still.
    """
    migration = _migration(nation)
    if migration is None or migration.downgrade_attempts is None:
        return ()
    shape = profile("uniform", nation.period)
    year = migration.downgrade_attempts.value * nation.share
    arrivals = count_or_none(round(year * fraction_of_year("uniform", nation.period)), shape)
    cases = tuple((state, "over") for state in (OLD_ONLY, CAN_VERIFY, NEW_ONLY))
    route = (M.Switch(End("municipality").state, cases), M.Spawn(SUCCEEDED), M.Delay(NOTHING, "over"))
    share = M.frozen_floats(nation.residents)
    return (
        M.Flow(ATTEMPTS, route, arrivals, origin=MUNICIPALITY, share=share),
        M.Flow(SUCCEEDED, (M.Delay(NOTHING),), origin=MUNICIPALITY),
    )


def _migration(nation: Nation) -> Migration | None:
    return None if nation.spec.crypto is None else nation.spec.crypto.migration


def _dates(nation: Nation, wave: Wave) -> Iterator[tuple[float, int]]:
    """Yield when the machines of a wave change, in seconds of the run, negative before it, and to what."""
    dates: tuple[tuple[dt.date | None, int], ...] = (
        (wave.can_verify_on, CAN_VERIFY), (wave.generates_on, GENERATES), (wave.legacy_ends_on, NEW_ONLY),
        (wave.rolls_back_on, ROLL_BACK),
    )  # fmt: skip
    for date, value in dates:
        if date is not None:
            yield nation.period.seconds_of(date), value
