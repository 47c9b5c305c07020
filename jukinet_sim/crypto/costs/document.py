"""A card as a JSON document, and back; every figure in it says where it comes from."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import Fault, Position, ScenarioError, UsageError
from jukinet_sim.base.regular_files import read_regular
from jukinet_sim.base.suggest import one_of
from jukinet_sim.crypto.costs.card import Card
from jukinet_sim.crypto.costs.cost import PROVENANCES, Cost, Provenance

SCHEMA = 1
_MICRO, _NANO = 1e-6, 1e-9
_COST_KEYS = ("base_us", "per_byte_ns", "geometric_us", "geometric_mean", "binding_us", "provenance", "source")
_CARD_KEYS = (
    "schema", "name", "title", "platform", "provenance", "instruction_set", "library", "platform_factor", "most_connections",
    "operations", "version",
)  # fmt: skip


def document(card: Card) -> dict[str, Any]:
    """Return the document of a card."""
    shown: dict[str, Any] = {
        "schema": SCHEMA, "name": card.name, "title": card.title, "platform": card.platform, "provenance": card.provenance,
        "instruction_set": card.instruction_set, "library": card.library, "platform_factor": card.platform_factor,
        "most_connections": card.most_connections,
    }  # fmt: skip
    return {**shown, "operations": {name: _cost_document(card.operations[name]) for name in sorted(card.operations)}}


def _cost_document(cost: Cost) -> dict[str, Any]:
    found: dict[str, Any] = {
        "base_us": _short(cost.base_s / _MICRO), "per_byte_ns": _short(cost.per_byte_s / _NANO),
        "geometric_us": _short(cost.geometric_s / _MICRO), "geometric_mean": _short(cost.geometric_mean),
        "binding_us": _short(cost.binding_s / _MICRO),
    }  # fmt: skip
    if not cost.geometric_s:
        del found["geometric_us"], found["geometric_mean"]
    return {**found, "provenance": cost.provenance, "source": cost.source}


def _short(value: float) -> float:
    """Return a figure with the digits that a measurement has."""
    return float(f"{value:.4g}")


def read_card(path: str | Path) -> Card:
    """Read a card from a file. Raises ScenarioError for what is no JSON, UsageError for what is no card, OSError."""
    name = str(path)
    try:
        found = json.loads(read_regular(name).decode("utf-8"))
    except json.JSONDecodeError as error:
        where = Position(name, error.lineno, error.colno)
        raise ScenarioError([Fault(f"this is no JSON: {error.msg}", "correct it there", where)]) from None
    except (UnicodeDecodeError, RecursionError):
        raise ScenarioError([Fault("this is no JSON text", "write UTF-8 text", Position(name, 1, 1))]) from None
    return card_of(found, name)


def card_of(found: Any, where: str) -> Card:
    """Return the card of a document that comes from `where`. Raises UsageError naming what is wrong and what to write."""
    fields = _object(found, where, _CARD_KEYS)
    if fields.get("schema") != SCHEMA:
        raise UsageError(f"{where}: schema is {fields.get('schema')!r}; write {SCHEMA}, the only one there is")
    for key in ("name", "platform", "operations"):
        if not fields.get(key):
            raise UsageError(f"{where}: a card needs {key}; add it")
    connections = fields.get("most_connections")
    operations = {
        str(name): _cost(cost, f"{where}: operations.{name}")
        for name, cost in _object(fields["operations"], f"{where}: operations", None).items()
    }
    return Card(
        name=_text(fields, "name", where), title=_text(fields, "title", where), platform=_text(fields, "platform", where),
        provenance=_provenance(fields, where), operations=operations, instruction_set=_text(fields, "instruction_set", where),
        library=_text(fields, "library", where), platform_factor=_number(fields, "platform_factor", 1.0, where),
        most_connections=None if connections is None else int(_number(fields, "most_connections", 0.0, where)),
    )  # fmt: skip


def _cost(found: Any, where: str) -> Cost:
    fields = _object(found, where, _COST_KEYS)
    if "base_us" not in fields:
        raise UsageError(f"{where} has no base_us; add it, 0 where there are only costs for each byte")
    cost = Cost(
        base_s=_number(fields, "base_us", 0.0, where) * _MICRO, per_byte_s=_number(fields, "per_byte_ns", 0.0, where) * _NANO,
        geometric_s=_number(fields, "geometric_us", 0.0, where) * _MICRO,
        geometric_mean=_number(fields, "geometric_mean", 1.0, where),
        binding_s=_number(fields, "binding_us", 0.0, where) * _MICRO,
        provenance=_provenance(fields, where), source=_text(fields, "source", where),
    )  # fmt: skip
    if cost.geometric_mean < 1.0:
        raise UsageError(f"{where}: geometric_mean is {cost.geometric_mean:g}; write at least 1, as the last try counts")
    if not (cost.base_s or cost.per_byte_s or cost.geometric_s):
        raise UsageError(f"{where} costs nothing; write what it costs, or leave the operation out")
    if not cost.source:
        raise UsageError(f"{where} has no source; say where the figure comes from")
    return cost


def _object(found: Any, where: str, known: tuple[str, ...] | None) -> Mapping[str, Any]:
    if not isinstance(found, dict):
        raise UsageError(f"{where} is no object; write {{...}} with names and values")
    for key in found:
        if known is not None and key not in known:
            raise UsageError(f'{where}: there is no "{key}"; {one_of(key, known, "leave it out")}')
    return found


def _number(fields: Mapping[str, Any], key: str, otherwise: float, where: str) -> float:
    value = fields.get(key, otherwise)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or value < 0:
        raise UsageError(f"{where}: {key} is {value!r}; write a number of at least 0")
    return float(value)


def _text(fields: Mapping[str, Any], key: str, where: str) -> str:
    value = fields.get(key, "")
    if not isinstance(value, str):
        raise UsageError(f"{where}: {key} is {value!r}; write a text")
    return value


def _provenance(fields: Mapping[str, Any], where: str) -> Provenance:
    value = _text(fields, "provenance", where)
    if value not in PROVENANCES:
        raise UsageError(f'{where}: provenance is "{value}"; {one_of(value, PROVENANCES, "")}')
    return value
