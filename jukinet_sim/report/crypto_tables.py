"""Documents about suites, cards and policies as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from jukinet_sim.base.units import format_data, format_duration
from jukinet_sim.report.terminal import Table, table

Document = Mapping[str, Any]


def list_tables(document: Document) -> Iterator[str | Table]:
    """Yield the tables of everything that is registered."""
    yield table(
        ("suite", "alias", "bits", "post-quantum", "session", "per message", "keys", "signature", "record protection", "here"),
        [_suite_row(suite) for suite in document["suites"]],
        left=4, right=6,
    )  # fmt: skip
    yield "Session: bytes of a full handshake at most; per message: what signing and sealing adds."
    yield f"Suites are {document['note']}."
    yield table(
        ("card", "operations", "provenance", "platform"),
        [(card["name"], str(card["operations"]), card["provenance"], card["platform"]) for card in document["cards"]],
        left=1, right=2,
    )  # fmt: skip
    yield f"Authorities: {', '.join(document['authorities'])}."
    if document["refused"]:
        yield table(
            ("refused", "by", "because"), [(one["entry"], one["owner"], one["reason"]) for one in document["refused"]], right=1
        )


def _suite_row(suite: Document) -> Sequence[str]:
    here = "yes" if suite["cost_card_only"] is None else f"cost card only: {suite['cost_card_only']}"
    return (
        suite["name"], ", ".join(suite["aliases"]), str(suite["classical_bits"]), suite["post_quantum"],
        f"{suite['session_bytes']:,} B", f"{suite['added_message_bytes']:,} B", suite["key_establishment"], suite["signature"],
        suite["record_protection"], here,
    )  # fmt: skip


def status_tables(document: Document, *, everything: bool) -> Iterator[str | Table]:
    """Yield what authorities say of suites at a date, with the rows that say so on request."""
    verdicts = document["verdicts"]
    authorities = dict.fromkeys(verdict["authority"] for verdict in verdicts)
    rows: dict[str, list[str]] = {}
    for verdict in verdicts:
        rows.setdefault(verdict["suite"], [verdict["suite"]]).append(_both(verdict["generates"], verdict["verifies"]))
    yield table((f"on {document['date']}", *authorities), list(rows.values()), right=1)
    yield "Two words: for signing, encrypting and key exchange / for verifying and decrypting; one where they are the same."
    if everything:
        yield table(
            ("suite", "authority", "algorithm", "use", "status", "until", "source"),
            [_finding_row(verdict, finding) for verdict in verdicts for finding in verdict["findings"]],
            right=1,
        )


def _both(generates: str, verifies: str) -> str:
    return generates if generates == verifies else f"{generates} / {verifies}"


def _finding_row(verdict: Document, finding: Document) -> Sequence[str]:
    return (
        verdict["suite"], verdict["authority"], f"{finding['algorithm']} {finding['parameter']}", finding["use"],
        finding["status"], finding["until"] or "", finding["source"],
    )  # fmt: skip


def explain_tables(document: Document) -> Iterator[str | Table]:
    """Yield an exchange operation by operation, its total, and the measured total where there is one."""
    total = document["total_s"]
    rows = [
        (
            step["side"], step["operation"], f"{step['count']:,}", f"{step['size_bytes']:,}", format_duration(step["each_s"]),
            format_duration(step["total_s"]), f"{100.0 * step['total_s'] / total:.1f} %",
        )
        for step in document["steps"]
    ]  # fmt: skip
    yield table(("side", "operation", "count", "bytes", "each", "total", "share"), rows, left=2)
    sides = ", ".join(f"{side} {format_duration(seconds)}" for side, seconds in document["sides_s"].items())
    yield f"{document['suite']}, {in_words(document['exchange'])}: {format_duration(total)} ({sides})"
    if document["carried_out"] is not None:
        yield f"What was timed and is shown is a part that can be repeated: {in_words(document['carried_out'])}."
    if document["measured_s"] is not None:
        share, quiet = document["explained_share"], document["noise"]
        yield (
            f"measured as a whole: {format_duration(document['measured_s'])}; the operations explain {100.0 * share:.0f} % of "
            f"it ({document['rounds']} rounds, {quiet['grade']} machine)"
        )
    else:
        yield f"by the cost card {document['card']}, without what calls from Python add"
    flights = ", ".join(f"{flight['side']} {_span(flight)}" for flight in document["wire_bytes"])
    yield f"on the wire: {flights} B"


def _span(flight: Document) -> str:
    least, most = flight["least_bytes"], flight["most_bytes"]
    return f"{most:,}" if least == most else f"{least:,}-{most:,}"


def in_words(exchange: Document) -> str:
    """Return an exchange in a few words."""
    kind = exchange["kind"]
    if kind == "session":
        return "resumed session" if exchange["resumed"] else "session"
    if kind == "message":
        return f"{'' if exchange['signed'] else 'unsigned '}message of {format_data(exchange['size_bytes'])}"
    if kind == "batch":
        return (
            f"batch of {exchange['records']:,} x {format_data(exchange['record_bytes'])}, signed by {exchange['granularity']}"
        )
    about = {"issue": "issue of a certificate", "chain": "check of a chain", "ocsp": "answer about a certificate"}
    return about.get(exchange["act"], f"list of {exchange['revoked']:,} revoked certificates")


def bench_tables(document: Document, *, everything: bool) -> Iterator[str | Table]:
    """Yield suites side by side for each exchange, and every operation on request."""
    for words, rows in _by_exchange(document["exchanges"]).items():
        yield table((words, "best", "median", "mean", "IQR", "bytes", "ratio to the first"), list(map(_exchange_row, rows)))
    if everything:
        yield table(
            ("operation", "bytes", "best", "median", "IQR", "samples"),
            [
                (
                    one["operation"], f"{one['size_bytes']:,}", *_times(one["time_s"]), f"{one['time_s']['samples']:,}"
                )
                for one in document["operations"]
            ],
        )  # fmt: skip
    quiet = document["noise"]
    yield (
        f"Processor time of both sides together; {document['rounds']} rounds in {document['seconds']:.0f} s on a "
        f"{quiet['grade']} machine (median / best of a reference {quiet['median_over_best']:.2f}); "
        "ratios of medians, of means where signing takes random times; ~ where the 95 % interval holds 1."
    )
    yield f"{document['host']['processor']}, {document['host']['instruction_set']}, {document['host']['library']}"


def _by_exchange(exchanges: Iterable[Document]) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for one in exchanges:
        found.setdefault(in_words(one["exchange"]), []).append(one)
    return found


def _exchange_row(one: Document) -> Sequence[str]:
    most = sum(flight["most_bytes"] for flight in one["wire_bytes"])
    best, median, iqr = _times(one["time_s"])
    return one["suite"], best, median, format_duration(one["time_s"]["mean"]), iqr, f"{most:,}", _ratio(one["ratio"])


def _times(found: Document) -> tuple[str, str, str]:
    return format_duration(found["best"]), format_duration(found["median"]), format_duration(found["iqr"])


def _ratio(ratio: Document | None) -> str:
    if ratio is None:
        return ""
    return f"{'' if ratio['apart'] else '~ '}{ratio['value']:.2f} ({ratio['low']:.2f}-{ratio['high']:.2f})"


def card_tables(document: Document) -> Iterator[str | Table]:
    """Yield every operation of a card with where its figures come from."""
    yield table(
        ("operation", "constant", "per KiB", "per further try", "tries", "binding", "provenance", "source"),
        [_cost_row(name, cost) for name, cost in document["operations"].items()],
        right=6,
    )
    yield f"{document['name']}: {document['title']}. {document['platform']}; {document['library']}."
    if document["instruction_set"]:
        factor = f"platform factor {document['platform_factor']:g}, contained in the figures"
        yield f"Instructions: {document['instruction_set']}; {factor}."


def _cost_row(name: str, cost: Document) -> Sequence[str]:
    tries = format_duration(cost["geometric_us"] * 1e-6) if "geometric_us" in cost else ""
    return (
        name, format_duration(cost["base_us"] * 1e-6), format_duration(cost.get("per_byte_ns", 0.0) * 1024e-9), tries,
        f"{cost['geometric_mean']:g}" if tries else "", format_duration(cost.get("binding_us", 0.0) * 1e-6),
        cost["provenance"], cost["source"],
    )  # fmt: skip


def cards_table(document: Document) -> Iterator[str | Table]:
    """Yield the cards that there are."""
    yield table(
        ("card", "operations", "provenance", "title"),
        [(card["name"], str(card["operations"]), card["provenance"], card["title"]) for card in document["cards"]],
        left=1, right=2,
    )  # fmt: skip


def selftest_line(suite: Document) -> str:
    """Return what was found of one suite."""
    if suite["cost_card_only"] is not None:
        return f"plan {suite['name']}: cost card only, {suite['cost_card_only']}"
    failed = suite["failed"]
    if not failed:
        return f"ok   {suite['name']}: {suite['claims']} claims hold"
    shown = "; ".join(f"{one['claim']}{f' ({found})' if (found := one['found']) else ''}" for one in failed[:5])
    return f"BAD  {suite['name']}: {len(failed)} of {suite['claims']} claims do not hold: {shown}"
