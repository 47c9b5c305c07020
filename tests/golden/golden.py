"""What is kept beside each golden scenario: a digest of the network it compiles to and the fingerprints of two replications."""

from __future__ import annotations

import hashlib
import json
from dataclasses import Field, fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

from jukinet_sim.engine.protocol import RULE_VERSION, Replication
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from tests.twins.compare import assert_twins

SCENARIOS = sorted(Path(__file__).parent.glob("*.yaml"))
REPLICATIONS = 2


def compiled(path: Path) -> tuple[Network, int]:
    """The network of a golden scenario, and its seed."""
    loaded = load(path)
    return compile_network(loaded), loaded.scenario.run.seed


def network_digest(network: Network) -> str:
    """Sixteen hexadecimal digits that two networks share only if every part of them is equal to the last bit."""
    return hashlib.blake2b(json.dumps(_plain(network)).encode(), digest_size=8).hexdigest()


def _plain(part: Any) -> Any:
    """Turn descriptions into lists that start with their names, and floats into text that keeps every bit.

    What has its default is left out, so that a description may be given further fields.
    """
    if is_dataclass(part):
        said = [(field, getattr(part, field.name)) for field in fields(part)]
        return [type(part).__name__, *([field.name, _plain(value)] for field, value in said if not _is_usual(field, value))]
    if isinstance(part, np.ndarray):
        return [_plain(x) for x in part.tolist()]
    if isinstance(part, tuple):
        return [_plain(x) for x in part]
    return part.hex() if isinstance(part, float) else part


def _is_usual(field: Field[Any], value: Any) -> bool:
    """Whether a part of a description is what it is when left out."""
    return not isinstance(value, np.ndarray) and bool(value == field.default)


def twins(path: Path) -> list[Replication]:
    """The first replications of a golden scenario, on which both engines agree."""
    network, seed = compiled(path)
    return [assert_twins(network, seed, replication) for replication in range(REPLICATIONS)]


def document(path: Path) -> dict[str, Any]:
    """What belongs into the file beside a golden scenario."""
    return {
        "rule_version": RULE_VERSION,
        "network": network_digest(compiled(path)[0]),
        "fingerprints": [run.fingerprint for run in twins(path)],
    }


def stored(path: Path) -> dict[str, Any]:
    """What the file beside a golden scenario says; nothing where there is none."""
    beside = path.with_suffix(".json")
    found: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    return found
