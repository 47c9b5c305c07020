"""The tables of a run show losses, refusals and sharing where there are any, and nothing of them where there are none."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from results_samples import impatient, network, program, replication

from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import Network
from jukinet_sim.report.run_table import run_tables
from jukinet_sim.report.terminal import WIDTH, columns_of, show
from jukinet_sim.report.translated import translated
from jukinet_sim.report.words import Words
from jukinet_sim.results.document import build_document
from jukinet_sim.results.summary import digest


def shown(whole: Replication, changed: Network | None = None, **options: Any) -> list[str]:
    """The lines that three equal replications print."""
    laid_out = program() if changed is None else compile_program(changed)
    digests = [digest(replace(whole, replication=k), laid_out) for k in range(3)]
    document = build_document(digests, scenario="sample", run_hash="ab12", seed=7, rule_version=1, **options)
    stream = io.StringIO()
    show(run_tables(document, "en", everything=False, name="ab12"), stream)
    return stream.getvalue().splitlines()


def row(lines: list[str], *headings: str) -> list[str]:
    """The cells of the first row below a line that has all these headings."""
    at = next(i for i, line in enumerate(lines) if all(heading in line for heading in headings))
    return [cell.strip() for cell in lines[at + 2].split("   ") if cell.strip()]


def test_nothing_lost_is_not_shown() -> None:
    """Where every job is served, no table speaks of losses, refusals or retries."""
    text = "\n".join(shown(replace(replication(), station_sums={
        **replication().station_sums, "down_area": replication().station_sums["down_area"] * 0.0,
    })))  # fmt: skip
    assert not any(word in text for word in ("lost", "abandoned", "retried", "refused", "available", "inside"))


def test_losses_have_a_table() -> None:
    """Counts are summed over the three replications; fractions are of arrived jobs."""
    cells = row(shown(impatient()), "lost", "abandoned", "retried", "late", "lost %", "abandoned %", "late %")
    assert cells[:-1] == ["query", "195", "30", "45", "21", "42", "15.38 ± 0", "23.08 ± 0"]


def test_only_the_losses_that_happened_have_columns() -> None:
    """Without abandonments there is no column of them."""
    whole = impatient()
    lost_only = replace(whole, flow_counts={**whole.flow_counts, "abandoned": whole.flow_counts["abandoned"] * 0})
    lines = shown(lost_only)
    assert row(lines, "lost", "lost %")[0] == "query"
    assert not any("abandoned" in line for line in lines)


def test_refusals_and_failures_of_stations_are_shown() -> None:
    """20 of 70 visits were refused at the towns, which worked 380 of 400 server-seconds; who just served has no row."""
    lines = shown(impatient())
    assert row(lines, "station", "refused %", "available %") == ["town", "28.57 ± 0", "95 ± 0"]
    at = next(i for i, line in enumerate(lines) if "refused %" in line)
    assert lines[at + 3 :][:1] in ([], [""])


def test_shared_servers_show_what_is_inside() -> None:
    """Under processor sharing nobody queues, so the number of jobs inside is shown: 260 job-seconds in 100 s."""
    plain = network()
    stations = tuple(replace(station, discipline="ps") for station in plain.stations)
    cells = row(shown(replication(), replace(plain, stations=stations)), "station", "queue", "inside")
    assert "2.6 ± 0" in cells
    assert cells[-1] == "0 ± 0"


def test_the_warm_up_note_is_in_the_headline() -> None:
    """What is to know of a warm-up stands above the tables."""
    assert shown(replication(), warm_up_note="half of it is left out")[1] == "WARNING: half of it is left out"


def test_the_tables_fit_a_hundred_columns() -> None:
    """With every column there is, no line of a table is wider than 100 characters."""
    plain = network()
    stations = tuple(replace(station, discipline="ps") for station in plain.stations)
    lines = shown(impatient(), replace(plain, stations=stations))
    assert max(map(len, lines[1:])) <= 100


def figure(value: float, half: float) -> dict[str, Any]:
    """A value object of three replications."""
    return {"value": value, "half_width": half, "level": 0.95, "n": 3, "per_replication": [value] * 3}


def document(station: dict[str, Any], levels: list[dict[str, Any]]) -> dict[str, Any]:
    """A result document of one station with these changes and of these service levels."""
    digests = [digest(replace(replication(), replication=k), program()) for k in range(3)]
    whole = build_document(digests, scenario="sample", run_hash="ab12", seed=7, rule_version=1)
    stations = {name: {**part, **station} for name, part in whole["stations"].items()}
    return {**whole, "stations": stations, "slo": levels}


def printed(whole: dict[str, Any], language: str = "en", *, everything: bool = False) -> list[str]:
    """The lines of a document in a language."""
    stream = io.StringIO()
    show(translated(run_tables(whole, language, everything=everything, name="ab12"), language), stream)
    return stream.getvalue().splitlines()


WIDE = {
    "utilisation": figure(0.0123456, 0.0000123), "queue_length": figure(0.123456, 0.000123),
    "wait_s": {**dict.fromkeys(("mean", "p50", "p90", "p95", "p99", "max"), figure(12345.678, 123.4))},
    "busiest_hour": {"utilisation": figure(0.123456, 0.0000123), "at": {"from": "2012-04-02 09:00", "place": "13 Tokyo"}},
    "wait_quantiles": None,
}  # fmt: skip
LONG_NAME = "whose_name_is_of_thirty_letters"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_wide_table_leaves_out_the_queues_and_says_so(language: str) -> None:
    """What does not fit is the mean queue, which `--all` shows; every number that is shown is whole."""
    whole = document(WIDE, [])
    whole["stations"] = {LONG_NAME: next(iter(whole["stations"].values()))}
    words = Words(language)
    few, every = printed(whole, language), printed(whole, language, everything=True)
    at = next(i for i, line in enumerate(few) if line.startswith(words("station")))
    assert words("queue") not in few[at]
    assert columns_of(few[at + 1]) <= WIDTH
    assert "1.2346 ± 0.0012" in few[at + 2]
    assert any(line.endswith("jukinet show ab12 --all") for line in few[at + 3 :])
    assert any(line.startswith(words("station")) and words("queue") in line for line in every)
    assert not any(line.endswith("jukinet show ab12 --all") for line in every)


@pytest.mark.parametrize(
    ("name", "below"),
    [
        ("town utilisation, busiest 1 h < 70 %", False),
        (f"{LONG_NAME} utilisation, busiest 10 min, worst place < 70 %", True),
    ],
)
def test_where_a_level_was_found_stands_beside_it_or_below(name: str, *, below: bool) -> None:
    """The time and place of the busiest window are in a column where that fits, and else on a line of their own."""
    level = {"text": name, "met": True, "value": figure(0.1234, 0.0012), "at": WIDE["busiest_hour"]["at"]}
    lines = printed(document({}, [level]))
    at = next(i for i, line in enumerate(lines) if line.startswith(name))
    assert max(map(len, lines[at - 1 :])) <= WIDTH
    assert lines[at + 1 :] == (["  from, at: 2012-04-02 09:00, 13 Tokyo"] if below else [])
    assert lines[at].endswith("met" if below else "met   2012-04-02 09:00, 13 Tokyo")
