"""A card: a platform with the cost of each operation. What is missing on it is an error, never free of charge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from jukinet_sim.base.errors import UsageError
from jukinet_sim.crypto.costs.cost import Cost, Provenance
from jukinet_sim.crypto.exchanges import ACTS, GRANULARITIES, Batch, Certificate, Exchange, Message, Session
from jukinet_sim.crypto.steps import Step
from jukinet_sim.crypto.suite import Suite

EVERY_EXCHANGE: tuple[Exchange, ...] = (
    Session(),
    Session(resumed=True),
    Message(),
    Message(signed=False),
    *(Batch(granularity=granularity) for granularity in GRANULARITIES),
    *(Certificate(act) for act in ACTS),
)
"""One exchange of each kind, which together ask for every operation of a suite."""


@dataclass(frozen=True)
class Card:
    """The costs of operations on one platform.

    `platform_factor` is in the costs already: it says by how much they were stretched from those of the machine measured, whose
    instructions were limited to `instruction_set`.
    """

    name: str
    title: str
    platform: str
    provenance: Provenance
    operations: Mapping[str, Cost]
    instruction_set: str = ""
    library: str = ""
    platform_factor: float = 1.0
    most_connections: int | None = None
    """How many connections the platform takes at a time, where that is limited."""

    def cost(self, operation: str) -> Cost:
        """Return the cost of an operation. Raises UsageError where the card has none."""
        if operation not in self.operations:
            raise self._lacks((operation,))
        return self.operations[operation]

    def missing(self, wanted: Suite | Iterable[Step]) -> tuple[str, ...]:
        """Return the operations of a suite's exchanges, or of these steps, that the card lacks; sorted."""
        steps = every_step(wanted) if isinstance(wanted, Suite) else wanted
        return tuple(sorted({step.operation for step in steps} - set(self.operations)))

    def total_s(self, steps: Iterable[Step], side: str | None = None, *, binding: bool = False) -> float:
        """Return the mean seconds of steps, those of one side or of both. Raises UsageError listing every missing operation."""
        counted = [step for step in steps if side in (None, step.side)]
        if missing := self.missing(counted):
            raise self._lacks(missing)
        return sum(step.count * self.operations[step.operation].mean_s(step.size, binding=binding) for step in counted)

    def scaled(self, factor: float, name: str) -> Card:
        """Return the card of a machine that takes so many times as long for everything."""
        if not 0.0 < factor < float("inf"):
            raise UsageError(f"a platform factor of {factor} makes no sense; write a number above 0, such as 2.1")
        costs = {operation: replace(cost.scaled(factor), provenance="derived") for operation, cost in self.operations.items()}
        return replace(
            self, name=name, provenance="derived", operations=costs, platform_factor=self.platform_factor * factor
        )

    def _lacks(self, missing: tuple[str, ...]) -> UsageError:
        return UsageError(
            f'the cost card "{self.name}" lacks {", ".join(missing)}; take another card, or add them to a copy with their '
            f"costs (jukinet crypto card {self.name} --json)"
        )


def every_step(suite: Suite) -> tuple[Step, ...]:
    """Return the steps of one exchange of each kind."""
    return tuple(step for exchange in EVERY_EXCHANGE for step in suite.steps(exchange))
