"""Help and validation stay quick because they load little: modules are counted, not seconds."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runner import python, write_scenario

_REPORT = """
import sys
from jukinet_sim.cli.app import main
code = main(sys.argv[1:])
print("\\nloaded", code, *sorted(name for name in sys.modules if "." not in name))
"""


CHARTS_AND_EXPORTS = {"altair", "jinja2", "markupsafe", "vl_convert", "duckdb", "xlsxwriter"}
"""What reports and exports are made with."""


def _loaded(*arguments: str, folder: Path) -> set[str]:
    """Return the top-level modules that a command loaded, after checking that it went well."""
    done = python(_REPORT, *arguments, folder=folder)
    word, code, *names = done.stdout.splitlines()[-1].split()
    assert (word, code) == ("loaded", "0"), done.stderr
    return set(names)


def test_help_loads_no_heavy_library(tmp_path: Path) -> None:
    """`jukinet --help` loads neither numbers, models, engines nor terminal tables."""
    loaded = _loaded("--help", folder=tmp_path)
    assert loaded.isdisjoint({"numpy", "pydantic", "numba", "simpy", "rich", "yaml", "sqlite3", "jpholiday"})
    assert loaded.isdisjoint(CHARTS_AND_EXPORTS)


def test_help_of_a_verb_loads_no_heavy_library(tmp_path: Path) -> None:
    """`jukinet run --help` loads no numbers, engines or tables either."""
    loaded = _loaded("run", "--help", folder=tmp_path)
    assert loaded.isdisjoint({"numpy", "numba", "simpy", "rich", "yaml", "sqlite3", "jpholiday"})


def test_validate_loads_no_engine(tmp_path: Path) -> None:
    """`validate` computes offered load without loading an engine, its compiler or a library for tables."""
    loaded = _loaded("validate", write_scenario(tmp_path), folder=tmp_path)
    assert "numpy" in loaded
    assert loaded.isdisjoint({"numba", "llvmlite", "simpy", "sqlite3", "scipy", "pandas", "rich"})


@pytest.mark.parametrize("verb", ["report", "export"])
def test_help_of_reports_loads_no_charts(tmp_path: Path, verb: str) -> None:
    """`jukinet report --help` loads neither numbers nor what charts and files are made with."""
    loaded = _loaded(verb, "--help", folder=tmp_path)
    assert loaded.isdisjoint({"numpy", "numba", "simpy", "rich", "yaml", "sqlite3", *CHARTS_AND_EXPORTS})


def test_a_run_loads_no_charts(tmp_path: Path) -> None:
    """A run is made and printed without what reports and exports are made with."""
    loaded = _loaded("run", write_scenario(tmp_path), "--quiet", "--engine", "reference", folder=tmp_path)
    assert "numpy" in loaded
    assert loaded.isdisjoint(CHARTS_AND_EXPORTS)


def test_the_facade_loads_nothing(tmp_path: Path) -> None:
    """Importing the package loads none of its rooms."""
    done = python(
        "import sys, jukinet_sim; print([name for name in sys.modules if name.startswith('jukinet_sim.')])",
        folder=tmp_path,
    )
    assert done.stdout.strip() == "[]"


def test_the_facade_fetches_its_names(tmp_path: Path) -> None:
    """Every public name can be fetched, and no other."""
    code = (
        "import jukinet_sim\n"
        "assert all(getattr(jukinet_sim, name) is not None for name in jukinet_sim.__all__)\n"
        "assert not hasattr(jukinet_sim, 'nothing')\n"
    )
    assert python(code, folder=tmp_path).returncode == 0
