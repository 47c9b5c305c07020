"""`explain` and `schema`: every key and every job can be asked about, and the answer comes from the models and the file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runner import write_scenario

from jukinet_sim.calendar import PROFILE_NAMES, SEASONAL_PROFILES, profile_descriptions
from jukinet_sim.cli.app import main
from jukinet_sim.juki_net.machines.links import LINKS
from jukinet_sim.language.shape import alternatives, keys_of, models
from jukinet_sim.scenario.schema import Scenario
from jukinet_sim.scenario.shipped import shipped_folder


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
    """`explain` alone lists every key a scenario file may have at its top, and says how to list the profiles."""
    assert main(["explain"]) == 0
    shown = capsys.readouterr().out
    listed = {line.split()[0] for line in shown.splitlines() if line.startswith("  ")}
    assert listed == {info.alias or name for name, info in Scenario.model_fields.items()}
    assert "jukinet explain profiles" in shown


@pytest.mark.parametrize("key", sorted(Scenario.model_fields))
def test_no_top_key_is_taken_for_a_profile(key: str, file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A key of the schema is explained as such, however near a profile's name it is."""
    assert main(["explain", Scenario.model_fields[key].alias or key, "--in", file]) == 0
    assert "calendar profile" not in capsys.readouterr().err


def test_every_documented_key_can_be_explained(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """No key of the first three levels of the schema breaks the explanation, and each says what it means."""
    for top, annotation in keys_of(Scenario).items():
        for model in models(alternatives(annotation)):
            for key in keys_of(model):
                assert len(_explained(capsys, f"{top}.{key}", file).splitlines()) > 2


def _day(shown: str) -> str:
    """The drawing of a day: the line above the hours."""
    lines = shown.splitlines()
    return lines[next(i for i, line in enumerate(lines) if line.split()[:2] == ["0", "6"]) - 1].strip()


def _months(shown: str) -> dict[str, tuple[float, int]]:
    """The percent of each month, and the length of its bar in whole marks."""
    rows = [line.split() for line in shown.splitlines() if len(line.split()) == 4 and line.split()[2] == "%"]
    return {month: (float(percent), bar.count("█")) for month, percent, _, bar in rows}


@pytest.mark.parametrize("name", sorted(PROFILE_NAMES))
def test_profiles_are_drawn(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every calendar profile is explained with its source and 48 marks, one for each half hour, within 100 columns."""
    shown = _explained(capsys, name)
    assert len(_day(shown)) == 48
    assert "source" in shown
    assert all(len(line) <= 100 for line in shown.splitlines())


def test_business_hours_are_drawn_where_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """8:30 to 17:15 fills seventeen half hours and half of one more; the night is empty."""
    assert _day(_explained(capsys, "business-hours")) == "·" * 17 + "█" * 17 + "▄" + "·" * 13


@pytest.mark.parametrize("name", sorted(PROFILE_NAMES))
def test_only_seasons_are_drawn_by_month(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A profile with seasons has twelve bars from April to March whose percents make a whole; others have none."""
    months = _months(_explained(capsys, name))
    if name in SEASONAL_PROFILES:
        assert list(months) == ["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
        assert sum(percent for percent, _ in months.values()) == pytest.approx(100.0, abs=12 * 0.05)
    else:
        assert months == {}


def test_bars_are_as_long_as_their_shares(capsys: pytest.CaptureFixture[str]) -> None:
    """March's 16.8 % of moves are the longest bar of 48 marks; April's 14.2 % are drawn in proportion."""
    months = _months(_explained(capsys, "moves"))
    assert months["Mar"] == (16.8, 48)
    assert months["Apr"] == (14.2, int(48 * 14.2 / 16.8))


def test_a_drawing_tells_the_part_of_the_nine_months(capsys: pytest.CaptureFixture[str]) -> None:
    """275 of the 365 days of FY2012 lie in April to December."""
    assert f"holds {100 * 275 / 365:.1f} % of the fiscal year" in _explained(capsys, "uniform")


@pytest.mark.parametrize("word", ["profiles", "calendar"])
def test_all_profiles_are_listed(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The table has each profile once with status, meaning and reason, within 100 columns, and says how to see one drawn."""
    shown = _explained(capsys, word)
    lines = shown.splitlines()
    text = " ".join(" ".join(line[37:].split()) for line in lines)
    for described in profile_descriptions():
        assert [line.split()[1] for line in lines if line.split()[:1] == [described.name]] == [described.status]
        assert described.meaning in text
        assert described.reason in text
    assert "jukinet explain NAME" in lines[-1]
    assert all(len(line) <= 100 for line in lines)


def test_a_list_draws_each_day_by_the_hour(capsys: pytest.CaptureFixture[str]) -> None:
    """Below a name stand 24 marks: prefectures are open from the 8th hour to the 18th."""
    lines = _explained(capsys, "profiles").splitlines()
    below = lines[next(i for i, line in enumerate(lines) if line.startswith("prefecture-hours")) + 1]
    assert below[:24] == "·" * 8 + "█" * 10 + "·" * 6


@pytest.mark.parametrize(("key", "meant"), [("busines-hours", "business-hours"), ("kiosks", "kiosk"), ("profile", "profiles")])
def test_a_mistyped_profile_exits_2_with_the_nearest(key: str, meant: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is nearly a profile is answered with the profile."""
    assert main(["explain", key]) == 2
    assert f'did you mean "{meant}"?' in capsys.readouterr().err


QUEUE = """\
scenario: window
run: {period: {from: 2012-04-02, to: 2012-04-03}, replications: 3, warm_up: auto, records: visits}
network:
  stations:
    desk: {servers: 1, discipline: priority}
  flows:
    people:
      arrivals: {scheduled: [{at: 8 h, records: 1}, {at: 28801 s, records: 1}, {at: 28802 s, records: 1}]}
      route: [{visit: desk, demand: {constant: 2 s}}]
      priority: 2
    officials:
      arrivals: {scheduled: [{at: 28803 s, records: 1}]}
      route: [{visit: desk, demand: {constant: 600 s}}]
      priority: 1
"""
LAST_OF_PEOPLE = 28800.0 + 2.0 + 2.0 + 600.0
"""When the third person is served: behind two services of 2 s and an official who goes before."""


@pytest.fixture
def window(tmp_path: Path) -> str:
    """A desk where an official goes before the third person."""
    return write_scenario(tmp_path, QUEUE, "window.yaml")


def _life(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["explain", *arguments]) == 0
    return capsys.readouterr().out


def test_the_life_of_a_job_is_a_table(window: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Two headlines, then a row for each thing that happened, with times that end in one column and the clock beside them."""
    headline, outcome, _, heading, rule, *rows = _life(capsys, "--job", "people:3", window).splitlines()
    assert headline == "people:3 of window, replication 0, seed 1"
    assert outcome.startswith("completed")
    assert heading.split()[:2] == ["time", "s"]
    assert set(rule) == {"─"}
    timed = [row for row in rows if row[:1].strip()]
    assert len({len(row.split("   ")[0]) for row in timed}) == 1
    assert [row.split()[0] for row in timed] == [
        f"{at:,.3f}" for at in [28802.0] * 3 + [LAST_OF_PEOPLE] + [LAST_OF_PEOPLE + 2.0] * 2
    ]
    assert [row.split()[1:3] for row in timed] == [
        ["2012-04-02", clock] for clock in ["08:00:02.000"] * 3 + ["08:10:04.000"] + ["08:10:06.000"] * 2
    ]


def test_a_life_tells_who_went_before(window: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whom the job found there and who was served before it stand in the text, which never goes beyond 120 columns."""
    shown = _life(capsys, "--job", "people:3", window)
    words = " ".join(shown.split())
    # The second person's service begins in the instant in which the third comes, and the earlier event goes first.
    assert "in service: people:2" in words
    assert f"meanwhile went before it: officials:1 at {28804.0:,.3f}" in words
    assert all(len(line) <= 120 for line in shown.splitlines())


def test_a_life_without_a_calendar_has_no_dates(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Where time 0 is no date, the time in seconds stands alone."""
    assert "date and time" not in _life(capsys, "--job", "people:1", file)


def test_a_life_is_a_document(window: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` prints the record, with the date of time 0 in Japan Standard Time."""
    life = json.loads(_life(capsys, "--job", "people:3", "--json", window))
    assert (life["job"], life["outcome"], life["starts"]) == ("people:3", "completed", "2012-04-02T00:00:00+09:00")
    assert (life["arrived_s"], life["ended_s"]) == (28802.0, LAST_OF_PEOPLE + 2.0)
    assert [entry["served_before"] for entry in life["entries"] if entry["what"] == "started"] == [
        [{"job": "officials:1", "at_s": 28804.0}]
    ]


def test_seed_replication_and_settings_choose_the_run(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Other seeds and replications are other lives; the seed is named, by option or setting alike."""
    lives = [
        json.loads(_life(capsys, "--job", "people:5", "--json", *more, file))
        for more in ([], ["--seed", "6"], ["--set", "run.seed=6"], ["--replication", "1"])
    ]
    assert [life["seed"] for life in lives] == [5, 6, 6, 5]
    assert lives[1] == lives[2]
    assert len({life["arrived_s"] for life in lives}) == 3


def test_a_job_of_the_national_network(capsys: pytest.CaptureFixture[str]) -> None:
    """A life in the domain's scenarios names stations with their places and shows when things happened by the clock."""
    shown = _life(capsys, "--job", "updates.per_event:1", str(shipped_folder() / "tiny.yaml"))
    assert "comes to cs at " in shown
    assert "2012-04-02 " in shown
    assert all(len(line) <= 120 for line in shown.splitlines())


@pytest.mark.parametrize(
    ("job", "cure"),
    [
        ("peple:1", 'did you mean "people"?'),
        ("people:4", 'there is no job people:4: "people" has 3 jobs in replication 0; write a number from 1 to 3'),
        ("people:0", "counted from 1"),
        ("people", "write FLOW:N, such as people:1"),
        ("people:first", "write FLOW:N, such as people:1"),
    ],
)
def test_a_job_that_does_not_exist_exits_2(
    job: str, cure: str, window: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped flow, a number beyond the last and a name that is none are answered with what to write."""
    assert main(["explain", "--job", job, window]) == 2
    assert cure in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (["--job", "people:1"], "needs one scenario file"),
        (["--job", "people:1", "a.yaml", "--in", "b.yaml"], "needs one scenario file"),
        (["run.seed", "--seed", "3"], "add --job FLOW:N"),
        (["run.seed", "--json"], "add --job FLOW:N"),
        (["--replication", "2"], "add --job FLOW:N"),
    ],
)
def test_options_that_do_not_fit_exit_2(arguments: list[str], cure: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A job needs a scenario, and what is about a job needs one."""
    assert main(["explain", *arguments]) == 2
    assert cure in capsys.readouterr().err


def test_help_names_the_job(capsys: pytest.CaptureFixture[str]) -> None:
    """`explain --help` tells how a job is named."""
    assert main(["explain", "--help"]) == 0
    assert "--job FLOW:N" in capsys.readouterr().out


def test_schema_is_json_for_editors(capsys: pytest.CaptureFixture[str]) -> None:
    """The printed schema names every top key."""
    assert main(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["properties"]) == {info.alias or name for name, info in Scenario.model_fields.items()}


def test_links_are_listed_with_what_a_message_passes(capsys: pytest.CaptureFixture[str]) -> None:
    """Every link has its meaning and its stations; a generic network has none."""
    shown = _explained(capsys, "links")
    assert all(name in shown and link.meaning in shown for name, link in LINKS.items())
    assert "prefecture_line > 10 ms > national_firewall > national_hsm" in shown
