"""The tables of a run show losses, refusals and sharing where there are any, and nothing of them where there are none."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from results_samples import impatient, network, program, replication

from jukinet_sim.engine.program import compile_program
from jukinet_sim.engine.protocol import Replication
from jukinet_sim.network.model import Network
from jukinet_sim.report.run_table import run_tables
from jukinet_sim.report.terminal import show
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
    """20 of 70 visits were refused at the towns' stations, which worked 380 of 400 server-seconds."""
    cells = row(shown(impatient()), "station", "refused %", "available %")
    assert cells[:4] == ["town", "50 ± 0", "28.57 ± 0", "95 ± 0"]


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


def test_the_tables_fit_120_columns() -> None:
    """With every column there is, no line of a table is wider than 120 characters."""
    plain = network()
    stations = tuple(replace(station, discipline="ps") for station in plain.stations)
    lines = shown(impatient(), replace(plain, stations=stations))
    assert max(map(len, lines[1:])) <= 120
