"""One sample of our assumptions: the scenario with drawn values, compiled and run once with the scenario's own seed.

Sample 0 is the scenario with its own values. All share every random number (replication 0), so that they differ by their
assumptions alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from jukinet_sim.base.errors import LimitReached, ScenarioError
from jukinet_sim.engine.protocol import RULE_VERSION
from jukinet_sim.experiments.assumptions.headlines import Headline
from jukinet_sim.experiments.assumptions.parameters import Parameter, with_values
from jukinet_sim.experiments.executors.pieces import Progress
from jukinet_sim.experiments.plan import choose_engine
from jukinet_sim.experiments.work import Order, perform
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.document import build_document
from jukinet_sim.results.stuck import in_words, stuck_over
from jukinet_sim.scenario.checks import complaints
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.load import Loaded, lay
from jukinet_sim.scenario.schema import Scenario


@dataclass(frozen=True, eq=False)
class Sampling:
    """What all samples share; `points` has the values of the parameters for each, `warm_up_s` was settled by the run."""

    loaded: Loaded
    parameters: tuple[Parameter, ...]
    points: tuple[tuple[float, ...], ...]
    headlines: tuple[Headline, ...]
    warm_up_s: float

    def scenario(self, number: int) -> Scenario:
        """Return the scenario of a sample; 0 is the scenario itself."""
        own = self.loaded.scenario
        return with_values(own, self.parameters, self.points[number - 1]) if number else own


@dataclass(frozen=True)
class Sample:
    """The value of each headline in one sample, or why there is none."""

    number: int
    events: int
    values: tuple[float | None, ...] = ()
    trouble: str | None = None


def thinned(loaded: Loaded, every: int | None, network: Network) -> tuple[Loaded, int | None]:
    """Return the scenario with only every n-th place of its domain, and that n; None for a generic network, which stays whole.

    Without a number the domain chooses one that leaves enough of the network that was run.
    """
    net = loaded.scenario.juki_net
    if net is None:
        return loaded, None
    chosen = DOMAIN.every(DOMAIN.thinned(net, every, network))
    return (loaded if chosen == DOMAIN.every(net) else lay(loaded, [f"{DOMAIN.every_key}={chosen}"])), chosen


def compiled(sampling: Sampling, scenario: Scenario) -> Network:
    """Return the network of a sampled scenario. Raises ScenarioError where the drawn values do not go together."""
    wrong = [complaint.objection for complaint in complaints(scenario)]
    if wrong:
        raise ScenarioError(sampling.loaded.fault(".".join(map(str, one.path)), one.what, one.cure) for one in wrong)
    network = compile_network(replace(sampling.loaded, scenario=scenario))
    return replace(network, warm_up_s=sampling.warm_up_s, warm_up_auto=False)


def take(sampling: Sampling, number: int, progress: Progress) -> Sample:
    """Run one sample, in whatever process; what cannot be run or hits a limit is a sample with its trouble."""
    scenario = sampling.scenario(number)
    try:
        network = compiled(sampling, scenario)
        order = Order(network, scenario.run.seed, choose_engine(network, scenario.run.engine, 1), None)
        digest = perform(order, 0, lambda _, simulated_s, events: progress(number, simulated_s, events))
    except ScenarioError as error:
        return Sample(number, 0, trouble="; ".join(fault.what for fault in error.faults))
    except LimitReached as error:
        return Sample(number, 0, trouble=str(error))
    if digest.limit:
        return Sample(number, digest.events, trouble=digest.limit)
    if digest.stuck:
        return Sample(number, digest.events, trouble=in_words(stuck_over([digest])))
    return Sample(number, digest.events, _values(sampling, scenario, digest))


def _values(sampling: Sampling, scenario: Scenario, digest: ReplicationDigest) -> tuple[float | None, ...]:
    """Return each headline in one replication."""
    document = build_document(
        [digest], scenario=scenario.scenario, run_hash="", seed=scenario.run.seed, rule_version=RULE_VERSION,
        measures=scenario.measures, slo=scenario.slo,
    )  # fmt: skip
    return tuple(headline.value(document)["value"] for headline in sampling.headlines)
