"""Tiny scenarios, one for each feature: what they compile to and the path they take are what the files beside them say.

`python -m tests.golden.rewrite` writes those files anew where a change is meant.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.golden.golden import SCENARIOS, compiled, network_digest, stored, twins


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    """Both engines take the stored path through the stored network."""
    kept = stored(path)
    assert network_digest(compiled(path)[0]) == kept["network"]
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
