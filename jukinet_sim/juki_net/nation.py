"""What every part of the compiler looks things up in: the scenario's figures, its calendar, its places and its names."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import Fault
from jukinet_sim.base.suggest import one_of
from jukinet_sim.calendar import Period, Profile, RateProfile, shape_of
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.incidents.schema import LostAcknowledgement, MalformedUpdate, StationOutage
from jukinet_sim.juki_net.places.csv_file import bare_code, read_csv
from jukinet_sim.juki_net.places.generated import generate
from jukinet_sim.juki_net.places.schema import GENERATED
from jukinet_sim.juki_net.places.spread import thinned
from jukinet_sim.juki_net.places.table import Municipalities
from jukinet_sim.juki_net.provisions.rows import read_provisions
from jukinet_sim.juki_net.provisions.schema import REPORTED
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.language.base import Figure
from jukinet_sim.language.compile_calendar import own_calendar
from jukinet_sim.language.part import Part, Source
from jukinet_sim.language.run import Run
from jukinet_sim.network import model as M

BITS = 8.0
"""Bits of a byte."""
MUNICIPALITY, PREFECTURE, AGENCY = "municipality", "prefecture", "agency"


@dataclass(frozen=True)
class Nation:
    """One scenario on its way to a network; faults found on the way are collected and raised together."""

    spec: JukiNet
    run: Run
    source: Source
    period: Period
    places: Municipalities
    rows: tuple[facts.Provision, ...]
    faults: list[Fault] = field(default_factory=list)

    @cached_property
    def residents(self) -> NDArray[np.float64]:
        """People of each municipality that is on the network, 0 elsewhere."""
        return np.where(self.places.connected, self.places.population, 0).astype(np.float64)

    @cached_property
    def share(self) -> float:
        """Part of the nation's residents whose municipalities are given and on the network."""
        return float(self.residents.sum()) / facts.REGISTER_POPULATION

    @cached_property
    def network_share(self) -> float:
        """The same of the residents of all municipalities on the network, 1 for the whole nation: what they alone report."""
        whole = generate()
        return float(self.residents.sum()) / float(whole.population[whole.connected].sum())

    @cached_property
    def agencies(self) -> tuple[str, ...]:
        """Recipients of provisions, each once, in the order of the rows."""
        return tuple(dict.fromkeys(row.recipient for row in self.rows))

    def profile(self, name: str) -> Profile:
        """Return what a name of a profile stands for: a calendar of the scenario's own, or the shipped profile itself."""
        own = self.spec.calendars.get(name)
        return name if own is None else own_calendar(own, name)

    def shape(self, name: str, period: Period | None = None) -> RateProfile:
        """Return a profile by its name over a period, the run's where none is given."""
        return shape_of(self.profile(name), self.period if period is None else period)

    def seconds_of(self, at: datetime) -> float:
        """Return an instant in seconds of the run, negative before it."""
        return (at - datetime.combine(self.period.first, datetime.min.time())).total_seconds()

    def fault(self, path: str, what: str, cure: str) -> None:
        """Note what is wrong at a key of `juki_net`."""
        self.faults.append(self.source.fault(f"juki_net.{path}", what, cure))

    def message_bytes(self, name: str, path: str) -> float:
        """Size of a named message; 0 and a fault for a name that nothing bears."""
        return self._named(self.spec.messages, name, "message", path)

    def time_s(self, name: str, path: str) -> float:
        """Length of a named time; 0 and a fault for a name that nothing bears."""
        return self._named(self.spec.times, name, "time", path)

    def _named(self, table: dict[str, Figure[float]], name: str, noun: str, path: str) -> float:
        if name in table:
            return table[name].value
        self.fault(path, f'unknown {noun} "{name}"', one_of(name, table, f"define it under juki_net.{noun}s"))
        return 0.0

    def place_numbers(self, level: str, codes: tuple[str, ...], path: str) -> list[int]:
        """Numbers of places by their codes; a fault for each code that no place has."""
        known = self.codes(level)
        codes = tuple(code if code in known else bare_code(code) for code in codes)
        for i, code in enumerate(codes):
            if code not in known:
                padded = code.zfill(2)
                near = one_of(code, known, "write the code in quotation marks, with its leading zero")
                cure = f'write "{padded}", in quotation marks' if padded in known else near
                self.fault(f"{path}.{i}", f'there is no {level} with the code "{code}"', cure)
        return list(dict.fromkeys(known[code] for code in codes if code in known))

    def codes(self, level: str) -> dict[str, int]:
        """Return the number of each place of a level by its code."""
        codes = {MUNICIPALITY: self.places.code, AGENCY: self.agencies}.get(level)
        return {code: i for i, code in enumerate(codes or [row.code for row in facts.prefectures()])}

    def levels(self) -> tuple[M.PlaceLevel, ...]:
        """Municipalities within prefectures, and agencies."""
        parents = tuple(self.places.prefecture.tolist())
        per_prefecture = np.bincount(self.places.prefecture, self.residents, minlength=len(facts.prefectures()))
        towns = tuple(f"{code} {name}" for code, name in zip(self.places.code, self.places.name, strict=True))
        counties = tuple(f"{row.code} {row.name_en}" for row in facts.prefectures())
        return (
            M.PlaceLevel(MUNICIPALITY, len(towns), M.frozen_floats(self.residents), PREFECTURE, parents, towns),
            M.PlaceLevel(PREFECTURE, len(counties), M.frozen_floats(per_prefecture), labels=counties),
            M.PlaceLevel(AGENCY, len(self.agencies), M.frozen_floats(np.ones(len(self.agencies))), labels=self.agencies),
        )


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
    # Whoever is named in an incident or an attack, or judged apart, is kept, however few others are.
    judged = {code for code, name in zip(places.code, places.name, strict=True) if {code, name, f"{code} {name}"} & part.places}
    kept = thinned(places, spec.municipalities.every, keep=named_in_incidents(spec) | _attacked(spec) | judged)
    return Nation(spec, run, part.source, period, kept, rows)


def named_in_incidents(spec: JukiNet) -> frozenset[str]:
    """Return the codes of places that incidents name."""
    codes: set[str] = set()
    for incident in spec.incidents.values():
        match incident:
            case (
                LostAcknowledgement(lost_acknowledgement=tuple() as some)
                | MalformedUpdate(malformed_update=tuple() as some)
                | StationOutage(places=tuple() as some)
            ):
                codes.update(some)
    return frozenset({*codes, *map(bare_code, codes)})


def _attacked(spec: JukiNet) -> frozenset[str]:
    """Return the codes of municipalities from which attacks come."""
    codes = {attack.place for attack in spec.attacks.values() if attack.place is not None}
    return frozenset({*codes, *map(bare_code, codes)})
