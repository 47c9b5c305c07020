"""A planner's own list of municipalities: which columns it may have, and how they become a table.

Codes stay text, so that 01100 keeps its zero; with its check digit, 011002, a place has the same code. An empty cell of an
optional column is the scenario's general figure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from jukinet_sim.base.errors import Fault, Position, ScenarioError
from jukinet_sim.juki_net.facts import prefectures
from jukinet_sim.juki_net.places.table import Municipalities
from jukinet_sim.language.csv_cells import WrongCell, date, decimal, one_word, optional, text, whole
from jukinet_sim.language.planner_csv import Column, Kind, read_columns

MAX_POPULATION = 1_000_000_000
_YES_NO = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_GIVEN = text("give every municipality a code and a name")


def check_digit(code: str) -> str:
    """Return the sixth digit of a local government code of five digits, as JIS X 0401 and 0402 are completed by it.

    11 less the remainder modulo 11 of the digits weighted 6, 5, 4, 3 and 2, of which the last digit counts.
    """
    weighted = sum(weight * int(digit) for weight, digit in zip((6, 5, 4, 3, 2), code, strict=True))
    return str((11 - weighted % 11) % 10)


def bare_code(code: str) -> str:
    """Return a code without its check digit; any other code, and one whose check digit is wrong, as it is."""
    checked = len(code) == 6 and code.isascii() and code.isdigit() and code[5] == check_digit(code[:5])
    return code[:5] if checked else code


def _code(cell: str) -> str:
    """Read a code, which loses its check digit; a wrong one means that some digit is mistyped."""
    code = bare_code(_GIVEN(cell))
    if len(code) == 6 and code.isascii() and code.isdigit():
        right = code[:5] + check_digit(code[:5])
        what = f"the check digit of the code {code} is wrong"
        raise WrongCell(what, f"correct the code: {code[:5]} has the check digit {right[5]}, {right}; five digits will do")
    return code


@lru_cache(maxsize=1)
def _prefectures() -> dict[str, int]:
    return {place.code: number for number, place in enumerate(prefectures())}


def _prefecture(cell: str) -> int:
    """Turn a prefecture code into its index 0..46."""
    codes = _prefectures()
    if cell in codes:
        return codes[cell]
    padded = cell.zfill(2)
    cure = f"write {padded} (if a spreadsheet dropped its zero, look at the codes too)"
    raise WrongCell(f"{cell!r} is not a prefecture code", cure if padded in codes else "write 01 to 47")


COLUMNS = (
    Column("code", _code, "a code of its own, with its check digit or without; text, so keep leading zeros", unique=True),
    Column("prefecture_code", _prefecture, "prefecture, 01 to 47"),
    Column("name", _GIVEN, "name, in either language (or name_en, name_ja)", aliases=("name_en", "name_ja")),
    Column("population", whole("population", 1, MAX_POPULATION), "residents"),
    Column("connected", one_word("connected", _YES_NO, "write yes or no"), "on the network: yes or no", required=False),
    Column("cs_servers", optional(whole("number of servers", 1, 1_000), 0), "servers of the CS", required=False),
    Column(
        "cs_service_ms",
        optional(decimal("service time", 0.001, 3_600_000.0, "ms"), math.nan),
        "mean time in which the CS handles one message, milliseconds",
        required=False,
    ),
    Column(
        "line_mbit_s",
        optional(decimal("line speed", 0.001, 1_000_000.0, "Mbit/s"), math.nan),
        "line to the prefecture, Mbit/s",
        required=False,
    ),
    Column("terminals", optional(whole("number of terminals", 1, 100_000), 0), "counter terminals", required=False),
    Column(
        "card_share_percent",
        optional(decimal("share of card holders", 0.0, 100.0, "%"), math.nan),
        "residents who hold a card, per cent",
        required=False,
    ),
    Column(
        "kiosk_from",
        optional(date("date"), None),
        "first day of certificates at shop kiosks, such as 2013-09-01; empty: none",
        required=False,
    ),
)
"""What a list may say of a municipality; other columns are ignored."""


def read_csv(path: str | Path) -> Municipalities:
    """Read municipalities in the file's order from UTF-8 or Shift-JIS text with a header line.

    `connected` is yes or no, and yes where empty. Raises `ScenarioError` with every fault of the file by line.
    """
    columns = read_columns(path, Kind("municipality", "municipalities", COLUMNS))
    connected = columns.get("connected", [True] * len(columns["code"]))
    if not any(connected):
        cure = "write yes for those that are on the network, or leave the column out"
        raise ScenarioError([Fault("no municipality is connected", cure, Position(str(path), 1, 1))])
    return Municipalities.from_columns(
        code=columns["code"],
        name=columns["name"],
        prefecture=columns["prefecture_code"],
        population=columns["population"],
        connected=connected,
        cs_servers=columns.get("cs_servers"),
        cs_service_s=_scaled(columns.get("cs_service_ms"), 1e-3),
        line_bit_rate=_scaled(columns.get("line_mbit_s"), 1e6),
        terminals=columns.get("terminals"),
        card_share=_scaled(columns.get("card_share_percent"), 1e-2),
        kiosk_from=columns.get("kiosk_from"),
    )


def _scaled(column: Sequence[float] | None, factor: float) -> list[float] | None:
    """Turn a column into SI units, where it is there."""
    return None if column is None else [value * factor for value in column]
