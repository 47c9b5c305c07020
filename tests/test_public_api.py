"""What `import jukinet_sim` offers: exactly the names of `__all__`, and that they work one after the other."""

from __future__ import annotations

import inspect
import tomllib
from pathlib import Path

import pytest

import jukinet_sim

ROOT = Path(__file__).parents[1]
_LAID = ("set", "override", "seed")
_WAY = ("jobs", "on", "out", "fresh", "progress")
PUBLIC = {
    "Study": ("base", "changes"),
    "calibrate": ("scenario", "observed", "fit", *_LAID, "replications", "engine", *_WAY),
    "compare": ("scenarios", "with_", "metric", "precision", "names", *_LAID, "replications", "engine", *_WAY),
    "compare_suites": ("scenario", "suites", "metric", "precision", *_LAID, "replications", "engine", *_WAY),
    "compile_network": ("loaded",),
    "load": ("path", "overrides", "sets"),
    "run": ("scenario", *_LAID, "replications", "precision", "extend", "engine", "places", "assumptions", "every", *_WAY),
    "sensitivity": (
        "scenario", "output", "method", "only", "vary", "groups", "trajectories", "rows", "every", "replications", *_LAID,
        "engine", *_WAY,
    ),
    "simulate": ("network", "seed", "replications", "engine", "jobs"),
    "size": (
        "scenario", "vary", "cost", "worth", "growth", "growth_key", "slack", "confidence", "most", "every", "assumptions",
        *_LAID, "engine", *_WAY,
    ),
    "summarise": ("results", "slo"),
    "sweep": (
        "scenario", "vary", "design", "points", "metric", "precision", *_LAID, "replications", "engine", *_WAY,
    ),
}  # fmt: skip


def test_names() -> None:
    """The public names are these, and nothing else that is not private."""
    assert sorted(jukinet_sim.__all__) == sorted([*PUBLIC, "__version__"])


@pytest.mark.parametrize(("name", "parameters"), PUBLIC.items(), ids=PUBLIC)
def test_functions(name: str, parameters: tuple[str, ...]) -> None:
    """Each public function takes these parameters and says what it does."""
    function = getattr(jukinet_sim, name)
    assert tuple(inspect.signature(function).parameters) == parameters
    assert function.__doc__


def test_version() -> None:
    """The version is the one that the package is built with."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        assert jukinet_sim.__version__ == tomllib.load(file)["project"]["version"]


def test_unknown_name() -> None:
    """A name that does not exist is an AttributeError, as of any module."""
    with pytest.raises(AttributeError, match="no_such_name"):
        jukinet_sim.no_such_name  # noqa: B018  # looking it up is what fails


def test_from_file_to_summary() -> None:
    """The four functions, one after the other, turn a scenario file into a result document."""
    loaded = jukinet_sim.load(ROOT / "scenarios" / "textbook" / "mm1.yaml", sets=("run.horizon=3000 s",))
    network = jukinet_sim.compile_network(loaded)
    summary = jukinet_sim.summarise(jukinet_sim.simulate(network, seed=1, replications=2))
    assert summary["scenario"] == "mm1"
    assert summary["replications"] == 2
    assert summary["flows"]["customer"]["completed"] > 0
