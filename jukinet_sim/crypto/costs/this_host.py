"""The card of the machine at hand, measured once and kept in the user's cache folder; no shipped result depends on it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from jukinet_sim.crypto.costs.card import Card
from jukinet_sim.crypto.costs.document import document, read_card

NAME = "this-host"


def kept_file() -> Path:
    """Return where the card is kept: below XDG_CACHE_HOME, or ~/.cache."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "jukinet-sim" / f"{NAME}.json"


def kept() -> Card | None:
    """Return the card that is kept, None where there is none."""
    path = kept_file()
    return read_card(path) if path.is_file() else None


def keep(card: Card) -> Path:
    """Keep a card in place of an earlier one, in one step, and return its file. Raises OSError."""
    path = kept_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    beside.write_text(json.dumps(document(card), indent=1) + "\n", encoding="utf-8")
    beside.replace(path)
    return path
