"""What is kept beside each golden scenario: the network it compiles to, a digest of that, and prints of two replications."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from jukinet_sim.engine.protocol import RULE_VERSION, Replication
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import load
from tests.golden.readable import plain
from tests.twins.compare import assert_twins

SCENARIOS = sorted(Path(__file__).parent.glob("*.yaml"))
REPLICATIONS = 2


def compiled(path: Path) -> tuple[Network, int]:
    """The network of a golden scenario, and its seed."""
    loaded = load(path)
    return compile_network(loaded), loaded.scenario.run.seed


def network_digest(network: Network) -> str:
    """Sixteen hexadecimal digits of a network's readable form, which two networks share only if they are equal to every bit."""
    return hashlib.blake2b(json.dumps(plain(network)).encode(), digest_size=8).hexdigest()


def twins(path: Path) -> list[Replication]:
    """The first replications of a golden scenario, on which both engines agree."""
    network, seed = compiled(path)
    return [assert_twins(network, seed, replication) for replication in range(REPLICATIONS)]


def document(path: Path) -> dict[str, Any]:
    """What belongs into the file beside a golden scenario."""
    network, _ = compiled(path)
    return {
        "rule_version": RULE_VERSION,
        "digest": network_digest(network),
        "fingerprints": [run.fingerprint for run in twins(path)],
        "network": plain(network),
    }


def stored(path: Path) -> dict[str, Any]:
    """What the file beside a golden scenario says; nothing where there is none."""
    beside = path.with_suffix(".json")
    found: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8")) if beside.exists() else {}
    return found
