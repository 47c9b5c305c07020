"""Visit rows of one replication to a compressed file of columns in the run folder, and back.

The columns are flow, job, step and station (numbered as in the network, job by its key), outcome (a word of `OUTCOMES`)
and arrive_s, start_s, end_s in seconds. A visit that never started has an empty start, which a column of numbers writes
as NaN; it ends when its job leaves the station.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.base.errors import StoreError
from jukinet_sim.results.files import whole_file

FOLDER = "visits"
OUTCOMES = ("served", "refused", "abandoned", "broken_off")
"""By the engines' number: served to the end; found the station full; gave up waiting; broken off by a time-out."""
_INTEGERS = ("flow", "job", "step", "station")
_TIMES = ("arrive_s", "start_s", "end_s")


def rows_path(folder: Path, replication: int) -> Path:
    """Return where the rows of a replication stand."""
    return folder / FOLDER / f"{replication:04d}.npz"


def write_rows(folder: Path, replication: int, rows: tuple[NDArray[np.int64], NDArray[np.float64]]) -> None:
    """Write one row per visit: the engines' (flow, job, step, station, outcome) and times. Raises StoreError."""
    integers, times = rows
    columns: dict[str, Any] = {name: integers[:, i] for i, name in enumerate(_INTEGERS)}
    columns["outcome"] = np.array(OUTCOMES)[integers[:, len(_INTEGERS)]]
    columns |= {name: times[:, i] for i, name in enumerate(_TIMES)}
    with whole_file(rows_path(folder, replication)) as file:
        np.savez_compressed(file, **columns)


def read_rows(folder: Path, replication: int) -> dict[str, NDArray[Any]]:
    """Return the columns of a replication's visit rows. Raises StoreError where there are none or they are damaged."""
    path = rows_path(folder, replication)
    try:
        with np.load(path) as columns:
            return {name: columns[name] for name in (*_INTEGERS, "outcome", *_TIMES)}
    except FileNotFoundError:
        raise StoreError(f'{path} is missing; run the scenario with "records: visits"') from None
    except Exception as error:  # numpy and zipfile name damage by half a dozen exception types
        raise StoreError(f"{path} is damaged ({error}); run the scenario again with --fresh") from error
