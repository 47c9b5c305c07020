"""What is compiled is kept where that is possible, and a run goes on where it is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runner import environment, python, write_scenario

from jukinet_sim.cli import run as cli_run
from jukinet_sim.experiments import compiled

COMPILES = """
from jukinet_sim.base.compiled import compiled, is_cached, is_kept

def doubled(x: float) -> float:
    return 2.0 * x

function = compiled(doubled)
print(function(1.5), is_kept(function), is_cached(function))
"""


def test_without_a_folder_to_write_to_it_compiles_for_itself(tmp_path: Path) -> None:
    """Where neither the package nor the user has a folder that can be written to, functions work and are not kept.

    Code from the command line has no folder of its own, and nothing can be made below a device.
    """
    (tmp_path / "run.py").write_text(COMPILES)
    without = {**environment(), "HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null/cache", "NUMBA_CACHE_DIR": "/dev/null/numba"}
    done = python("exec(compile(open('run.py').read(), '/dev/null/run.py', 'exec'))", folder=tmp_path, env=without)
    assert (done.stdout, done.stderr) == ("3.0 False True\n", "")


def test_a_disk_that_fills_up_costs_no_run(tmp_path: Path) -> None:
    """What cannot be written into the cache folder after all is compiled, and that is all."""
    (tmp_path / "run.py").write_text(
        COMPILES.replace("function = ", "import numba.core.caching as c\nc.IndexDataCacheFile.save = fails\nfunction = ")
        .replace("def doubled", "def fails(*_):\n    raise OSError(28, 'No space left on device')\n\ndef doubled")
    )  # fmt: skip
    done = python("import run", folder=tmp_path, env={**environment(), "NUMBA_CACHE_DIR": str(tmp_path / "cache")})
    assert (done.stdout, done.stderr) == ("3.0 True False\n", "")


def test_forms_of_one_function_are_told_apart(tmp_path: Path) -> None:
    """Of the forms that one function makes, only what has been compiled counts as kept; it does in the next process too."""
    (tmp_path / "run.py").write_text("""
from jukinet_sim.base.compiled import compiled, is_cached

def form(full):
    def times(x: float) -> float:
        return 2.0 * x if full else x
    return compiled(times)

print(is_cached(form(True)), is_cached(form(False)))
form(True)(1.5)
print(is_cached(form(True)), is_cached(form(False)))
""")
    env = {**environment(), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    first, second = (python("import run", folder=tmp_path, env=env) for _ in range(2))
    assert (first.stdout, first.stderr) == ("False False\nTrue False\n", "")
    assert (second.stdout, second.stderr) == ("True False\nTrue False\n", "")


@pytest.mark.parametrize("kind", ["compiled", "allocating"])
def test_what_is_kept_is_loaded_without_the_compiler(tmp_path: Path, kind: str) -> None:
    """A process that only calls what others compiled does not load what numba would need to compile it."""
    body = {"compiled": "return 2.0 * x[1]", "allocating": "y = np.empty(1)\n    y[0] = 2.0 * x[1]\n    return y"}
    (tmp_path / "run.py").write_text(f"""
import sys
import numpy as np
from jukinet_sim.base.compiled import {kind}

@{kind}
def doubled(x):
    {body[kind]}

print(float(np.max(doubled(np.array([0.0, 1.5])))), "numba.np.linalg" in sys.modules)
""")
    env = {**environment(), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    first, second = (python("import run", folder=tmp_path, env=env) for _ in range(2))
    assert (first.stdout, first.stderr) == ("3.0 True\n", "")
    assert (second.stdout, second.stderr) == ("3.0 False\n", "")


@pytest.mark.parametrize("verb", ["run", "check"])
def test_a_compiler_switched_off_is_refused_by_its_name(tmp_path: Path, verb: str) -> None:
    """NUMBA_DISABLE_JIT is exit 2 with the cure, for whatever simulates."""
    code = "import sys; from jukinet_sim.cli.app import main; sys.exit(main())"
    done = python(code, verb, write_scenario(tmp_path), folder=tmp_path, env={**environment(), "NUMBA_DISABLE_JIT": "1"})
    assert done.returncode == 2, done.stderr
    assert "switched off by NUMBA_DISABLE_JIT" in done.stderr
    assert "env -u NUMBA_DISABLE_JIT" in done.stderr
    assert "Traceback" not in done.stderr


def test_compiling_is_announced_for_what_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Kept for later where it can be, with a cure where it cannot, and not mentioned where it is there."""
    apart: list[bool] = []
    monkeypatch.setattr(compiled, "compile_apart", lambda network, keep_rows: apart.append(keep_rows))
    said = {}
    for keeps, there in ((True, True), (True, False), (False, True)):
        monkeypatch.setattr(compiled, "can_keep", lambda keeps=keeps: keeps)
        monkeypatch.setattr(compiled, "is_compiled", lambda network, keep_rows, there=there: there)
        cli_run.compile_first(None, keep_rows=False, quiet=False)  # type: ignore[arg-type]  # nobody looks at the network
        said[keeps, there] = capsys.readouterr().err
    assert said[True, True] == ""
    assert "kept for later" in said[True, False]
    assert "NUMBA_CACHE_DIR=DIR" in said[False, True]
    assert apart == [False]
