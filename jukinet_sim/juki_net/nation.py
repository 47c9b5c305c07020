"""What every part of the compiler looks things up in: the scenario's figures, its calendar, its places and its names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import Fault
from jukinet_sim.base.suggest import one_of
from jukinet_sim.calendar import Period, Profile, RateProfile, shape_of
from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.places.csv_file import bare_code
from jukinet_sim.juki_net.places.generated import generate
from jukinet_sim.juki_net.places.labels import TownLabels
from jukinet_sim.juki_net.places.table import Municipalities
from jukinet_sim.juki_net.schema import JukiNet
from jukinet_sim.language.base import Figure
from jukinet_sim.language.compile_calendar import own_calendar
from jukinet_sim.language.part import Source
from jukinet_sim.language.run import Run
from jukinet_sim.network import model as M

BITS = 8.0
"""Bits of a byte."""
MUNICIPALITY, PREFECTURE, AGENCY = "municipality", "prefecture", "agency"


@dataclass(frozen=True)
class Moved:
    """A municipality, by its number, that another takes in from a day on, or that joins the network then (no other)."""

    change: str
    day: dt.date
    place: int
    into: int | None = None


@dataclass(frozen=True)
class Nation:
    """One scenario on its way to a network; faults found on the way are collected and raised together."""

    spec: JukiNet
    run: Run
    source: Source
    period: Period
    places: Municipalities
    """Those that join within the run are connected here; where others were merged before it, they have their people."""
    rows: tuple[facts.Provision, ...]
    faults: list[Fault] = field(default_factory=list)
    moves: tuple[Moved, ...] = ()
    """Municipalities that merge or join, by date."""

    @cached_property
    def residents(self) -> NDArray[np.float64]:
        """People of each municipality that is on the network at some time of the run, 0 elsewhere."""
        return M.frozen_floats(np.where(self.places.connected, self.places.population, 0))

    @cached_property
    def town_labels(self) -> TownLabels:
        """What each municipality is called: its code and its name."""
        return TownLabels(self.places.code, self.places.name)

    @cached_property
    def _coming(self) -> tuple[Moved, ...]:
        """What merges or joins within the run, after its first day."""
        return tuple(move for move in self.moves if self.period.first < move.day <= self.period.last)

    @cached_property
    def joining(self) -> dict[int, dt.date]:
        """From which day on municipalities, by their numbers, are on the network that are not from the start."""
        return {move.place: move.day for move in self._coming if move.into is None}

    @cached_property
    def at_start(self) -> Municipalities:
        """The municipalities as they are when the run begins."""
        later = np.isin(np.arange(len(self.places)), list(self.joining))
        return replace(self.places, connected=self.places.connected & ~later) if self.joining else self.places

    @cached_property
    def residents_at_start(self) -> NDArray[np.float64]:
        """People of each municipality that is on the network when the run begins; it is they whom volumes are about."""
        return np.where(self.at_start.connected, self.places.population, 0).astype(np.float64)

    def residents_on(self, day: dt.date) -> NDArray[np.float64]:
        """People of each municipality that has joined the network by a day."""
        later = [place for place, joins in self.joining.items() if joins > day]
        found = self.residents.copy()
        found[later] = 0.0
        return found

    @cached_property
    def share(self) -> float:
        """Part of the nation's residents whose municipalities are given and on the network."""
        return float(self.residents_at_start.sum()) / facts.REGISTER_POPULATION

    @cached_property
    def network_share(self) -> float:
        """The same of the residents of all municipalities on the network, 1 for the whole nation: what they alone report."""
        whole = generate()
        return float(self.residents_at_start.sum()) / float(whole.population[whole.connected].sum())

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

    def seconds_of(self, at: dt.datetime) -> float:
        """Return an instant in seconds of the run, negative before it."""
        return (at - dt.datetime.combine(self.period.first, dt.time.min)).total_seconds()

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
        towns = self.town_labels
        counties = tuple(f"{row.code} {row.name_en}" for row in facts.prefectures())
        return (
            M.PlaceLevel(MUNICIPALITY, len(towns), M.frozen_floats(self.residents), PREFECTURE, parents, towns, self._away()),
            M.PlaceLevel(PREFECTURE, len(counties), M.frozen_floats(per_prefecture), labels=counties),
            M.PlaceLevel(AGENCY, len(self.agencies), M.frozen_floats(np.ones(len(self.agencies))), labels=self.agencies),
        )

    def _away(self) -> tuple[M.PlaceFrom, ...]:
        """Return whose jobs are elsewhere from when on: of who is not there yet, and of who is merged into another."""
        found = [M.PlaceFrom(0.0, place, M.OTHERS) for place in self.joining]
        for move in self._coming:
            to = move.place if move.into is None else move.into
            found.append(M.PlaceFrom(self.period.seconds_of(move.day), move.place, to))
        return tuple(found)
