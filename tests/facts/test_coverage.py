"""The table that says of every reported figure what becomes of it in a simulation."""

from __future__ import annotations

from jukinet_sim.juki_net import facts
from jukinet_sim.juki_net.facts._tables import read_table


def test_every_reported_figure_has_one_row_and_no_row_is_about_nothing() -> None:
    """The keys are those of the report's figures, each once and in their order."""
    assert [row["key"] for row in read_table("coverage.csv")] == list(facts.reported())


def test_verdicts_are_the_four_and_reasons_are_given() -> None:
    """Each row has one of the verdicts and says why; each verdict is in use."""
    rows = facts.coverage().values()
    assert {row.verdict for row in rows} == set(facts.VERDICTS)
    assert all(row.reason for row in rows)


def test_only_structure_names_a_key_of_the_scenario() -> None:
    """A parameter stands somewhere; a volume is found by the flow that names it, and the rest stands nowhere."""
    for row in facts.coverage().values():
        assert row.where.startswith("juki_net.") == (row.verdict == "structure")
        assert bool(row.where) == (row.verdict == "structure")


def test_derived_figures_have_their_arithmetic() -> None:
    """Every figure called derived has exactly one identity that computes it."""
    for row in facts.coverage().values():
        if row.verdict == "derived":
            assert [identity.key for identity in facts.IDENTITIES].count(row.key) == 1


def test_conserved_figures_are_numbers_of_the_nine_months() -> None:
    """A volume that must come out exactly is a whole number printed for April to December 2012."""
    for row in facts.coverage().values():
        if row.verdict == "conserved":
            assert facts.figure(row.key).period == "2012-04-01/2012-12-31"
            assert facts.number(row.key).is_integer()
