"""Records supplied to agencies as a scenario states them: which rows, in what portions, at what hours."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from jukinet_sim.base.units import parse_count
from jukinet_sim.juki_net.machines.schema import Line
from jukinet_sim.language.base import (
    Base,
    Bytes,
    Figure,
    Name,
    Number,
    PositiveCount,
    PositiveSeconds,
    Seconds,
    SpecError,
    Words,
)

REPORTED = "reported"
"""The 44 rows of the report."""


def _read_grouping(value: Any) -> Any:
    """Read `file` or a number of records."""
    if value == "file" or not isinstance(value, str):
        return value
    number = parse_count(value)
    if number == 0:
        raise SpecError("a job needs at least one record", 'write "file" or a number of at least 1')
    return number


def _one() -> Figure[PositiveCount]:
    return Figure[PositiveCount](value=1, status="derived", note="one lot after another")


class Provisions(Base):
    """Records supplied to agencies, the 44 rows of the Ministry's report, exact per row."""

    source: Words = REPORTED
    """`reported` (the 44 rows) or a CSV file in the scenario's folder or below it: row, recipient, records of nine months,
    cadence."""
    volume: Figure[Number]
    """Multiplies the reported records of every row; 1 is the report itself. `juki_net.volume` multiplies them as well."""
    records_per_job: Annotated[
        int | Literal["file"],
        BeforeValidator(_read_grouping),
        WithJsonSchema({"anyOf": [{"type": "integer", "minimum": 1}, {"const": "file"}], "examples": ["file", 1]}),
    ] = "file"
    """`file`: each batch delivery is one job that works through its records lot by lot; a number N: deliveries are
    broken into jobs of N records that arrive throughout the batch window (1 is query by query)."""
    lot: Figure[PositiveCount]
    """Records of a batch file handled before others get a turn."""
    streams: Figure[PositiveCount] = Field(default_factory=_one)
    """Parts of a batch file that are worked through side by side, each lot by lot; 1 when left out."""
    batch_starts: Figure[Seconds]
    """Time of day at which a batch file is handed in."""
    batch_window: Figure[PositiveSeconds]
    """How long after that queries of a broken-up delivery go on arriving."""
    request: Figure[Bytes]
    """Size of the request for one record."""
    reply: Figure[Bytes]
    """Size of the answer for one record."""
    envelope: Figure[Bytes]
    """Bytes added to each message whatever it carries."""
    online_profile: Name = "business-hours"
    """Calendar profile of the queries of agencies that ask online."""
    line: Line
    """The line of each agency to the national centre."""
