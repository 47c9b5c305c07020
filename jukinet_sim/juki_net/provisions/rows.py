"""A planner's own rows of provisions to agencies, in place of the 44 rows of the report.

A volume is that of April to December 2012 whatever the period simulated; other stretches follow from the cadence.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.juki_net.cadences import CADENCE_NAMES, REPORTED_NINE_MONTHS, cadence_dates
from jukinet_sim.juki_net.facts import Provision
from jukinet_sim.language.csv_cells import WrongCell, one_word, text, whole
from jukinet_sim.language.planner_csv import Column, Kind, read_columns

MAX_RECORDS = 10**12
MAX_NAME = 80
ONLINE_CADENCE = "business hours"
_SHORT_CADENCES = {name.split(" (")[0]: name for name in sorted(CADENCE_NAMES)}
"""Cadences by their first words, such as `quarterly`."""
_MODES = {"": "", "batch": "batch", "online": "online"}


def read_provisions(path: str | Path) -> tuple[Provision, ...]:
    """Read rows in the file's order; a row's name becomes its slug, in small letters with hyphens.

    `records` are those of April to December 2012. Raises `ScenarioError` with every fault of the file by line.
    """
    columns = read_columns(path, _KIND)
    modes = columns.get("mode", [""] * len(columns["row"]))
    listed = zip(columns["row"], columns["recipient"], columns["records"], columns["cadence"], modes, strict=True)
    return tuple(
        Provision(
            row=number,
            slug=slug,
            recipient=recipient,
            recipient_en=recipient,
            recipient_ja=recipient,
            affairs_en=slug,
            affairs_ja=slug,
            records=records,
            mode_assumed=mode or _mode_of(cadence),
            cadence_assumed=cadence,
        )
        for number, (slug, recipient, records, cadence, mode) in enumerate(listed, start=1)
    )


def _slug(cell: str) -> str:
    """Turn a row's name into one fit for a flow: small letters and digits of any script, and hyphens."""
    slug = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", cell).lower()).strip("-")
    if not slug:
        raise WrongCell(f"the row {cell[:40]!r} has no name", "write one of letters and digits, such as pension-checks")
    if len(slug) > MAX_NAME:
        raise WrongCell(f"the row's name {slug[:40]}... is too long", f"write at most {MAX_NAME} letters")
    return slug


def _cadence(cell: str) -> str:
    """Turn the name of a cadence, or its first words, into the full name."""
    name = _SHORT_CADENCES.get(cell, cell)
    try:
        cadence_dates(name, REPORTED_NINE_MONTHS)
    except UsageError as error:
        what, _, cure = str(error).partition("; ")
        raise WrongCell(what, cure) from None
    return name


def _mode_of(cadence: str) -> str:
    """Give the mode that goes with a cadence: queries throughout business hours are online, files on dates are not."""
    return "online" if cadence == ONLINE_CADENCE else "batch"


def _objection(row: Mapping[str, Any]) -> tuple[str, str, str] | None:
    """Object to records without a date to provide them on, and to a mode that its cadence contradicts."""
    cadence, mode = row["cadence"], row.get("mode")
    if row["records"] and not cadence_dates(cadence, REPORTED_NINE_MONTHS):
        what = f"{row['records']} records have no date in April to December 2012 on the cadence {cadence!r}"
        return "cadence", what, "choose another cadence, or write 0 records"
    if mode and cadence != "none" and mode != _mode_of(cadence):
        what = f"the mode is {mode}, but the cadence {cadence!r} is {_mode_of(cadence)}"
        return "mode", what, f"write {_mode_of(cadence)}, or the cadence {'monthly' if mode == 'batch' else ONLINE_CADENCE!r}"
    return None


COLUMNS = (
    Column("row", _slug, "a name of its own, such as pension-checks", unique=True),
    Column("recipient", text("name the agency that receives the records"), "the agency; those of one agency share its line"),
    Column("records", whole("number of records", 0, MAX_RECORDS), "records in April to December 2012"),
    Column("cadence", _cadence, f"when they go out: {', '.join(_SHORT_CADENCES)}, or monthly from YYYY-MM"),
    Column("mode", one_word("mode", _MODES, "write batch or online, or nothing"), "batch or online", required=False),
)
"""What a list may say of a row; other columns are ignored."""
_KIND = Kind("provision", "provisions", COLUMNS, _objection)
