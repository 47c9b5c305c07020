"""Everything there is to choose from, as documents: suites, cards, authorities, and what was refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from jukinet_sim.crypto import cards, policies, suites
from jukinet_sim.crypto.costs import this_host
from jukinet_sim.crypto.costs.document import document
from jukinet_sim.crypto.exchanges import Message, Session
from jukinet_sim.crypto.suite import Suite

SCHEMA = 1
STAND_INS = "stand-ins for the government guidelines: what the network really has on its wires is not published"


def listing() -> dict[str, Any]:
    """Return the document of everything that is registered."""
    registries = (suites.registered(), cards.registered(), policies.registered())
    return {
        "schema": SCHEMA, "note": STAND_INS,
        "suites": [_suite(offer.item, offer.owner) for offer in suites.registered().offers],
        "cards": [card_row(one.name) for one in cards.cards()],
        "authorities": list(policies.authorities()),
        "refused": [
            {"group": one.group, "entry": one.entry, "owner": one.owner, "reason": one.reason}
            for found in registries
            for one in found.refused
        ],
    }  # fmt: skip


def _suite(suite: Suite, owner: str) -> dict[str, Any]:
    flights, message = suite.wire(Session()), suite.wire(Message())
    return {
        "name": suite.name, "aliases": list(suite.aliases), "title": suite.title, "owner": owner,
        "key_establishment": suite.key_establishment.name, "signature": suite.signature.name,
        "record_protection": suite.record_protection.name, "classical_bits": suite.classical_bits,
        "post_quantum": suite.post_quantum, "session_bytes": sum(flight.most_bytes for flight in flights),
        "added_message_bytes": message[0].most_bytes - Message().size_bytes,
        "bytes_per_key": suite.record_protection.bytes_per_key,
        "bytes_per_key_source": suite.record_protection.limit_source, "cost_card_only": suite.available(),
        "cards": [one.name for one in cards.cards() if not one.missing(suite)],
    }  # fmt: skip


def card_row(name: str) -> dict[str, Any]:
    """Return what is worth knowing of a card beside its operations. Raises UsageError for a card that there is not."""
    own = this_host.kept() if name == this_host.NAME else None
    shown = document(own if own is not None else cards.card(name))
    return {**{key: value for key, value in shown.items() if key not in ("schema", "operations")},
            "operations": len(shown["operations"])}


def status_document(wanted: Iterable[Suite], date: dt.date, authorities: Iterable[str]) -> dict[str, Any]:
    """Return what authorities say of suites at a date. Raises UsageError for an authority that there is not."""
    names = tuple(authorities)
    verdicts = [policies.status(suite, date, authority) for suite in wanted for authority in names]
    return {
        "schema": SCHEMA, "date": date.isoformat(),
        "verdicts": [
            {
                "suite": verdict.suite, "authority": verdict.authority, "generates": verdict.generates,
                "verifies": verdict.verifies,
                "findings": [
                    {
                        "algorithm": finding.use.algorithm, "parameter": finding.use.parameter, "use": finding.use.use,
                        "status": finding.status, "until": None if finding.until is None else finding.until.isoformat(),
                        "source": finding.source,
                    }
                    for finding in verdict.findings
                ],
            }
            for verdict in verdicts
        ],
    }  # fmt: skip
