"""Decisions taken many times: right procedures keep their claims, wrong ones break them, and both are those of the commands."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from jukinet_sim.cli.app import main
from jukinet_sim.report.verify_table import markdown
from jukinet_sim.statistics.intervals import over_replications
from jukinet_sim.statistics.paired import difference
from jukinet_sim.verify import battery
from jukinet_sim.verify.acceptance import coverage_bounds, least_right
from jukinet_sim.verify.battery import make_order, run_battery
from jukinet_sim.verify.claim import Claim
from jukinet_sim.verify.decisions import differences, doubt, pairs, selection, servers, stopping
from jukinet_sim.verify.decisions.differences import Compared
from jukinet_sim.verify.decisions.doubt import Margins
from jukinet_sim.verify.decisions.normal import Normals
from jukinet_sim.verify.decisions.pairs import BUSY, NORMAL, SIDE_BY_SIDE, Scenarios
from jukinet_sim.verify.decisions.registry import DECISIONS
from jukinet_sim.verify.decisions.selection import Chosen, Slippage
from jukinet_sim.verify.decisions.servers import QUEUES, Queue, Searched
from jukinet_sim.verify.decisions.simulated import Simulated
from jukinet_sim.verify.decisions.stopping import Case, MeanSojourn, NormalValues, Stopped
from jukinet_sim.verify.decisions.trials import run_trials
from jukinet_sim.verify.document import verification
from jukinet_sim.verify.point import at_station
from jukinet_sim.verify.workers import Workers, workers

TRIALS = 150
SHORT = Queue(18.0, 0.91, 19, 30, observed_s=600.0)
"""So short that a single replication says little."""


def by_subject(claims: Iterator[Claim]) -> dict[str, Claim]:
    """Claims by their subjects."""
    return {claim.subject: claim for claim in claims}


def test_answers_of_the_queues_are_erlangs() -> None:
    """21 servers at 18 a second and 11 at 9 are the least that keep their bounds."""
    assert [case.answer for case in QUEUES] == [21, 11]


def test_a_thousand_trials() -> None:
    """936 of 1,000 have to be right; of intervals 931 to 970 may cover."""
    assert least_right(1000) == 936
    assert coverage_bounds(1000, 1) == (931, 970)


def test_normal_numbers() -> None:
    """They are as many as asked for, always the same, of mean 0 and variance 1, and others for another seed or name."""
    numbers = Normals(1, "a").first(20_000)
    assert Normals(1, "a").first(7).tolist() == numbers[:7].tolist()
    assert abs(numbers.mean()) < 3.29 / 20_000**0.5
    assert abs(numbers.var() - 1.0) < 3.29 * (2.0 / 20_000) ** 0.5
    for other in (Normals(2, "a"), Normals(1, "b")):
        assert abs(float(np.corrcoef(numbers, other.first(20_000))[0, 1])) < 3.29 / 20_000**0.5


def square(case: int, seed: int) -> tuple[int, int]:
    """A trial that tells what it was given."""
    return case * case, seed


def test_trials_have_seeds_of_their_own_on_any_processes() -> None:
    """Each trial has another seed, the same one whatever the number of processes, and another one under another name."""
    with workers(2) as pool:
        found = run_trials(square, 3, "squares", 50, 1, pool)
    assert found == run_trials(square, 3, "squares", 50, 1, Workers())
    seeds = {seed for _, seed in found}
    assert len(seeds) == 50
    assert not seeds & {seed for _, seed in run_trials(square, 3, "others", 50, 1, Workers())}


def one_replication(case: Queue, seed: int) -> Searched:
    """A scan that believes a single replication of each number of servers."""
    figure, first = at_station("wait_s.p95", 0.0), {}
    for c in case.servers:
        (value,) = Simulated(servers.network(case, c), [figure], seed).values(0, 1)
        assert value is not None
        first[c] = (value, value)
        if value < case.bound_s:
            return Searched(c, True, c - case.low + 1, first)
    return Searched(None, True, len(case.servers), first)


def test_a_search_is_right_where_a_single_replication_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """On replications of ten minutes the search keeps its claim; believing one of them breaks it."""
    monkeypatch.setattr(servers, "QUEUES", (SHORT,))
    assert by_subject(servers.claims(16, 1, Workers()))["right answers"].holds
    assert not by_subject(servers.claims(16, 1, Workers(), one_replication))["right answers"].holds


@pytest.mark.parametrize(("replications", "holds"), [(12, True), (21, False)])
def test_a_search_has_to_take_few_replications(replications: int, holds: bool) -> None:
    """A scan upward to 21 takes 3 x 20 of them, and a search a third of that at most."""
    first = {20: (1.1, 1.3), 21: (0.68, 0.7)}
    found = by_subject(servers.judged(QUEUES[0], [Searched(21, True, replications, first)] * 3, 1))
    assert found["replications"].holds is holds
    assert found["replications"].details["times_fewer"] == pytest.approx(60 / replications)


def test_a_biased_percentile_is_found() -> None:
    """Percentiles that are a tenth of the margin off theory are no ground for decisions."""
    case = QUEUES[0]
    off = {c: case.theory_s(c) + 0.1 * abs(case.bound_s - case.theory_s(c)) for c in (20, 21)}
    first = {c: (value - 1e-3, value + 1e-3) for c, value in off.items()}
    found = by_subject(servers.judged(case, [Searched(21, True, 10, first)] * 50, 1))
    assert found["right answers"].holds
    assert not found["bias of a replication"].holds


def sign_of_the_mean(case: Margins, seed: int) -> doubt.Searched:
    """A search without confidence: five replications of each value from the lowest on, told by the sign of their mean."""
    noise = Normals(seed, "margin").first(5)
    values = range(case.low, case.high + 1)
    answer = next(value for value in values if case.of(value, noise).mean() > 0.0)
    return doubt.Searched(answer, True, 5 * (answer - case.low + 1))


def test_a_search_without_confidence_has_no_doubt() -> None:
    """At a margin of exactly 0 the search is in doubt, and one that only looks at signs is not."""
    assert next(doubt.claims(TRIALS, 1, Workers())).holds
    assert not next(doubt.claims(TRIALS, 1, Workers(), sign_of_the_mean)).holds


def smallest_of_ten(case: Slippage, seed: int) -> Chosen:
    """A selection by the means of ten replications."""
    of = selection.values(case, seed)
    best = min(range(case.systems), key=lambda system: float(of(system, 10).mean()))
    return Chosen(best == case.best(seed), True, 10 * case.systems)


def test_a_selection_by_few_replications_is_wrong() -> None:
    """Kim and Nelson's procedure finds the best of ten systems; the smallest mean of ten replications often is another."""
    assert next(selection.claims(TRIALS, 1, Workers())).holds
    assert not next(selection.claims(TRIALS, 1, Workers(), smallest_of_ten)).holds


def test_a_selection_without_its_guarantee_does_not_count() -> None:
    """The right system by luck is no right decision."""
    assert not selection.judged(selection.SLIPPAGE, [Chosen(True, False, 10)] * 40, 1).holds


def not_simultaneous(case: Scenarios, seed: int) -> Compared:
    """A comparison whose intervals hold one by one."""
    first, *others = case.values(seed)
    found = [
        (difference(first[m], other[m]), case.difference(s, m))
        for s, other in enumerate(others, start=1) for m in range(len(first))
    ]  # fmt: skip
    known = [(one.value - true, one.half_width) for one, true in found if one.value is not None and one.half_width is not None]
    return Compared(tuple(error for error, _ in known), tuple(half for _, half in known))


def test_intervals_have_to_hold_together() -> None:
    """Six intervals of `compare` cover together in 95 % of comparisons; six that hold one by one do not."""
    right = run_trials(differences.compared, NORMAL, "normal", TRIALS, 1, Workers())
    assert differences.covering(NORMAL, right, 1).holds
    wrong = run_trials(not_simultaneous, NORMAL, "normal", TRIALS, 1, Workers())
    assert not differences.covering(NORMAL, wrong, 1).holds


def test_intervals_that_are_too_wide_fail() -> None:
    """Covering always is not what was promised, nor is a difference that is half an interval off."""
    assert not differences.covering(NORMAL, [Compared((0.01, -0.01), (1.0, 1.0))] * 400, 1).holds
    off = [Compared((0.5 + noise,), (1.0,)) for noise in Normals(1, "x").first(400) * 0.3]
    assert coverage_bounds(400, 1)[0] <= sum(one.covers for one in off)
    assert not differences.covering(NORMAL, off, 1).holds


def test_what_common_random_numbers_save() -> None:
    """The saving stated and that measured agree within a factor of two on three comparisons, and hold the claim."""
    found = run_trials(differences.both_ways, BUSY, "busy", 3, 1, Workers())
    claim = differences.saving(BUSY, found, 1)
    assert claim.holds
    assert 0.5 < claim.details["stated_times_fewer"] / claim.details["times_fewer"] < 2.0
    independent = [differences.Saved(one.stated, one.independent, one.independent) for one in found]
    assert not differences.saving(BUSY, independent, 1).holds


def test_differences_of_queues_are_theirs() -> None:
    """The differences to be covered are those of Pollaczek and Khinchine's formula for M/M/1."""
    rho, faster = SIDE_BY_SIDE.utilisations[1], SIDE_BY_SIDE.faster
    assert SIDE_BY_SIDE.difference(1, 1) == pytest.approx(rho / (faster * (faster - rho)) - rho / (1.0 - rho))
    table = SIDE_BY_SIDE.values(1)
    assert (len(table), len(table[0]), len(table[0][0])) == (2, 3, pairs.REPLICATIONS)


def looks_from_two_on(case: Case, seed: int) -> Stopped:
    """A run that looks after each replication, from the second on."""
    values, n = case.values(seed), 2
    while True:
        mean = over_replications(values(n))
        assert mean.value is not None
        assert mean.half_width is not None
        if mean.half_width <= case.precision * mean.value:
            return Stopped(mean.value, mean.half_width, n)
        n += 1


def test_stopping_too_early_does_not_cover() -> None:
    """Runs that begin with twenty replications cover; those that may stop after two do not."""
    case = NormalValues(0.06, 0.03)
    right = run_trials(stopping.run, case, "normal", 600, 1, Workers())
    assert stopping.covering(case, right, 1).holds
    wrong = run_trials(looks_from_two_on, case, "normal", 600, 1, Workers())
    assert not stopping.covering(case, wrong, 1).holds


SCENARIO = """\
scenario: same
run: {horizon: HORIZON s, warm_up: 200 s, seed: 77, engine: fast}
network:
  stations: {s: {servers: SERVERS}}
  flows:
    f: {arrivals: {poisson: RATE /s}, route: [{visit: s, demand: {exponential: 1 s}}]}
"""


def document(
    capsys: pytest.CaptureFixture[str], verb: str, text: str, *arguments: str, horizon: float, servers: int, rate: float
) -> dict[str, Any]:
    """What a command prints of the scenario with these numbers and this end."""
    for word, number in (("HORIZON", horizon), ("SERVERS", servers), ("RATE", rate)):
        text = text.replace(word, str(number))
    Path("same.yaml").write_text(text)
    assert main([verb, "same.yaml", *arguments, "--json", "--quiet", "--jobs", "1"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_search_is_that_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`jukinet size` tries the same values with as many replications, and comes to the same answer."""
    monkeypatch.chdir(tmp_path)
    text = SCENARIO + "slo: [{station: s, metric: wait.p95, below: 0.91 s}]\n"
    vary = ("--vary", "network.stations.s.servers=19..30", "--no-slack")
    said = document(capsys, "size", text, *vary, horizon=800.0, servers=19, rate=18.0)
    found = servers.search(SHORT, 77)
    assert (said["answer"], said["distinguishable"]) == (found.answer, found.distinguishable)
    assert said["replications"] == found.replications
    assert [row["set"]["network.stations.s.servers"] for row in said["evaluated"]] == sorted(found.first_s)
    assert said["evaluated"][0]["slo"][0]["value"]["per_replication"][:5] == list(found.first_s[min(found.first_s)])


def test_the_stop_is_that_of_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`jukinet run --precision` ends with as many replications, and the same mean."""
    monkeypatch.chdir(tmp_path)
    said = document(capsys, "run", SCENARIO, "--precision", "4%", horizon=1200.0, servers=1, rate=0.5)
    found = stopping.run(MeanSojourn(0.5, 0.04, 1000.0, 200.0), 77)
    mean = said["flows"]["f"]["sojourn_s"]["mean"]
    assert (said["replications"], mean["value"], mean["half_width"]) == (found.replications, found.value, found.half_width)
    assert found.replications > 20


def test_a_second_seed_decides_about_decisions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails under the first seed is judged anew under the second one; the table shows it."""
    asked = []

    def claims(trials: int, seed: int, _: Workers) -> Iterator[Claim]:
        asked.append((trials, seed))
        details = {"trials": trials, "right": seed, "accepted": 36}
        yield Claim("decisions", "dice", "two", "unlucky", seed == 8, details=details)
        yield Claim("decisions", "dice", "two", "wrong", False, details=details)

    monkeypatch.setattr(battery, "DECISIONS", {"dice": claims})
    order = make_order("quick", "fast", 7, ["Decisions"])
    found = list(run_battery(order, Workers(), lambda _: None))
    assert asked == [(40, 7), (40, 8)]
    assert [(one.subject, one.holds, one.retested) for one in found] == [("unlucky", True, True), ("wrong", False, True)]
    assert found[0].details["first"]["right"] == 7
    table = markdown(verification(order, found))
    row = "| decisions: dice, two | 40 trials | 8 right (36 needed); 8 right (36 needed) | 1 of 2 fail (2 re-tested) |"
    assert row in table


def test_every_decision_has_its_words() -> None:
    """Claims of all families about a trial or two can be told, and name their kind."""
    assert list(DECISIONS) == ["size", "size in doubt", "selection", "compare", "precision", "calibrate"]
    order = make_order("quick", "fast", 7, ["decisions"])
    found = [*doubt.claims(2, 1, Workers()), *selection.claims(2, 1, Workers())]
    found += servers.judged(QUEUES[1], [Searched(11, True, 10, {10: (2.5, 2.7), 11: (1.0, 1.1)})] * 2, 1)
    table = markdown(verification(order, found))
    assert "decisions: size, M/M/c, lam 9, wait p95 < 1.67 s, c 10 to 20 | 2 trials | 2 right" in table
    assert "4.0 times fewer replications (3 needed)" in table
