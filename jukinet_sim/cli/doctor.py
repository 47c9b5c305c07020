"""`doctor`: whether this installation can do its work; one line per finding, exit 5 where something is wrong."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jukinet_sim import __version__
from jukinet_sim.base.errors import JukinetError
from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import INPUT_OUTPUT, OK

_PACKAGES = (
    "numpy", "scipy", "numba", "simpy", "pydantic", "PyYAML", "typer", "rich", "jpholiday", "cryptography", "altair",
    "vl-convert-python", "jinja2",
)  # fmt: skip
_TWIN_VISITS = 20_000
Finding = tuple[bool, str]


def doctor(out: O.Out = None) -> int:
    """Check versions, compiler, cache, calendar and disk, and that both engines agree."""
    sound = True
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _versions,
        _calendar,
        lambda: _disk(out),
        _compiler,
        _engines,
    )
    for check in checks:
        for fine, line in _carefully(check):
            sound = sound and fine
            print(f"{'ok  ' if fine else 'BAD '} {line}", flush=True)
    print(
        "everything is in order; next: jukinet demo" if sound else "something is not in order: see the lines marked BAD"
    )
    return OK if sound else INPUT_OUTPUT


def _carefully(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """Yield what a check finds; one that breaks is a finding too, so that the others still run."""
    try:
        yield from check()
    except JukinetError as error:
        yield False, str(error)
    except Exception as error:
        yield False, f"{type(error).__name__}: {error}"


def _versions() -> Iterator[Finding]:
    from importlib import metadata

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield True, f"jukinet {__version__}, Python {platform.python_version()}, {platform.platform()}, {cores} cores"
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            yield False, f"{package} is not installed; pip install {package}"
    yield True, ", ".join(found)


def _calendar() -> Iterator[Finding]:
    from jukinet_sim.calendar import business_days
    from jukinet_sim.juki_net.domain import DOMAIN

    period = DOMAIN.reported_period()
    reported, days = round(DOMAIN.reported_business_days()), len(business_days(period.first, period.last))
    fine = abs(days - reported) <= 1
    yield fine, f"{days} business days from April to December 2012; the report's calls a day mean {reported}"


def _disk(out: str | None) -> Iterator[Finding]:
    from jukinet_sim.experiments.stored import RUNS

    folder = (Path(out) if out else RUNS).absolute()
    there = next(parent for parent in (folder, *folder.parents) if parent.is_dir())
    try:
        with tempfile.TemporaryFile(dir=there):
            yield True, f"runs can be kept in {folder}"
    except OSError as error:
        yield False, f"runs cannot be kept in {folder}: {error.strerror}; name another folder with --out"


def _compiler() -> Iterator[Finding]:
    from jukinet_sim.base.compiled import is_kept
    from jukinet_sim.chance.draws import philox
    from jukinet_sim.experiments.compiled import NOT_KEPT

    # Numba replaces the function by a dispatcher, which its annotation does not show.
    dispatcher: Any = philox
    philox(0, 0, 0, 0, 0)
    if not is_kept(philox):
        yield True, f"numba compiles, but {NOT_KEPT}"
        return
    # Numba falls back to a folder of the user's where that of the package is read-only.
    folder = dispatcher.stats.cache_path
    own = Path(folder).is_relative_to(Path(__file__).resolve().parents[1])
    where = "beside the sources" if own else "a folder of the user's own"
    yield True, f"numba compiles, and keeps what it compiled in {folder} ({where})"


def _engines() -> Iterator[Finding]:
    from jukinet_sim.experiments.twin import compare_engines
    from jukinet_sim.scenario.compile import compile_network
    from jukinet_sim.scenario.load import load
    from jukinet_sim.scenario.shipped import shipped_folder

    loaded = load(shipped_folder() / "tiny.yaml")
    verdict = compare_engines(compile_network(loaded), loaded.scenario.run.seed, _TWIN_VISITS)
    if verdict.agree:
        yield (
            True,
            f"both engines agree to the last bit over {verdict.visits:,} visits, fingerprint {verdict.fingerprint}",
        )
    else:
        yield False, f"the engines differ: {verdict.difference}; please report it"
