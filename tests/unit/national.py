"""What a scenario of the national network must bring out, as tests of several rooms ask for it."""

from __future__ import annotations

from jukinet_sim.juki_net.compile import compile_jukinet
from jukinet_sim.juki_net.flows.compile import Volume
from jukinet_sim.juki_net.reported.expected import Expected, expected_of
from jukinet_sim.scenario.compile import national_part
from jukinet_sim.scenario.loaded import Loaded


def expected_volumes(loaded: Loaded) -> tuple[Volume, ...]:
    """What each flow must complete in a drained run."""
    return compile_jukinet(national_part(loaded)).volumes


def expected(loaded: Loaded) -> dict[str, Expected]:
    """The same with the reported figures that they are."""
    part = national_part(loaded)
    return expected_of(part.spec, compile_jukinet(part).volumes)
