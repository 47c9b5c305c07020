"""Hostile scenario files end in a refusal with place and cure, whatever stands in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jukinet_sim.base.errors import Fault, Position, ScenarioError, UsageError
from jukinet_sim.scenario.load import load
from jukinet_sim.scenario.shipped import found

SCENARIO = """scenario: {name}
title: {title}
run: {{horizon: {horizon}}}
network:
  stations: {{s: {{servers: 1}}}}
  flows: {{f: {{arrivals: {arrivals}, route: [{{visit: s, demand: {demand}}}]}}}}
"""
USUAL = {
    "name": "x",
    "title": "t",
    "horizon": "10 s",
    "arrivals": "{poisson: 1 /s}",
    "demand": "{constant: 1 s}",
}


def write(folder: Path, **parts: str) -> Path:
    """Write a scenario with some parts changed."""
    path = folder / "s.yaml"
    path.write_text(SCENARIO.format(**{**USUAL, **parts}), encoding="utf-8")
    return path


def message(path: Path, *sets: str) -> str:
    """Give what is said of a scenario that is refused."""
    with pytest.raises(ScenarioError) as caught:
        load(path, sets=sets)
    return str(caught.value)


@pytest.mark.parametrize(
    ("part", "value", "bound"),
    [
        ("horizon", "1e-308 h", 'at least "1e-15 s"'),
        ("horizon", "1e16 s", "longer than"),
        ("arrivals", "{poisson: 1e308 /s}", 'at most "1e15 /s"'),
        ("arrivals", "{poisson: 1 /s, batch: {constant: 1e200}}", 'at most "1e15"'),
        ("arrivals", "{poisson: 1e-300 /s}", 'at least "1e-15 /s"'),
        ("demand", "{weibull: {mean: 1 s, cv: 1e200}}", 'at most "1e15"'),
        ("demand", "{constant: 1e-30 s}", 'at least "1e-15 s"'),
    ],
)
def test_no_figure_leaves_the_range_that_can_be_simulated(part: str, value: str, bound: str, tmp_path: Path) -> None:
    """Every quantity has a largest value and a smallest above 0, and the refusal names it in its unit."""
    assert bound in message(write(tmp_path, **{part: value}))


@pytest.mark.parametrize("escape", [r"\e[2J", r"\0", r"\x7f", r"\x9b", r"\N", r"\L", r"\u202e", r"\u2066", r"\u200f", r"\r"])
@pytest.mark.parametrize("part", ["title", "name"])
def test_escapes_are_checked_after_decoding(part: str, escape: str, tmp_path: Path) -> None:
    """A control character written as an escape is refused where its text begins, in titles as in names."""
    said = message(write(tmp_path, **{part: f'"a{escape}b"'}))
    line, column = (2, 8) if part == "title" else (1, 11)
    assert said.startswith(f"{tmp_path / 's.yaml'}:{line}:{column}: error: an escape in this text stands for U+")
    assert all(c.isprintable() or c == "\n" for c in said)


@pytest.mark.parametrize("key", [r"\e]0;owned\a", r"\x9b", r"a\nb", r"a\tb", r"\u202e"])
def test_keys_hold_no_escapes(key: str, tmp_path: Path) -> None:
    """A key is not shown before it is known to be harmless."""
    path = write(tmp_path)
    path.write_text(path.read_text(encoding="utf-8") + f'"{key}": 1\n', encoding="utf-8")
    said = message(path)
    assert f"{path}:7:1: error: " in said
    assert all(c.isprintable() or c == "\n" for c in said)


def test_a_value_may_have_several_lines(tmp_path: Path) -> None:
    """Line breaks and tabs are text, in a title as well."""
    assert load(write(tmp_path, title=r'"a\nb\tc"')).scenario.title == "a\nb\tc"


@pytest.mark.parametrize("raw", ["\u202e", "\u2066", "\u200f", "\x9b", "\x7f"])
def test_raw_control_characters_are_refused(raw: str, tmp_path: Path) -> None:
    """What may not be escaped may not stand there as it is, in a comment either."""
    assert "unprintable character U+" in message(write(tmp_path, title=f"t # {raw}"))


def test_a_setting_holds_no_control_characters(tmp_path: Path) -> None:
    """Neither raw nor escaped, and the message shows none of them."""
    for setting in ("title=\x1b[2J", r'title="\e"', "title=\x85", "\x9b=1", "title=\udcff"):
        said = message(write(tmp_path), setting)
        assert "U+" in said
        assert all(c.isprintable() or c == "\n" for c in said)


def test_names_are_bounded_in_bytes(tmp_path: Path) -> None:
    """A name becomes a folder, and file systems count bytes: 80 Japanese characters pass, 81 do not."""
    assert load(write(tmp_path, name="漢" * 80)).scenario.scenario == "漢" * 80
    for name in ("漢" * 81, "a" * 101):
        said = message(write(tmp_path, name=name))
        assert "is too long for a name; write at most 100 characters, 80 if they are Japanese" in said


def test_a_part_that_was_deleted_is_missed_once(tmp_path: Path) -> None:
    """Keys of a base that are deleted by null are missing, with a place in the file that deletes them."""
    path = tmp_path / "s.yaml"
    path.write_text("extends: tiny.yaml\nrun: ~\nscenario: ~\n", encoding="utf-8")
    assert [line for line in message(path).splitlines() if "error" in line] == [
        f'{path}:1:1: error: missing key "scenario"; add "scenario: ..."',
        f'{path}:1:1: error: missing key "run"; add "run: ..."',
    ]


@pytest.mark.parametrize("name", ["../t.csv", "/etc/hostname", "sub/../../t.csv", "link.csv"])
def test_a_file_named_in_a_scenario_lies_in_its_folder(name: str, tmp_path: Path) -> None:
    """Tables and bases alike: what a file names lies beside it or below, links followed."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "t.csv").write_text("time_s\n1\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(tmp_path / "t.csv")
    said = message(write(folder, arrivals=f"{{times: {name}}}"))
    assert f'lies outside the folder of the scenario: "{name}"' in said
    (folder / "over.yaml").write_text(f"extends: {name}\n", encoding="utf-8")
    assert f'extends leaves the folder of the scenario: "{name}"' in message(folder / "over.yaml")


def test_the_command_line_may_name_any_file(tmp_path: Path) -> None:
    """A setting is written by whoever names the scenario too, so it may point anywhere."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "t.csv").write_text("time_s\n1\n", encoding="utf-8")
    path = write(folder, arrivals="{times: gone.csv}")
    assert load(path, sets=[f"network.flows.f.arrivals.times={tmp_path / 't.csv'}"]).scenario.network


@pytest.mark.parametrize("name", ["x" * 300, "y" * 5000 + "/a", "loop"])
def test_names_that_no_file_can_have(name: str, tmp_path: Path) -> None:
    """An overlong name is a missing file and a circle of links no regular one, wherever it is written."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    wanted = "no regular file" if name == "loop" else "no such file"
    assert wanted in message(write(tmp_path, arrivals=f"{{times: {name}}}"))
    (tmp_path / "over.yaml").write_text(f"extends: {name}\n", encoding="utf-8")
    assert wanted in message(tmp_path / "over.yaml")
    assert ("symbolic links" if name == "loop" else wanted) in message(tmp_path / name)
    with pytest.raises(ScenarioError, match="no such file"):
        load(write(tmp_path), overrides=[f"{name}.yaml"])
    # A bare name is looked for among the shipped scenarios too.
    assert found(f"{name}.yaml") == f"{name}.yaml"


def test_no_message_is_endless(tmp_path: Path) -> None:
    """What is echoed is cut in the middle, and faults beyond the first hundred are counted."""
    said = message(write(tmp_path, title="t\n" + "k" * 70_000 + ": 1"))
    assert len(said) < 2_000
    assert len(message(write(tmp_path), "run.seed=" + "9" * 70_000)) < 2_000
    said = message(write(tmp_path, title="t\n" + "\n".join(f"k{i}: 1" for i in range(300))))
    assert said.splitlines()[-1] == "... and 200 more faults"
    assert len(str(UsageError("x" * 70_000))) < 2_000


def test_the_middle_is_cut() -> None:
    """Beginning and end of what was written stay, on one line."""
    fault = Fault(f'unknown key "a\n{"b" * 1000}z"', "delete it", Position("f", 1, 1))
    assert fault.headline.startswith('f:1:1: error: unknown key "a\\nbbb')
    assert fault.headline.endswith('bbbz"; delete it')
    assert len(fault.headline) < 500


def test_a_discipline_that_is_not_there_is_not_taken_for_another(tmp_path: Path) -> None:
    """Two words may differ in a letter and mean the opposite: the cure lists what there is."""
    said = message(write(tmp_path), "network.stations.s.discipline=lifoo")
    assert 'unknown discipline "lifoo"; write one of fifo, ' in said
