"""A scenario's lists of places and provisions, as they are in its run: thinned, and with what merged or joined before it."""

from __future__ import annotations

from dataclasses import replace

from jukinet_sim.calendar import Period
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.incidents.schema import LostAcknowledgement, MalformedUpdate, StationOutage
from jukinet_sim.juki_net.nation import Nation
from jukinet_sim.juki_net.places.csv_file import bare_code, read_csv
from jukinet_sim.juki_net.places.dated import moves_of, with_moves
from jukinet_sim.juki_net.places.generated import generate
from jukinet_sim.juki_net.places.schema import GENERATED
from jukinet_sim.juki_net.places.spread import thinned
from jukinet_sim.juki_net.programme.schema import Joining, Merger
from jukinet_sim.juki_net.provisions.rows import read_provisions
from jukinet_sim.juki_net.provisions.schema import REPORTED
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.language.part import Part


def read_nation(part: Part[JukiNet]) -> Nation:
    """Look a scenario's places and provision rows up. Raises ScenarioError for lists that cannot be read."""
    spec, run = part.spec, part.run
    if run.period is None:
        raise TypeError("the loader lets no juki_net pass without a period")
    towns = part.source.file_at("juki_net.municipalities.source")
    own_towns = towns is not None and spec.municipalities.source != GENERATED
    places = read_csv(towns) if own_towns and towns is not None else generate()
    file = part.source.file_at("juki_net.provisions.source")
    own_rows = file is not None and spec.provisions.source != REPORTED
    rows = read_provisions(file) if own_rows and file is not None else facts.provisions()
    period = Period(run.period.first_day, run.period.last_day)
    # Whoever is named in an incident, an attack or the programme, or judged apart, is kept, however few others are.
    judged = {code for code, name in zip(places.code, places.name, strict=True) if {code, name, f"{code} {name}"} & part.places}
    kept = thinned(places, spec.municipalities.every, keep=_named(spec) | judged)
    nation = Nation(spec, run, part.source, period, kept, rows)
    moves = moves_of(nation)
    return replace(nation, places=with_moves(kept, moves, period), moves=moves)


def _named(spec: JukiNet) -> frozenset[str]:
    """Return the codes of places that incidents, attacks and the programme name."""
    codes: set[str] = {attack.place for attack in spec.attacks.values() if attack.place is not None}
    for incident in spec.incidents.values():
        match incident:
            case (
                LostAcknowledgement(lost_acknowledgement=tuple() as some)
                | MalformedUpdate(malformed_update=tuple() as some)
                | StationOutage(places=tuple() as some)
            ):
                codes.update(some)
    for change in () if spec.programme is None else spec.programme.changes.values():
        match change:
            case Merger(merges=some, into=other):
                codes.update((*some, other))
            case Joining(joins=some):
                codes.update(some)
    return frozenset({*codes, *map(bare_code, codes)})
