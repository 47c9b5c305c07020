"""The whole scenario as one frozen model; its attribute docstrings are the reference of the file format."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from jukinet_sim.juki_net.domain import JukiNet
from jukinet_sim.language.about import About
from jukinet_sim.language.asked import Asked
from jukinet_sim.language.base import Base, Name, SpecError
from jukinet_sim.language.calendars import Calendars
from jukinet_sim.language.measures import Measure
from jukinet_sim.language.monthly import Column
from jukinet_sim.language.network import Network
from jukinet_sim.language.record import Recorded
from jukinet_sim.language.run import Run
from jukinet_sim.language.slo import Slo

SCHEMA_VERSION = 1


def _read_version(value: Any) -> Any:
    """Refuse a version of the file format that this program does not read."""
    if value in (SCHEMA_VERSION, str(SCHEMA_VERSION)):
        return SCHEMA_VERSION
    raise SpecError(f"schema {value} is not known", f'write "schema: {SCHEMA_VERSION}" or leave it out')


class Scenario(Base):
    """A scenario file."""

    schema_version: Annotated[Literal[1], BeforeValidator(_read_version), WithJsonSchema({"const": 1})] = Field(
        default=1, alias="schema"
    )
    """Version of the file format."""
    scenario: Name
    """Identifier; results are kept under it."""
    title: str = ""
    """One line for people."""
    description: str = ""
    """What the scenario is for."""
    extends: str | None = None
    """Scenario file that this one starts from, its path relative to this file, in the same folder or below."""
    run: Run
    """How long, how often and with which seed."""
    network: Network | None = None
    """A generic queueing network; give either this or juki_net."""
    juki_net: JukiNet | None = None
    """The network of resident registers; give either this or network."""
    measures: dict[Name, Measure] = Field(default_factory=dict)
    """Outputs in people's units by name, such as residents kept waiting, operator-hours or yen."""
    slo: tuple[Slo, ...] = ()
    """Service levels to hold the results against."""
    outputs: tuple[Asked, ...] = ()
    """Figures to show beside those that are judged, such as `{station: db, metric: utilisation, window: busiest 1 h}`."""
    monthly: dict[Name, Column] = Field(default_factory=dict)
    """Columns of a table with one line per month, by heading; a run over days of the calendar, with a series, has months."""
    record: tuple[Recorded, ...] = ()
    """What is on record of the real system, to be shown beside what is simulated."""
    overrides: dict[Name, dict[str, Any]] = Field(default_factory=dict)
    """Named variants: each a part of a scenario that replaces what it names."""

    @property
    def parts(self) -> Mapping[str, Network | JukiNet]:
        """What is simulated, under its key: the one of the two parts that the scenario has."""
        given = {"network": self.network, "juki_net": self.juki_net}
        return {key: part for key, part in given.items() if part is not None}

    @property
    def calendars(self) -> Calendars:
        """The calendars of the scenario's own, by name."""
        return {name: one for part in self.parts.values() for name, one in part.calendars.items()}

    @property
    def asked(self) -> Mapping[str, Sequence[About]]:
        """What is judged or shown by itself, under its key."""
        return {"slo": self.slo, "outputs": self.outputs, "record": self.record}


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a scenario file, for editors."""
    schema = Scenario.model_json_schema()
    # Definitions are named by their titles (ExponentialOfSeconds): the generated names spell out type annotations.
    titles = {name: body["title"] for name, body in schema["$defs"].items()}
    text = re.sub(r'"#/\$defs/([^"]+)"', lambda found: f'"#/$defs/{titles[found[1]]}"', json.dumps(schema))
    named = json.loads(text)
    named["$defs"] = {titles[name]: body for name, body in named["$defs"].items()}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **named}
