"""Only regular files are read: anything else under the name of a file is refused with exit 2, at once and in little memory."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli_runner import MM1, write_scenario

from jukinet_sim.base.regular_files import is_regular, open_regular, read_regular
from jukinet_sim.cli.app import main


def _socket(path: Path) -> None:
    """A socket under a name; short, as those of sockets have to be."""
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _link_to_pipe(path: Path) -> None:
    """A link to a pipe beside it."""
    os.mkfifo(path.with_suffix(".pipe"))
    path.symlink_to(path.with_suffix(".pipe"))


KINDS: dict[str, tuple[Callable[[Path], Any], str]] = {
    "pipe": (os.mkfifo, "a pipe"),
    "link to a pipe": (_link_to_pipe, "a pipe"),
    "circle of links": (lambda path: path.symlink_to(path), "symbolic links"),
    "link to nothing": (lambda path: path.symlink_to("nothing"), "o such file"),
    "endless device": (lambda path: path.symlink_to("/dev/zero"), "a device"),
    "socket": (_socket, "a socket"),
}


@pytest.fixture(params=KINDS)
def odd(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """Something that is not a regular file, and a word of what is said of it."""
    make, word = KINDS[request.param]
    path = tmp_path / "odd.yaml"
    make(path)
    return path, word


@pytest.mark.parametrize("verb", ["run", "validate", "plan", "check"])
def test_scenarios_are_regular_files(odd: tuple[Path, str], verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A scenario that is something else is refused by what it is; nobody is asked whether its own name was meant."""
    path, word = odd
    assert main([verb, str(path)]) == 2
    shown = capsys.readouterr().err
    assert word in shown
    assert "did you mean" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "scenario: a\nextends: odd.yaml\n",
        MM1.replace("{poisson: 0.5 /s}", "{times: odd.yaml}"),
        "scenario: a\nextends: fy2012.yaml\njuki_net: {municipalities: {source: odd.yaml}}\n",
        "scenario: a\nextends: fy2012.yaml\njuki_net: {provisions: {source: odd.yaml}}\n",
    ],
    ids=["extends", "times", "municipalities", "provisions"],
)
def test_what_a_scenario_names_is_a_regular_file(
    odd: tuple[Path, str], text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A base or a CSV that is something else is a fault of the key that names it, by line and column."""
    file = write_scenario(odd[0].parent, text)
    assert main(["validate", file]) == 2
    shown = capsys.readouterr().err
    # What a link leads to is not even looked at where it leads out of the folder of the scenario.
    assert any(what in shown for what in ("regular file", "extends leaves the folder", "lies outside the folder"))
    assert shown.startswith(f"{file}:")


def test_overrides_and_lists_are_regular_files(odd: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    """The same for what the command line names."""
    path, word = odd
    assert main(["validate", write_scenario(path.parent), "--override", str(path)]) == 2
    assert main(["init", str(path.parent / "new"), "--municipalities", str(path)]) == 2
    assert main(["diff", str(path), str(path)]) == 2
    assert capsys.readouterr().err.count(word) == 3


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/tty"])
def test_devices_are_not_scenarios(device: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A device is named as one."""
    assert main(["validate", device]) == 2
    assert f"{device} cannot be read: it is a device" in capsys.readouterr().err


def test_size_is_bounded(tmp_path: Path) -> None:
    """A file larger than allowed is refused before it is read whole; one of just that size is read."""
    path = tmp_path / "file"
    path.write_bytes(b"x" * 100)
    assert read_regular(path, 100) == b"x" * 100
    with pytest.raises(OSError, match="larger than"):
        read_regular(path, 99)
    os.truncate(path, 2**40)
    with pytest.raises(OSError, match="larger than 1 MiB"):
        read_regular(path, 2**20)


def test_no_descriptor_is_left_open(odd: tuple[Path, str]) -> None:
    """A file that is refused is closed again."""
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with pytest.raises(OSError, match=r".+"):
            open_regular(odd[0])
    assert len(os.listdir("/proc/self/fd")) == before
    assert not is_regular(odd[0])
