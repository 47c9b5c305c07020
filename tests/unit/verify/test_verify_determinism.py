"""Claims of determinism hold, and one that does not is found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jukinet_sim.network.model import Poisson, Station
from jukinet_sim.verify import determinism
from jukinet_sim.verify.workers import Workers


def test_neighbours_hold() -> None:
    """On the reference engine nothing beside a flow changes its visits."""
    claims = list(determinism._neighbours("reference"))
    assert [claim.name for claim in claims if not claim.holds] == []
    assert len(claims) == 8


def test_a_changed_flow_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A neighbour that did change the other flow's arrivals would be noticed."""
    real = determinism._pair

    def disturbed(*more: Station, **words: object) -> object:
        network = real(*more, **words)  # type: ignore[arg-type]
        first, second, third = network.flows
        return replace(network, flows=(first, replace(second, arrivals=Poisson(0.71)), third)) if more else network

    monkeypatch.setattr(determinism, "_pair", disturbed)
    failed = {claim.name for claim in determinism._neighbours("reference") if not claim.holds}
    assert any("an idle station, visits of flow 2" in name for name in failed)


def test_a_command_that_fails_equals_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the command cannot run, no document is taken for the same as another."""
    monkeypatch.setattr(determinism, "_document", lambda _: None)
    claims = list(determinism._surroundings("reference", Workers()))
    assert len(claims) == 7
    assert not any(claim.holds for claim in claims)
