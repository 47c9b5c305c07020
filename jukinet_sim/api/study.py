"""A study: one scenario and changes to it, each with a name, compared with it by the same random numbers."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from jukinet_sim.api.answer import CompareAnswer
from jukinet_sim.api.asking import Scenario, name_of
from jukinet_sim.api.verbs import compare
from jukinet_sim.api.words import settings
from jukinet_sim.base.errors import UsageError
from jukinet_sim.scenario.laid import laid
from jukinet_sim.scenario.loaded import Loaded

Change = Mapping[str, Any] | str | os.PathLike[str] | Loaded | Sequence["Change"]
"""Settings, the name of an override of the scenario, another scenario in its place, or several of these in turn."""
_FILES = (".yaml", ".yml")


@dataclass(frozen=True)
class Study:
    """A scenario, and changes to it by name or in a list, when each is called by what it says.

    `Study("town.yaml", {"third desk": {"network.stations.desk.servers": 3}, "busy day": "busy", "plan B": "plan-b.yaml"})`
    """

    base: Scenario
    changes: Mapping[str, Change] | Sequence[Change]

    def scenarios(self) -> dict[str, Scenario]:
        """Return the scenario and its variants by name. Raises UsageError, and ScenarioError with the place of every fault."""
        named = self.changes.items() if isinstance(self.changes, Mapping) else ((_called(one), one) for one in self.changes)
        base = laid(self.base)
        found: dict[str, Scenario] = {name_of(self.base): base}
        for name, change in named:
            if name in found:
                raise UsageError(f'two changes are called "{name}"; give each a name: Study(base, {{"name": change, ...}})')
            found[name] = _changed(base, change)
        return found

    def run(self, **options: Any) -> CompareAnswer:
        """Return how every variant differs from the scenario; options are those of `compare`.

        Raises as `compare` does, and UsageError where there is no change.
        """
        scenarios = self.scenarios()
        if len(scenarios) < 2:
            raise UsageError('a study without changes compares nothing; write such as Study(base, [{"run.horizon": "2 h"}])')
        return compare(*scenarios.values(), names=tuple(scenarios), **options)


def _is_several(change: Change) -> bool:
    return isinstance(change, Iterable) and not isinstance(change, (str, Mapping))


def _called(change: Any) -> str:
    """Return what a change says, in the words of `compare --with`."""
    if isinstance(change, Mapping):
        return " ".join(settings(change))
    if _is_several(change):
        return " ".join(_called(one) for one in change)
    return name_of(change)


def _changed(base: Loaded, change: Any) -> Loaded:
    """Return a scenario with a change."""
    if _is_several(change):
        return reduce(_changed, change, base)
    if isinstance(change, Mapping):
        return laid(base, settings=settings(change))
    if isinstance(change, str) and not change.endswith(_FILES):
        return laid(base, [change])
    return laid(change)
