"""`explain` and `schema`: every key can be asked about, and the answer comes from the models and the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import write_scenario

from jukinet_sim.calendar import PROFILE_NAMES
from jukinet_sim.cli.app import main
from jukinet_sim.scenario.schema import Scenario
from jukinet_sim.scenario.shape import alternatives, keys_of, models


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A small scenario."""
    return write_scenario(tmp_path)


def _explained(capsys: pytest.CaptureFixture[str], key: str, file: str | None = None) -> str:
    assert main(["explain", key, *(["--in", file] if file else [])]) == 0
    return capsys.readouterr().out


def test_a_set_key_names_its_line(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Meaning, kind with unit, default, value and place of a key that the file sets."""
    shown = _explained(capsys, "run.horizon", file)
    assert "End of the run, warm-up included" in shown
    assert "ns us ms s min h d" in shown
    assert "value     33.33 min" in shown
    assert f"set at    {file}:2:7" in shown


def test_a_key_that_is_not_set_has_its_default(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A key left out is explained with its default and says that it is one."""
    shown = _explained(capsys, "run.drain", file)
    assert "default   false" in shown
    assert "the default" in shown


def test_names_chosen_by_the_author_are_keys(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`network.stations.desk` is explained as a station, with the keys below it."""
    shown = _explained(capsys, "network.stations.desk", file)
    assert "A queue with servers." in shown
    assert "discipline" in shown
    assert f"set at    {file}:5:5" in shown


def test_steps_of_a_route_are_keys(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A position in a list is part of a key."""
    assert "value     1 s" in _explained(capsys, "network.flows.people.route.0.demand.exponential", file)


def test_an_assumed_figure_gives_reason_and_range(capsys: pytest.CaptureFixture[str]) -> None:
    """In the shipped baseline an assumption is shown with its reason and its plausible range."""
    shown = _explained(capsys, "juki_net.prefecture.hsm.per_operation")
    assert "source    assumed: " in shown
    assert "range     1 ms to 3.3 ms" in shown


def test_a_domain_key_without_value_is_explained(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A key of the other language is explained although the file does not use it."""
    assert "not used in" in _explained(capsys, "juki_net.nation.hsm.servers", file)


@pytest.mark.parametrize(
    ("key", "cure"),
    [
        ("rum", 'did you mean "run"?'),
        ("run.sed", 'did you mean "seed"?'),
        ("network.stations.dask", 'did you mean "desk"?'),
        ("run.seed.more", "nothing lies below"),
        ("network.flows.people.route.7", "write one of 0"),
    ],
)
def test_an_unknown_key_exits_2_with_the_nearest(
    key: str, cure: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key that does not exist is answered with what was probably meant."""
    assert main(["explain", key, "--in", file]) == 2
    assert cure in capsys.readouterr().err


def test_without_a_key_all_top_keys_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """`explain` alone lists every key a scenario file may have at its top."""
    assert main(["explain"]) == 0
    listed = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")}
    assert listed == {info.alias or name for name, info in Scenario.model_fields.items()}


def test_every_documented_key_can_be_explained(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No key of the first three levels of the schema breaks the explanation, and each says what it means."""
    for top, annotation in keys_of(Scenario).items():
        for model in models(alternatives(annotation)):
            for key in keys_of(model):
                assert len(_explained(capsys, f"{top}.{key}", file).splitlines()) > 2


@pytest.mark.parametrize("name", sorted(PROFILE_NAMES))
def test_profiles_are_drawn(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every calendar profile is explained with its source and 48 marks, one for each half hour."""
    shown = _explained(capsys, name)
    drawing = shown.splitlines()[-2].strip()
    assert len(drawing) == 48
    assert "source" in shown


def test_business_hours_are_drawn_where_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """8:30 to 17:15 fills seventeen half hours and half of one more; the night is empty."""
    drawing = _explained(capsys, "business-hours").splitlines()[-2].strip()
    assert drawing == "·" * 17 + "█" * 17 + "▄" + "·" * 13


def test_schema_is_json_for_editors(capsys: pytest.CaptureFixture[str]) -> None:
    """The printed schema names every top key."""
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["properties"]) == {info.alias or name for name, info in Scenario.model_fields.items()}
