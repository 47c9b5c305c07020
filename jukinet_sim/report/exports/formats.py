"""The formats of exports by name: what each writes of a run, and under which names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jukinet_sim.base.errors import StoreError, UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.report.charts.of_experiment import experiment_plots
from jukinet_sim.report.exports.csv_files import write_columns, write_csv
from jukinet_sim.report.exports.excel import MOST_ROWS, write_excel
from jukinet_sim.report.exports.parquet import write_arrays, write_parquet
from jukinet_sim.report.exports.run_folder import Exported
from jukinet_sim.report.exports.trace import write_trace
from jukinet_sim.results.damage import reading
from jukinet_sim.results.files import write_json
from jukinet_sim.results.rows import read_rows

_VISIT_TYPES = {
    "flow": "VARCHAR", "step": "VARCHAR", "station": "VARCHAR", "place": "VARCHAR", "outcome": "VARCHAR", "job": "BIGINT",
    "job_key": "UBIGINT", "arrive_s": "DOUBLE", "start_s": "DOUBLE", "end_s": "DOUBLE",
}  # fmt: skip
_PICTURES, _TRACE = ("png", "svg"), "perfetto"


@dataclass
class Written:
    """The files that an export wrote, and what had to be left out and why."""

    files: list[Path] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Job:
    """What is exported, whither, and of which replication visits are written, None for all that are kept."""

    of: Exported
    out: Path
    replication: int | None = None
    language: str = "en"
    """Of the words in pictures."""

    def visits(self) -> list[int]:
        """Return the replications whose visits are written. Raises UsageError."""
        return self.of.visits_wanted(self.replication)


def write_exports(job: Job, formats: Sequence[str]) -> Written:
    """Write an export in each of some formats. Raises UsageError for what cannot be exported so, StoreError."""
    written = Written()
    for name in formats:
        _check(job, name)
    try:
        job.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot make {job.out}: {error.strerror}; choose another --out") from error
    for name in formats:
        written.files += FORMATS[name](job, written.left_out)
    return written


def _check(job: Job, name: str) -> None:
    """Refuse a format that cannot be made of what is exported, before anything is written."""
    if name in _PICTURES and job.of.run is None and not list(experiment_plots(job.of.document)):
        what = f"{job.of.folder} is an experiment without a chart"
        raise UsageError(f"--to {name}: {what}; export its tables (csv), or one of its runs")
    if name == _TRACE and not job.visits():
        raise UsageError(f'{job.of.folder} keeps no visits to make a trace of; run the scenario with "records: visits"')


def read_formats(text: str) -> list[str]:
    """Return the formats of a list such as `csv,xlsx`, each once. Raises UsageError."""
    names = [name.strip() for name in text.split(",")]
    for name in names:
        if name not in FORMATS:
            raise UsageError(f'--to {text}: no format is called "{name}"; {one_of(name, FORMATS, "")}')
    return list(dict.fromkeys(names))


def _csv(job: Job, _: list[str]) -> Iterator[Path]:
    for name, table in job.of.tables.items():
        yield (path := job.out / f"{name}.csv")
        write_csv(path, table)
    for number in job.visits():
        yield (path := job.out / f"visits_{number:04d}.csv")
        write_columns(path, {key: column.tolist() for key, column in read_rows(job.of.folder, number).items()})


def _parquet(job: Job, _: list[str]) -> Iterator[Path]:
    for name, table in job.of.tables.items():
        yield (path := job.out / f"{name}.parquet")
        write_parquet(path, table)
    for number in job.visits():
        yield (path := job.out / f"visits_{number:04d}.parquet")
        write_arrays(path, read_rows(job.of.folder, number), _VISIT_TYPES)


def _xlsx(job: Job, left_out: list[str]) -> Iterator[Path]:
    yield (path := job.out / "results.xlsx")
    for name in write_excel(path, job.of.tables):
        rows = len(job.of.tables[name].rows)
        left_out.append(f"{name} has {rows:,} rows, a sheet of Excel {MOST_ROWS:,}: it is in csv and parquet only")
    if job.visits():
        left_out.append("visits are in csv and parquet only")


def _json(job: Job, _: list[str]) -> Iterator[Path]:
    yield (path := job.out / "document.json")
    write_json(path, job.of.document)


def _perfetto(job: Job, _: list[str]) -> Iterator[Path]:
    for number in job.visits():
        yield (path := job.out / f"trace_{number:04d}.json")
        told = {key: str(job.of.document[key]) for key in ("scenario", "hash", "seed")}
        write_trace(path, read_rows(job.of.folder, number), {**told, "replication": str(number)})


def _png(job: Job, left_out: list[str]) -> Iterator[Path]:
    return _pictures(job, "png", left_out)


def _svg(job: Job, left_out: list[str]) -> Iterator[Path]:
    return _pictures(job, "svg", left_out)


def _pictures(job: Job, kind: str, left_out: list[str]) -> Iterator[Path]:
    from jukinet_sim.report.charts.files import NO_FONT, lacks_font, write_pictures
    from jukinet_sim.report.charts.of_run import run_plots

    with reading(job.of.folder):
        plots = list(experiment_plots(job.of.document) if job.of.run is None else run_plots(job.of.run))
    if kind == "png" and lacks_font(plots, job.language):
        left_out.append(NO_FONT)
    yield from write_pictures(plots, job.out, kind, job.language)


FORMATS: Mapping[str, Callable[[Job, list[str]], Iterator[Path]]] = {
    "csv": _csv, "parquet": _parquet, "xlsx": _xlsx, "json": _json, "perfetto": _perfetto, "png": _png,
    "svg": _svg,
}  # fmt: skip
"""What writes each format; it yields each path before it is written."""
