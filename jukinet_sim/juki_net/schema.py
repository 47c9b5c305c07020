"""The domain part of a scenario: the national network of resident registers, tier by tier, and the traffic on it.

Every number is a `Figure`, so that a scenario says of each whether it is reported, derived or assumed.
"""

from typing import Annotated

from pydantic import Field

from jukinet_sim.juki_net.attacks.schema import Attack
from jukinet_sim.juki_net.call_centre.schema import CallCentre
from jukinet_sim.juki_net.crypto.schema import Crypto
from jukinet_sim.juki_net.flows.schema import NationalFlow
from jukinet_sim.juki_net.flows.steps import NationalStep
from jukinet_sim.juki_net.incidents.schema import Incident
from jukinet_sim.juki_net.machines.schema import Municipality, NationalCentre, NationalStation, Prefecture, Terminals
from jukinet_sim.juki_net.monitoring.schema import Monitoring
from jukinet_sim.juki_net.operators.schema import Operators
from jukinet_sim.juki_net.places.schema import Group, Municipalities
from jukinet_sim.juki_net.programme.schema import Programme
from jukinet_sim.juki_net.provisions.schema import Provisions
from jukinet_sim.juki_net.states.schema import NationalState
from jukinet_sim.juki_net.updates.schema import Updates
from jukinet_sim.language.base import Base, Bytes, Figure, Name, Number, PositiveSeconds
from jukinet_sim.language.calendars import Calendar


class JukiNet(Base):
    """The network of resident registers."""

    volume: Figure[Number] = Field(default_factory=lambda: Figure[Number](value=1.0))
    """Multiplies everything that travels: every flow, the updates and the provisions; 1 when left out. `check` says that
    another volume than the printed one is put in."""
    municipalities: Municipalities
    """The municipalities and their residents."""
    municipality: Municipality
    """Equipment of each municipality."""
    prefecture: Prefecture
    """Equipment of each prefecture."""
    nation: NationalCentre
    """Equipment of the national centre."""
    updates: Updates
    """Resident-record updates."""
    provisions: Provisions
    """Records supplied to agencies."""
    stations: dict[Name, NationalStation] = Field(default_factory=dict)
    """Further machines by name."""
    terminals: dict[Name, Terminals] = Field(default_factory=dict)
    """Counter terminals of the municipalities by name."""
    messages: dict[Name, Figure[Bytes]] = Field(default_factory=dict)
    """Sizes of messages by name."""
    times: dict[Name, Figure[PositiveSeconds]] = Field(default_factory=dict)
    """Times that people and processes outside take, by name."""
    groups: dict[Name, Group] = Field(default_factory=dict)
    """Groups of municipalities by name."""
    states: dict[Name, NationalState] = Field(default_factory=dict)
    """Whole numbers of municipalities, prefectures or the nation by name, such as which way they ask; routes `switch` by
    them, and dates change them."""
    calendars: dict[Name, Calendar] = Field(default_factory=dict)
    """Calendars of one's own by name: open hours, weekdays, holidays, closed dates and seasons, to be named wherever a shipped
    profile can be, such as the profile of a flow, a gate, or the hours of counters."""
    routes: dict[Name, Annotated[tuple[NationalStep, ...], Field(min_length=1)]] = Field(default_factory=dict)
    """Routes by name, each written once for several flows: `route: NAME` in a flow stands for its steps."""
    flows: dict[Name, NationalFlow] = Field(default_factory=dict)
    """Everything else that travels on the network, by name."""
    crypto: Crypto | None = None
    """The cipher suite and what it costs; left out, `hsm.per_operation` and the sizes of messages are all there is of it."""
    monitoring: Monitoring | None = None
    """Who watches the network; nobody does when left out."""
    attacks: dict[Name, Attack] = Field(default_factory=dict)
    """Traffic that should not be there, by name; `volume` does not multiply it."""
    operators: Operators | None = None
    """Who sits at the terminals and has to log on; left out, terminals are always ready."""
    call_centre: CallCentre | None = None
    """The call centre; nobody telephones when left out."""
    programme: Programme | None = None
    """What changes on a date: machines, software, traffic, and the centre that takes over from the prefectures. Nothing does if
    left out."""
    incidents: dict[Name, Incident] = Field(default_factory=dict)
    """What goes wrong on a date, by name."""
