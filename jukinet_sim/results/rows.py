"""Visit rows of one replication to a compressed file of columns in the run folder, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jukinet_sim.errors import StoreError
from jukinet_sim.results.files import whole_file

FOLDER = "visits"
_INTEGERS = ("flow", "job", "step", "station")
_TIMES = ("arrive_s", "start_s", "end_s")


def rows_path(folder: Path, replication: int) -> Path:
    """Return where the rows of a replication stand."""
    return folder / FOLDER / f"{replication:04d}.npz"


def write_rows(folder: Path, replication: int, rows: tuple[NDArray[np.int64], NDArray[np.float64]]) -> None:
    """Write one row per visit; times in seconds, flow and station numbered as in the network. Raises StoreError."""
    integers, times = rows
    columns: dict[str, Any] = {name: integers[:, i] for i, name in enumerate(_INTEGERS)}
    columns |= {name: times[:, i] for i, name in enumerate(_TIMES)}
    with whole_file(rows_path(folder, replication)) as file:
        np.savez_compressed(file, **columns)


def read_rows(folder: Path, replication: int) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    """Return the columns of a replication's visit rows. Raises StoreError where there are none or they are damaged."""
    path = rows_path(folder, replication)
    try:
        with np.load(path) as columns:
            return {name: columns[name] for name in (*_INTEGERS, *_TIMES)}
    except FileNotFoundError:
        raise StoreError(f'{path} is missing; run the scenario with "records: visits"') from None
    except Exception as error:  # numpy and zipfile name damage by half a dozen exception types
        raise StoreError(f"{path} is damaged ({error}); run the scenario again with --fresh") from error
