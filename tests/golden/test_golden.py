"""Tiny scenarios, one for each feature: what they compile to and the path they take are what the files beside them say.

`python -m tests.golden.rewrite` writes those files anew where a change is meant.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from jukinet_sim.network.model import Flow
from tests.golden.golden import SCENARIOS, compiled, network_digest, stored, twins
from tests.golden.readable import plain, written


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    """Both engines take the stored path through the stored network."""
    kept = stored(path)
    network, _ = compiled(path)
    assert written(plain(network)).splitlines() == written(kept["network"]).splitlines()
    assert network_digest(network) == kept["digest"]
    runs = twins(path)
    assert [run.fingerprint for run in runs] == kept["fingerprints"]
    assert all(run.limit is None for run in runs)
    assert all(run.flow_counts["completed"].sum() > 10 for run in runs)


def test_no_stored_file_is_left_over() -> None:
    """Every stored file has its scenario."""
    assert {path.stem for path in Path(__file__).parent.glob("*.json")} == {path.stem for path in SCENARIOS}


def test_digest_sees_every_bit() -> None:
    """The digest of a network changes with the last bit of one of its numbers."""
    network, _ = compiled(SCENARIOS[0])
    later = replace(network, horizon_s=network.horizon_s * (1.0 + 2.0**-52))
    assert network_digest(later) != network_digest(network)


def test_written_form_is_the_same_data() -> None:
    """What is written for people to read is the same to the last bit when it is read back, and leaves defaults out."""
    for path in SCENARIOS:
        network, _ = compiled(path)
        text = written(plain(network))
        assert json.loads(text) == plain(network)
        assert all(len(line) <= 160 for line in text.splitlines() if "[" not in line)
    flow = plain(Flow("f", (), records=3))
    assert flow == {"is": "Flow", "name": "f", "route": [], "records": 3}


def test_a_change_is_one_line() -> None:
    """A changed number changes the line that names its field."""
    network, _ = compiled(SCENARIOS[0])
    before, after = (written(plain(n)).splitlines() for n in (network, replace(network, horizon_s=network.horizon_s + 1.0)))
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) == 1
    assert all("horizon_s" in line for line in changed[0])
