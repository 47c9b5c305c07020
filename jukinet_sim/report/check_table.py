"""What `check` found as tables, under headings that keep conserved inputs apart from validation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.report.figures_table import figure_tables, figures_document, plain_count, signed, wrapped
from jukinet_sim.report.numbers import MILLISECONDS, PERCENT, PLAIN, SECONDS, UNDEFINED, Unit, count, interval, plain
from jukinet_sim.report.record_table import record_tables
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.words import Words

if TYPE_CHECKING:
    from jukinet_sim.experiments.theory_check import TheoryRow
    from jukinet_sim.juki_net.domain import ReportedCheck, VolumeRow

CLOSURE = (
    "These volumes were put in exactly; that they come out exactly shows that no record is lost or made up on the way. "
    "It is not validation of delays, which rest on assumed service times."
)

APPROXIMATE = "Approximate rows are rules of thumb, shown for orientation: they validate nothing and are not judged."


def check_tables(
    reported: ReportedCheck,
    theory: Sequence[TheoryRow],
    language: str,
    *,
    judged_from: int,
    document: Mapping[str, Any] | None = None,
) -> Iterator[str | Table]:
    """Yield the parts of a check, what a result `document` has on record of the real system first.

    `judged_from` is the number of replications from which theory is judged.
    """
    words = Words(language)
    yield from record_tables(document or {}, words)
    if reported.volumes:
        yield words("inputs conserved")
        yield _volumes(reported.volumes, words)
        yield ""
        yield wrapped(CLOSURE)
        yield ""
    if reported.figures:
        yield words("every other reported figure")
        yield from figure_tables(reported.figures, words)
        yield ""
    if theory:
        yield words("validated against theory")
        yield _theory(theory, words)
        exact = [row for row in theory if not row.prediction.approximate]
        if exact and not any(row.judged for row in exact):
            yield f"Not judged: that takes at least {judged_from} replications."
        if len(exact) < len(theory):
            yield APPROXIMATE
    else:
        yield "No station or flow of this network is a textbook queue, so nothing here is validated against theory."
    if not reported.volumes:
        yield "The scenario has no provisions to agencies, so there are no reported volumes to hold it against."


def _volumes(volumes: Sequence[VolumeRow], words: Words) -> Table:
    rows = [
        (row.slug, _reported(row.reported), count(row.expected), plain_count(row.simulated), signed(row.difference))
        for row in volumes
    ]
    expected = sum(row.expected for row in volumes)
    difference = sum(row.difference for row in volumes)
    simulated = sum(row.simulated for row in volumes)
    rows.append((words("sum"), _reported(_total(volumes)), count(expected), plain_count(simulated), signed(difference)))
    columns = tuple(words(word) for word in ("provision", "reported", "expected", "simulated", "difference"))
    return table(columns, rows)


def _reported(records: int | None) -> str:
    return UNDEFINED if records is None else count(records)


def _total(volumes: Sequence[VolumeRow]) -> int | None:
    """Return the sum of what is printed; None where a list is a planner's own."""
    printed = [row.reported for row in volumes if row.reported is not None]
    return sum(printed) if len(printed) == len(volumes) else None


def _theory(theory: Sequence[TheoryRow], words: Words) -> Table:
    rows = []
    for row in theory:
        unit, said = _unit(row), row.prediction
        rows.append(
            (
                f"{words('flow')} {said.name}" if said.kind == "flow" else said.name,
                said.family,
                f"{said.metric} {unit.name}".rstrip(),
                interval(row.simulated, unit),
                plain(said.value / unit.size),
                f"{row.z:+.2f}" if row.z is not None else "n/a",
                "outside" if row.missed else "approximate" if said.approximate else "",
            )
        )
    columns = (words("station"), words("theory"), words("metric"), words("simulated"), words("expected"), "z", "")
    return table(columns, rows, left=3, right=6)


def _unit(row: TheoryRow) -> Unit:
    said = row.prediction
    if said.metric in ("utilisation", "availability") or said.metric.endswith("_fraction"):
        return PERCENT
    if not said.metric.startswith(("wait", "sojourn")):
        return PLAIN
    return MILLISECONDS if said.value < 1.0 else SECONDS


def check_document(run: Mapping[str, Any], reported: ReportedCheck, theory: Sequence[TheoryRow]) -> dict[str, Any]:
    """Return what `check --json` prints: the rows as plain data, and whether everything held."""
    volumes = reported.volumes
    return {
        **{
            key: run[key]
            for key in ("schema", "scenario", "hash", "status", "seed", "replications", "engine", "fingerprint")
        },
        "inputs_conserved": [
            {
                "slug": row.slug,
                "reported": row.reported,
                "expected": row.expected,
                "simulated": row.simulated,
                "difference": row.difference,
            }
            for row in volumes
        ],
        "sum": {
            "reported": _total(volumes),
            "expected": sum(row.expected for row in volumes),
            "simulated": sum(row.simulated for row in volumes),
        }
        if volumes
        else None,
        "reported": figures_document(reported.figures),
        "contradictions": list(reported.contradictions),
        "validated": [
            {
                row.prediction.kind: row.prediction.name,
                "theory": row.prediction.family,
                "approximate": row.prediction.approximate,
                "metric": row.prediction.metric,
                "predicted": row.prediction.value,
                "simulated": dict(row.simulated),
                "z": row.z,
                "judged": row.judged,
                "met": not row.missed,
            }
            for row in theory
        ],
        "record": list(run.get("record", ())),
        "held": reported.held
        and not any(row.missed for row in theory)
        and not any(row["verdict"] == "missed" for row in run.get("record", ())),
    }
