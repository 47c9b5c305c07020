"""Every invalid scenario of this folder against its messages in `expected.txt`.

The table holds the first line of each message, file by file, in the order of the lines of the file.
"""

from __future__ import annotations

import functools
import itertools
from pathlib import Path

import pytest

from jukinet_sim.base.errors import ScenarioError
from jukinet_sim.language.source_text import printable
from jukinet_sim.scenario.load import load

HERE = Path(__file__).parent
FILES = sorted(path.name for path in HERE.glob("*.yaml"))


@functools.cache
def expected() -> dict[str, list[str]]:
    """Return the messages of each file; a line that begins with `> ` names the file of the lines below it."""
    table: dict[str, list[str]] = {}
    for line in (HERE / "expected.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("> "):
            messages = table.setdefault(line[2:], [])
        elif line:
            messages.append(line)
    return table


def test_the_table_and_the_folder_agree() -> None:
    """No file is without messages and no messages are without a file."""
    assert sorted(expected()) == FILES
    assert len(FILES) >= 55


@pytest.mark.parametrize("name", FILES)
def test_every_fault_of_a_file_is_reported_with_its_cure(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading the file raises one error with exactly the expected messages, all at once.

    Below a message stand the source line, as it is in the file, and a caret within it or just behind it.
    """
    monkeypatch.chdir(HERE)
    with pytest.raises(ScenarioError) as caught:
        load(name)
    assert [fault.headline for fault in caught.value.faults] == expected()[name]
    for fault in caught.value.faults:
        assert fault.position is not None
        content = Path(fault.position.file).read_bytes().decode("utf-8", "replace")
        if fault.source_line is not None:
            assert printable(content.splitlines()[fault.position.line - 1]).startswith(fault.source_line[:20])
            assert fault.position.column <= len(fault.source_line) + 1
            assert fault.render().splitlines()[-1].strip() == "^"


def test_no_message_speaks_of_the_machinery() -> None:
    """Messages are in the words of a scenario author: what is wrong, a semicolon, and what to write instead."""
    for line in itertools.chain(*expected().values()):
        what, _, cure = line.partition(" error: ")[2].partition("; ")
        assert what
        assert cure
        assert not any(word in line.lower() for word in ("pydantic", "validat", "input should", "union", "_type", "traceback"))
