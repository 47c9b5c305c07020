"""What `verify` found as Markdown: a row for each family of queues, a row for each other part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jukinet_sim.report.terminal import Table, table
from jukinet_sim.report.translated import translated
from jukinet_sim.verify.decisions.words import in_words

Claim = Mapping[str, Any]
_COLUMNS = ("Family", "Points", "Figures", "Coverage of 95 % intervals", "Accepted", "Largest abs. z", "Widest ±", "Verdict")
_OTHER = ("Claim", "Looked at", "Found", "Verdict")


def markdown(document: Mapping[str, Any], language: str = "en") -> str:
    """Return the tables of a verification document in a language, with a line that says how it was made."""
    claims: Sequence[Claim] = document["claims"]
    chance = [claim for claim in claims if claim["kind"] in ("coverage", "bias")]
    families = dict.fromkeys(claim["family"] for claim in chance)
    parts: list[str | Table] = [_heading(document)]
    if families:
        parts.append(table(_COLUMNS, [_family(name, [c for c in chance if c["family"] == name]) for name in families]))
    rest = _others([claim for claim in claims if claim["kind"] not in ("coverage", "bias")])
    if rest:
        parts.append(table(_OTHER, rest))
    if document["failed"]:
        parts.append("Failed: " + "; ".join(document["failed"]) + ".")
    return "\n\n".join(part if isinstance(part, str) else _as_markdown(part) for part in translated(parts, language)) + "\n"


def _heading(document: Mapping[str, Any]) -> str:
    versions = document["versions"]
    made = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
    return (
        f"`jukinet verify --size {document['size']} --engine {document['engine']} --seed {document['seed']}` "
        f"(re-test seed {document['retest_seed']}), rules {document['rule_version']}; {made}."
    )


def _as_markdown(made: Table) -> str:
    lines = [made.columns, ["---"] + ["---:"] * (made.width - 2) + ["---"], *made.rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def _family(name: str, claims: Sequence[Claim]) -> list[str]:
    """Return one family: the range of its coverages, its farthest mean, its widest interval."""
    counts = [claim for claim in claims if claim["kind"] == "coverage"]
    biases = [claim for claim in claims if claim["kind"] == "bias"]
    covered = [claim["covered"] / claim["sets"] for claim in counts]
    low, high = counts[0]["accepted"] if counts else (0, 0)
    sets = counts[0]["sets"] if counts else 1
    figures = {(claim["point"], claim["subject"]) for claim in claims}
    return [
        name,
        str(len({claim["point"] for claim in claims})),
        str(len(figures)),
        _span(min(covered), max(covered)) if covered else "",
        _span(low / sets, high / sets) if counts else "",
        f"{max(abs(claim['z']) for claim in biases):.2f}" if biases else "",
        f"{100.0 * max(claim['relative_half_width'] for claim in biases):.2f} %" if biases else "",
        _verdict(claims),
    ]


def _span(low: float, high: float) -> str:
    return f"{100.0 * low:.1f} - {100.0 * high:.1f} %"


def _verdict(claims: Sequence[Claim]) -> str:
    failed = sum(claim["verdict"] != "holds" for claim in claims)
    again = sum(claim["retested"] for claim in claims)
    words = "holds" if not failed else f"{failed} of {len(claims)} fail"
    return words + (f" ({again} re-tested)" if again else "")


def _others(claims: Sequence[Claim]) -> list[list[str]]:
    """Return a row for each kind and family of claim that is not about chance, and for each case that is decided upon."""
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        case = f", {claim['point']}" if claim["kind"] == "decisions" else ""
        groups.setdefault(f"{claim['kind']}: {claim['family']}{case}", []).append(claim)
    return [[name, *_found(group), _verdict(group)] for name, group in groups.items()]


def _found(claims: Sequence[Claim]) -> tuple[str, str]:
    first = claims[0]
    if first["kind"] == "twins":
        every = first["networks_with"].values()
        features = f"{sum(number > 0 for number in every)} of {len(every)} features"
        return f"{first['networks']:,} networks, {first['events']:,} events, {features}", f"{len(first['different'])} differ"
    if first["kind"] == "identities":
        worst = max(claim["largest_relative_error"] for claim in claims)
        return f"{first['runs']:,} runs, {first['events']:,} events", f"largest relative error {worst:.1e}"
    if first["kind"] == "calibration":
        counts = ", ".join(f"{claim['covered']:,} ({claim['subject']})" for claim in claims)
        low, high = first["accepted"]
        return f"{first['trials']:,} fits to known truths", f"{counts} intervals of 95 % hold it; accepted {low:,} to {high:,}"
    if first["family"] == "streams":
        nearest = max(claim["largest"] / claim["bound"] for claim in claims)
        return f"{max(claim['streams'] for claim in claims):,} streams in {len(claims)} ways", f"largest / bound {nearest:.2f}"
    tested = [claim["p_value"] for claim in claims if "p_value" in claim]
    if tested:
        return f"{len(claims)} laws, {max(c.get('draws', 0) for c in claims):,} draws each", f"least p-value {min(tested):.3g}"
    if first["kind"] == "decisions":
        return f"{first['trials']:,} trials", "; ".join(in_words(claim) for claim in claims)
    return f"{len(claims)} comparisons", f"{sum(claim['verdict'] == 'holds' for claim in claims)} equal"
