"""A small network in which everything happens that has a metric, as tests of several rooms run it."""

EVERYTHING = """scenario: everything
run: {horizon: 200 s, warm_up: 10 s, replications: 2, engine: fast}
network:
  places: {town: {count: 2}}
  stations:
    desk:
      {servers: 1, capacity: 4, per: town, target_wait: 1 s, breakdowns: {up: {exponential: 40 s}, down: {exponential: 4 s}}}
    hall: {servers: 1}
  pools: {tokens: {tokens: 2, per: town}}
  flows:
    q:
      arrivals: {poisson: 0.9 /s}
      origin: town
      records: 3
      due: 3 s
      patience: {exponential: 5 s}
      route: [{acquire: tokens}, {visit: desk, demand: {exponential: 1 s}, hold: true}, {release: tokens},
              {visit: hall, demand: {exponential: 500 ms}}]
measures: {m: {unit: jobs, sum: [{flow: q, metric: late}]}}
"""
