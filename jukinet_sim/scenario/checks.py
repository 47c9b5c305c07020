"""What no single key can tell about a scenario: its one network, the length of its run, what its service levels are about.

`complaints` also runs the checks of names, routes, places and sizes, which have files of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.language.complaint import Complaint, fault
from jukinet_sim.language.figures import figures, unknown_sources
from jukinet_sim.language.focus_checks import asked_for, levels_written, place_complaints, window_complaints
from jukinet_sim.language.monthly import monthly_complaints, unknown_parts
from jukinet_sim.language.name_checks import NAME_CHECKS
from jukinet_sim.language.network import Network
from jukinet_sim.language.place_checks import PLACE_CHECKS
from jukinet_sim.language.route_checks import ROUTE_CHECKS
from jukinet_sim.language.size_checks import crowded_loops, long_timelines
from jukinet_sim.language.subjects import measure_complaints, subject_complaints, written
from jukinet_sim.scenario.schema import Scenario

MOST_BINS = 1_000_000
_NETWORK_CHECKS = (*NAME_CHECKS, *ROUTE_CHECKS, *PLACE_CHECKS)


def complaints(scenario: Scenario) -> Iterator[Complaint]:
    """Yield everything that is wrong with a scenario whose keys and values are right one by one."""
    yield from _content(scenario)
    yield from _length_of_run(scenario)
    yield from _figures_of_measures(scenario)
    yield from measure_complaints(scenario.measures, scenario.asked, scenario.calendars)
    yield from monthly_complaints(scenario.monthly, scenario.run)
    asked = asked_for(scenario.measures, scenario.asked)
    yield from window_complaints(asked, scenario.run)
    if scenario.juki_net is not None:
        yield from DOMAIN.complaints(scenario.juki_net, scenario.run)
    if scenario.network is None:
        return
    for check in _NETWORK_CHECKS:
        yield from check(scenario.network)
    yield from subject_complaints(scenario.measures, scenario.asked, written(scenario.network))
    yield from unknown_parts(scenario.monthly, _parts(scenario.network))
    yield from place_complaints(asked, levels_written(scenario.network))
    yield from long_timelines(scenario.run, scenario.network)
    yield from crowded_loops(scenario.run, scenario.network)


def _parts(network: Network) -> dict[str, Mapping[str, object]]:
    """Return the flows, stations and pools by name."""
    return {"flow": network.flows, "station": network.stations, "pool": network.pools}


def _content(scenario: Scenario) -> Iterator[Complaint]:
    """Require exactly one of the generic network and the domain."""
    if scenario.network is None and scenario.juki_net is None:
        yield fault((), "the scenario has no network", 'add "network:" or "juki_net:"', "network", "juki_net")
    if scenario.network is not None and scenario.juki_net is not None:
        yield fault(("juki_net",), "both network and juki_net are given", "keep one of the two", at_key=True)


def _figures_of_measures(scenario: Scenario) -> Iterator[Complaint]:
    """Require that what a measure calls reported is reported."""
    found = [one for one in figures(scenario.measures, ("measures",)) if one[1].status == "reported"]
    if found:
        yield from unknown_sources(found, DOMAIN.reported_keys())


def _length_of_run(scenario: Scenario) -> Iterator[Complaint]:
    """Require exactly one of horizon and period, and a warm-up that leaves something to observe."""
    run = scenario.run
    if run.horizon is None and run.period is None:
        yield fault(("run",), "the run has no end", 'add "horizon: 20000 s" or a period', "horizon", "period")
        return
    if run.horizon is not None and run.period is not None:
        yield fault(("run", "period"), "both horizon and period are given", "keep one of the two", at_key=True)
        return
    if run.series is not None and run.horizon_s / run.series > MOST_BINS:
        what = f"the series would have more than {MOST_BINS:,} bins"
        yield fault(("run", "series"), what, "write wider bins")
    if isinstance(run.warm_up, float) and run.warm_up >= run.horizon_s:
        what = "the warm-up leaves nothing of the run to observe"
        yield fault(("run", "warm_up"), what, "write a shorter warm_up or a longer horizon")
