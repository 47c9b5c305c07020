"""What `jukinet init` writes: a scenario over the baseline, the planner's lists or an example, and how to read them.

A folder appears as a whole or not at all.
"""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from jukinet_sim.base.errors import Fault, ScenarioError, UsageError
from jukinet_sim.base.regular_files import read_regular
from jukinet_sim.calendar import Period
from jukinet_sim.juki_net.cadences import REPORTED_NINE_MONTHS
from jukinet_sim.juki_net.facts import REGISTER_POPULATION
from jukinet_sim.language.base import MOST_LETTERS, MOST_NAME_BYTES

if TYPE_CHECKING:
    from jukinet_sim.juki_net.facts import Provision
    from jukinet_sim.juki_net.places.table import Municipalities
    from jukinet_sim.language.planner_csv import Column

DEFAULT_FOLDER = "my-nation"
MUNICIPALITIES, PROVISIONS, SCENARIO, README = "municipalities.csv", "provisions.csv", "scenario.yaml", "README.md"
WHOLE_NATION = 0.9
"""From this share of all residents on a list counts as the whole nation, and the reported records stay as they are."""
QUICK = 0.05
"""Up to this share of all residents a replication takes seconds, and several are the default."""


@dataclass(frozen=True, slots=True)
class Starter:
    """Lists that have been read and found in order; `own` are the planner's, whose bytes are copied."""

    places: Municipalities
    rows: tuple[Provision, ...] | None
    period: Period
    own: Mapping[str, bytes]

    @property
    def residents(self) -> int:
        """People in municipalities that are on the network."""
        return int(self.places.population[self.places.connected].sum())

    def files(self, name: str) -> dict[str, bytes]:
        """Give the files of a folder by name, the scenario called like the folder."""
        texts = {SCENARIO: self._scenario(name), README: self._readme(name)}
        lists = {MUNICIPALITIES: _text(MUNICIPALITIES).encode(), **self.own}
        return {**{file: text.encode() for file, text in texts.items()}, **lists}

    def summary(self) -> str:
        """Say in one line what is simulated."""
        first, last = self.period.first, self.period.last
        return f"{len(self.places):,} municipalities, {self.residents:,} residents on the network, {first} to {last}"

    def _scenario(self, name: str) -> str:
        """Fill in the scenario file."""
        reported = self.period == REPORTED_NINE_MONTHS
        return Template(_text(SCENARIO)).substitute(
            name=name,
            title=f"{len(self.places):,} municipalities, {self.period.first} to {self.period.last}",
            first=self.period.first,
            last=self.period.last,
            period="the nine months of the Ministry's report" if reported else f"fiscal year {self.period.first.year}",
            replications=5 if self.residents <= QUICK * REGISTER_POPULATION else 1,
            places=f"{len(self.places):,} municipalities, {self.residents:,} residents on the network",
            provisions=self._provisions(),
        )

    def _provisions(self) -> str:
        """Give the lines under `provisions`: the planner's rows, all reported records, or the residents' share of them."""
        if self.rows is not None:
            records = sum(row.records for row in self.rows)
            return f"    source: {PROVISIONS}  # {len(self.rows):,} rows, {records:,} records in April to December 2012"
        share = self.residents / REGISTER_POPULATION
        if share >= WHOLE_NATION:
            return '    volume: {value: 1, derived: "the reported records, unchanged: the list is the whole nation"}'
        derived = f"{self.residents:,} of the nation's {REGISTER_POPULATION:,} residents; 1 is the whole nation's records"
        return f'    volume: {{value: {share:.4g}, derived: "{derived}"}}'

    def _readme(self, name: str) -> str:
        """Fill in the page that explains the folder."""
        from jukinet_sim.juki_net.places.csv_file import COLUMNS
        from jukinet_sim.juki_net.provisions.rows import COLUMNS as ROW_COLUMNS

        own_rows = self.rows is not None
        return Template(_text(README)).substitute(
            name=name,
            summary=f"{self.summary()}.",
            list="a copy of your list" if MUNICIPALITIES in self.own else "towns that do not exist, for you to replace",
            provision_file=f"| `{PROVISIONS}` | a copy of your rows of records supplied to agencies |\n" if own_rows else "",
            columns=_table(COLUMNS),
            provision_columns=f"\n## The columns of `{PROVISIONS}`\n\n{_table(ROW_COLUMNS)}\n" if own_rows else "",
        )


def prepare(municipalities: str | None, provisions: str | None, period: Period | None) -> Starter:
    """Read the planner's lists, or the example where there is none. Raises ScenarioError with the faults of all lists."""
    from jukinet_sim.juki_net.places.csv_file import read_csv
    from jukinet_sim.juki_net.provisions.rows import read_provisions

    faults: list[Fault] = []
    own: dict[str, bytes] = {}
    places = rows = None
    try:
        places = read_csv(municipalities or Path(str(files("jukinet_sim.juki_net") / "init_files" / MUNICIPALITIES)))
    except ScenarioError as error:
        faults += error.faults
    try:
        rows = read_provisions(provisions) if provisions else None
    except ScenarioError as error:
        faults += error.faults
    if places is None or faults:
        raise ScenarioError(faults)
    for name, path in ((MUNICIPALITIES, municipalities), (PROVISIONS, provisions)):
        if path:
            own[name] = read_regular(path)
    return Starter(places, rows, period or REPORTED_NINE_MONTHS, own)


def write_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a folder that is not there yet or is empty; it appears complete or, after an error, not at all."""
    _refuse_taken(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = folder.parent / f".jukinet-init-{os.getpid()}"
    try:
        made.mkdir()
        for name, content in contents.items():
            (made / name).write_bytes(content)
        if folder.is_dir():
            folder.rmdir()
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise


def scenario_name(folder: Path) -> str:
    """Turn the name of a folder into one fit for a scenario."""
    name = re.sub(r"[^\w.-]+", "-", unicodedata.normalize("NFC", folder.name))
    bounded = name.strip(".-")[:MOST_LETTERS].encode()[:MOST_NAME_BYTES].decode(errors="ignore")
    return bounded or DEFAULT_FOLDER


def _refuse_taken(folder: Path) -> None:
    """Refuse to write over anything. Raises UsageError that names what is in the way."""
    cure = f"name a new folder, such as {DEFAULT_FOLDER}-2"
    if not os.path.lexists(folder):
        return
    if folder.is_symlink() or not folder.is_dir():
        raise UsageError(f"{folder} is there already and is no folder; {cure}")
    found = sorted(os.listdir(folder))
    if found:
        named = next((name for name in (SCENARIO, MUNICIPALITIES, PROVISIONS, README) if name in found), found[0])
        raise UsageError(f"{folder / named} is there already and is not written over; {cure}, or move it away")
    if folder.resolve() == Path.cwd():
        raise UsageError(f"{folder} is the folder you are in; {cure}")


def _table(columns: tuple[Column, ...]) -> str:
    """Lay columns out as a table of what they mean."""
    lines = ["| column | must be there | meaning |", "|---|---|---|"]
    lines += [f"| `{one.name}` | {'yes' if one.required else 'no'} | {one.meaning} |" for one in columns]
    return "\n".join(lines)


def _text(name: str) -> str:
    """Read one of the files that the starter is made from."""
    return (files("jukinet_sim.juki_net") / "init_files" / name).read_text(encoding="utf-8")
