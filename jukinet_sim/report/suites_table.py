"""The document of a comparison of suites as tables: what each suite is, then the comparison itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jukinet_sim.report.compare_table import compare_tables
from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.words import Words


def suites_tables(document: Mapping[str, Any], words: Words) -> Iterator[str | Table]:
    """Yield the suites with their strength and bytes and what authorities say of them, then every figure under each."""
    rows = [
        (
            one["name"], ", ".join(one["aliases"]), str(one["classical_bits"]), one["post_quantum"],
            f"{one['message_bytes_added']:,} B", f"{one['session_bytes']:,} B",
        )
        for one in document["about"]
    ]  # fmt: skip
    yield table(("suite", "alias", "bits", "post-quantum", "added to a message", "session"), rows, left=2, right=6)
    yield "The suites are stand-ins: what the network really uses is not published."
    judged = [one for one in document["about"] if one["policy"]]
    if judged:
        authorities = [said["authority"] for said in judged[0]["policy"]]
        date = judged[0]["policy"][0]["date"]
        lines = [(one["name"], *(_said(said) for said in one["policy"])) for one in judged]
        yield table((f"on {date}", *authorities), lines, right=1)
    yield from compare_tables(document, words)


def _said(said: Mapping[str, str]) -> str:
    """Return what an authority says of generating and of verifying, once where it is the same."""
    return said["generate"] if said["generate"] == said["verify"] else f"{said['generate']} / {said['verify']}"
