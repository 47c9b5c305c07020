"""Visit rows of one replication to a compressed file of columns in the run folder, and back with names.

Words stand once in a table beside the columns of their numbers, so that rows stay small; `GUIDE` says what the columns are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import StoreError
from jukinet_sim.network.model import Closed, Spawn, all_steps
from jukinet_sim.results.damage import damaged
from jukinet_sim.results.files import whole_file

if TYPE_CHECKING:
    from jukinet_sim.engine.program import Program

FOLDER = "visits"
GUIDE_FILE = "README.md"
OUTCOMES = ("served", "refused", "abandoned", "broken_off")
"""By the engines' number: served to the end; found the station full; gave up waiting; broken off by a time-out."""
_WORDS = {"flow": "flow", "step": "step", "station": "station", "place": "station", "outcome": "outcome"}
"""Columns of words, and the column of numbers by which each is looked up in its table."""
_JOBS = ("job", "job_key")
_TIMES = ("arrive_s", "start_s", "end_s")
_COUNTED = 0xFFFF_FFFF
Coded = tuple[NDArray[np.int32], NDArray[np.str_]]
"""Numbers of words, and the table of these words."""
GUIDE = """\
# Every visit of this run

One file for each replication: `0000.npz` is replication 0. In Python:

    from pathlib import Path
    from jukinet_sim.results.rows import read_rows

    rows = read_rows(Path("THE RUN FOLDER"), 0)      # columns by name
    waits = (rows["start_s"] - rows["arrive_s"])[rows["station"] == "STATION"]

A row is one visit of a job at a station, in the order in which they ended:

| column | meaning |
|---|---|
| `flow` | name of the job's flow |
| `job` | its number among the arrivals of the flow, from 1, as in `jukinet explain --job FLOW:N FILE`; 0 for a job that another one started or that goes round in a closed population |
| `job_key` | the 64 bits by which every job of the run is known, unsigned; usually written as 16 hexadecimal digits |
| `step` | the label of the step of the route, or its path: `2` is the third step, `2.0` the first one in a loop there |
| `station` | name of the station |
| `place` | the place of the station, empty for one that stands alone |
| `outcome` | `served`, `refused` (the station was full), `abandoned` (gave up waiting), `broken_off` (by a time-out) |
| `arrive_s`, `start_s`, `end_s` | seconds from the start of the run; `start_s` is NaN for a visit that never started, which ends when its job leaves the station |

The files are NumPy's. Without this package, `numpy.load("0000.npz")` gives the columns `flow`, `step`, `station` and
`outcome` as numbers and tables of names beside them: `z["flow_names"][z["flow"]]`, and likewise `step_names`,
`station_names`, `place_names` (looked up by `z["station"]`) and `outcome_names`.
"""  # noqa: E501  # rows of a table cannot be broken


@dataclass(frozen=True, eq=False)
class RowNames:
    """Tables of words by number, and which flows number their jobs by arrival."""

    tables: Mapping[str, NDArray[np.str_]]
    numbered: NDArray[np.bool_]


def row_names(program: Program) -> RowNames:
    """Return the words for the numbers in an engine's visit rows."""
    network = program.network
    stations: list[str] = []
    places: list[str] = []
    for station, count in zip(network.stations, program.station_count, strict=True):
        labels = () if station.per is None else network.level(station.per).labels
        stations += [station.name] * count
        places += [""] if station.per is None else list(labels or map(str, range(count)))
    started = {step.flow for flow in network.flows for step in all_steps(flow.route) if isinstance(step, Spawn)}
    numbered = [not (flow.name in started or isinstance(flow.arrivals, Closed)) for flow in network.flows]
    tables = {
        "flow": [flow.name for flow in network.flows],
        "step": [name.partition(": ")[2] for name in program.step_names],
        "station": stations,
        "place": places,
        "outcome": list(OUTCOMES),
    }
    arrays = {name: np.array(words, dtype=np.str_) for name, words in tables.items()}
    return RowNames(arrays, np.array(numbered, dtype=np.bool_))


def rows_path(folder: Path, replication: int) -> Path:
    """Return where the rows of a replication stand."""
    return folder / FOLDER / f"{replication:04d}.npz"


def write_guide(folder: Path) -> None:
    """Say in the run folder where the rows are how they are read. Raises StoreError."""
    with whole_file(folder / FOLDER / GUIDE_FILE) as file:
        file.write(GUIDE.encode())


def write_rows(folder: Path, replication: int, rows: tuple[NDArray[np.int64], NDArray[np.float64]], names: RowNames) -> None:
    """Write one row per visit: the engines' (flow, job key, step, station, outcome) and times. Raises StoreError."""
    integers, times = rows
    flow, key, step, station, outcome = integers.T
    counted = (key & _COUNTED) + 1
    columns: dict[str, Any] = {
        "flow": flow.astype(np.int32),
        "job": np.where(names.numbered[flow], counted, 0) if len(flow) else counted,
        "job_key": key.astype(np.uint64),
        "step": step.astype(np.int32),
        "station": station.astype(np.int32),
        "outcome": outcome.astype(np.int8),
        **{name: times[:, i] for i, name in enumerate(_TIMES)},
        **{f"{name}_names": table for name, table in names.tables.items()},
    }
    with whole_file(rows_path(folder, replication)) as file:
        np.savez_compressed(file, **columns)


def read_rows(folder: Path, replication: int) -> dict[str, NDArray[Any]]:
    """Return the columns of a replication's visit rows as `GUIDE` describes them.

    Raises StoreError where there are none or they are damaged.
    """
    words, numbers = read_coded_rows(folder, replication)
    # Objects, so that a row holds no more than a reference to its words.
    return {name: table.astype(object)[codes] for name, (codes, table) in words.items()} | numbers


def read_coded_rows(folder: Path, replication: int) -> tuple[dict[str, Coded], dict[str, NDArray[Any]]]:
    """Return the columns of words, each as numbers and the table that they point into, and the columns of numbers.

    No word stands twice in a table. Raises StoreError where there are no rows or they are damaged.
    """
    path = rows_path(folder, replication)
    try:
        with np.load(path) as columns:
            words = {name: _coded(columns[number], columns[f"{name}_names"]) for name, number in _WORDS.items()}
            return words, {name: columns[name] for name in (*_JOBS, *_TIMES)}
    except FileNotFoundError:
        raise StoreError(f'{path} is missing; run the scenario with "records: visits"') from None
    except Exception as error:  # numpy and zipfile name damage by half a dozen exception types
        raise damaged(path, error) from error


def _coded(codes: NDArray[np.integer], table: NDArray[np.str_]) -> Coded:
    """Return numbers that point into a table without doubles; stations of a group have one name."""
    unique, place = np.unique(table, return_inverse=True)
    return place.astype(np.int32)[codes], unique
