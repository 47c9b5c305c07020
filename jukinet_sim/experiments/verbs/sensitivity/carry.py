"""`sensitivity`: the assumed parameters of a scenario over their ranges, and which of them decides an output."""

from __future__ import annotations

from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.assumptions.outcome import sampled_on
from jukinet_sim.experiments.assumptions.thin import thinned
from jukinet_sim.experiments.bench import Bench
from jukinet_sim.experiments.experiment import Request, Sources
from jukinet_sim.experiments.verbs.sensitivity import morris, sobol, tornado
from jukinet_sim.experiments.verbs.sensitivity.chosen import chosen
from jukinet_sim.experiments.verbs.sensitivity.ground import Ground
from jukinet_sim.experiments.verbs.sensitivity.groups import MOST_SINGLE
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.loaded import Loaded
from jukinet_sim.statistics.intervals import DEFAULT_LEVEL

VERB = "sensitivity"
METHODS = ("morris", "sobol", "tornado")


def carry_out(request: Request, sources: Sources, bench: Bench) -> dict[str, Any]:
    """Vary the parameters of a scenario by one of the methods, and return what its document says."""
    options = request.options
    loaded = sources.load(0)
    thin, every = thinned(loaded, options["every"], compile_network(loaded))
    factors = chosen(thin, only=options["only"], vary=options["vary"])
    asked: str | None = options["output"]
    replications: int = options["replications"]
    ground = Ground(thin, bench)
    ground.begin([asked] if asked is not None else [], replications)
    topics = options["groups"] == "topic" or (options["groups"] is None and len(factors) > MOST_SINGLE)
    match options["method"]:
        case "morris":
            found = morris.carry_out(
                ground, factors, asked, trajectories=options["trajectories"], replications=replications, topics=topics
            )
        case "sobol":
            found = sobol.carry_out(
                ground, factors, asked, rows=options["rows"], trajectories=options["trajectories"],
                replications=replications, topics=topics,
            )  # fmt: skip
        case "tornado":
            found = tornado.carry_out(ground, factors, asked, replications=replications)
        case other:
            raise UsageError(f'there is no method "{other}"; write one of {", ".join(METHODS)}')
    return {
        **found,
        "method": options["method"],
        "level": DEFAULT_LEVEL,
        "varied": len(factors),
        "every": every,
        "sampled_on": _sampled_on(loaded, every),
    }


def check(loaded: Loaded, options: dict[str, Any]) -> None:
    """Refuse what cannot be carried out, before anything runs. Raises UsageError and ScenarioError."""
    if options["every"] is not None and loaded.scenario.juki_net is None:
        raise UsageError("--every thins out municipalities, and a generic network has none; leave it out")
    if options["trajectories"] < 2:
        raise UsageError("--trajectories: one trajectory has no interval; take 2 or more, 10 are usual")
    if options["rows"] < 8 or options["rows"] & (options["rows"] - 1):
        raise UsageError(f"--rows: {options['rows']} is no power of two from 8 on; write 64")
    chosen(loaded, only=options["only"], vary=options["vary"])


def _sampled_on(loaded: Loaded, every: int | None) -> str | None:
    """Say in words on which network the points were run, None for that of the scenario itself."""
    net = loaded.scenario.juki_net
    if net is None or every is None or every == DOMAIN.every(net):
        return None
    return sampled_on(every)
