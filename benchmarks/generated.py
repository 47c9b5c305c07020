"""Scenario files too long to write by hand: their places follow from formulas. All numbers are invented.

Rates and national servers grow with the number of towns, so that small versions are as busy as the large one.
"""

from __future__ import annotations

import math

_TREE = """\
schema: 1
scenario: tree
title: {towns} towns in {counties} counties in one nation
run: {{horizon: 1000 s, replications: 1}}
network:
  places:
    county: {{count: {counties}}}
    town:
      count: {towns}
      within: county
      weights: [{weights}]
      of: [{counties_of_towns}]
  stations:
    desk:        {{servers: 2, per: town}}
    town-line:   {{servers: 1, per: town}}
    county-line: {{servers: {county_line}, per: county}}
    gateway:     {{servers: {gateway}}}
    registry:    {{servers: {registry}}}
  flows:
    query:
      arrivals: {{poisson: {query} /s}}
      origin: town
      route:
        - {{visit: desk, demand: {{erlang: {{k: 2, mean: 5 s}}}}}}
        - {{delay: {{exponential: 25 s}}}}
        - {{visit: town-line, demand: {{exponential: 1 s}}}}
        - {{visit: county-line, demand: {{exponential: 200 ms}}}}
        - {{visit: registry, demand: {{exponential: 50 ms}}}}
        - {{visit: county-line, demand: {{exponential: 200 ms}}}}
        - {{visit: town-line, demand: {{exponential: 2 s}}}}
    removal:
      arrivals: {{poisson: {removal} /s}}
      origin: town
      destination: town
      route:
        - {{visit: desk, demand: {{exponential: 5 s}}}}
        - {{visit: town-line, demand: {{exponential: 1 s}}}}
        - {{visit: county-line, demand: {{exponential: 200 ms}}}}
        - {{visit: gateway, demand: {{constant: 50 ms}}}}
        - {{visit: registry, demand: {{exponential: 50 ms}}}}
        - {{visit: county-line, at: destination, demand: {{exponential: 200 ms}}}}
        - {{visit: town-line, at: destination, demand: {{exponential: 2 s}}}}
        - {{visit: desk, at: destination, demand: {{exponential: 5 s}}}}
    notice:
      arrivals: {{poisson: {notice} /s}}
      origin: town
      route:
        - {{visit: registry, demand: {{exponential: 50 ms}}}}
        - {{visit: county-line, demand: {{exponential: 200 ms}}}}
        - {{visit: town-line, demand: {{exponential: 2 s}}, label: send}}
        - {{delay: {{exponential: 30 s}}}}
        - {{branch: {{send: 0.2, read: 0.8}}}}
        - {{visit: desk, demand: {{exponential: 3 s}}, label: read}}
        - {{visit: town-line, demand: {{exponential: 1 s}}}}
"""

_ROW = """\
schema: 1
scenario: row
title: Jobs among {places} equal places
run: {{horizon: 1000 s, replications: 1}}
network:
  places:
    place: {{count: {places}}}
  stations:
    server: {{servers: 1, per: place}}
  flows:
    exchange:
      arrivals: {{poisson: {rate} /s}}
      origin: place
      destination: place
      route:
        - {{visit: server, demand: {{exponential: 100 ms}}}}
        - {{visit: server, at: destination, demand: {{exponential: 250 ms}}}}
        - {{visit: server, at: destination, demand: {{exponential: 250 ms}}}}
        - {{visit: server, demand: {{exponential: 100 ms}}}}
"""


def tree_yaml(towns: int, counties: int) -> str:
    """A scenario in which jobs go from town to county to nation and back.

    Town i weighs 1/sqrt(i + 100) and lies in county i mod `counties`, which spreads large towns over the counties.
    """
    return _TREE.format(
        towns=towns,
        counties=counties,
        weights=", ".join(f"{1000 / math.sqrt(i + 100):.3f}" for i in range(towns)),
        counties_of_towns=", ".join(str(i % counties) for i in range(towns)),
        query=0.06 * towns,
        removal=0.02 * towns,
        notice=0.02 * towns,
        county_line=math.ceil(towns / counties * 0.18 * 0.2 / 0.7),
        gateway=math.ceil(towns * 0.02 * 0.05 / 0.7),
        registry=math.ceil(towns * 0.10 * 0.05 / 0.7),
    )


def row_yaml(places: int) -> str:
    """A scenario in which each job is served twice at each of two places, which are 70 % busy however many there are."""
    return _ROW.format(places=places, rate=1.0 * places)
