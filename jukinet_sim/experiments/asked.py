"""Figures that an experiment asks for beside those of its scenario, in windows and at places as well.

Read them with `read_asked`, let the network look at them with `looking_at` before it runs, and take each replication's
number with `figure_in`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from jukinet_sim import metrics
from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.language.about import About
from jukinet_sim.language.asked import Asked, words_of
from jukinet_sim.language.focus_checks import focuses, levels_compiled, place_complaints, window_complaints
from jukinet_sim.language.measures import Measure
from jukinet_sim.network.model import Network
from jukinet_sim.results.digest import ReplicationDigest
from jukinet_sim.results.focused import found
from jukinet_sim.results.measures import in_replication, quantity
from jukinet_sim.scenario.load import Loaded


def read_asked(text: str, network: Network, measures: Iterable[str] = ()) -> Asked:
    """Return the figure that a text such as `db utilisation, busiest 1 h, worst place` asks for.

    The kind may stand before the name: `station db utilisation`; it has to where several kinds have the name and the metric.
    A measure is asked for by its name alone. Raises UsageError, saying what to write instead.
    """
    words, keys = words_of(text)
    known = _names(network, measures)
    kinds: Sequence[metrics.Kind] = metrics.KINDS
    if len(words) > 1 and words[0] in metrics.KINDS and (len(words) > 2 or words[0] == "measure"):
        kinds, words = [kind for kind in metrics.KINDS if kind == words[0]], words[1:]
    if not 1 <= len(words) <= 2:
        cure = 'write a name and a metric, such as "db utilisation, busiest 1 h, worst place"'
        raise UsageError(f'"{text}" is no figure; {cure}')
    name, metric = words[0], words[1] if len(words) == 2 else None
    having = [kind for kind in kinds if name in known[kind]]
    fitting = [kind for kind in having if (metric is None) is (kind == "measure")] or having
    able = [kind for kind in fitting if metric is None or metric in metrics.of_kind(kind)] or fitting
    if not able:
        cure = one_of(name, [one for kind in kinds for one in known[kind]], "the network has none")
        raise UsageError(f'"{text}" asks for "{name}", which is not there; {cure}')
    if len(able) > 1:
        raise UsageError(f'"{text}" may be about a {" or a ".join(able)}; write the kind before the name')
    return _model({able[0]: name, **({} if metric is None else {"metric": metric}), **keys}, text)


def _names(network: Network, measures: Iterable[str]) -> Mapping[metrics.Kind, set[str]]:
    return {
        "flow": {flow.name for flow in network.flows},
        "station": {station.name for station in network.stations},
        "pool": {pool.name for pool in network.pools},
        "measure": set(measures),
    }


def _model(keys: Mapping[str, Any], text: str) -> Asked:
    """Return the model; what is wrong with it is said in the words of its first fault."""
    try:
        return Asked.model_validate(keys)
    except ValidationError as error:
        context = error.errors()[0].get("ctx", {}).get("error")
        raise UsageError(f'"{text}": {context or error.errors()[0]["msg"]}') from None


def looking_at(loaded: Loaded, network: Network, asked: Iterable[About]) -> Network:
    """Return a scenario's compiled network that looks at further figures as well; those over the whole run need nothing.

    Raises UsageError for a window that does not lie inside the run and for a place that is not there.
    """
    run = loaded.scenario.run
    further = [((), about) for about in asked if about.focused]
    for complaint in (*window_complaints(further, run), *place_complaints(further, levels_compiled(network))):
        raise UsageError(f"{complaint.objection.what}; {complaint.objection.cure}")
    both = (*network.focuses, *focuses(further, run, network))
    return replace(network, focuses=tuple({focus.key: focus for focus in both}.values()))


def figure_in(digest: ReplicationDigest, about: About, measures: Mapping[str, Measure] | None = None) -> float | None:
    """Return a figure in one replication, in SI; None where it is undefined.

    Raises UsageError where the run did not look at its window or place, or where the part or the metric is not there.
    """
    if about.focused:
        return found(digest, about).value
    if about.kind == "measure":
        known = in_replication(digest, measures or {})
        if about.subject not in known:
            raise UsageError(f'unknown measure "{about.subject}"; {one_of(about.subject, known, "the scenario has none")}')
        return known[about.subject]
    metric = metrics.of_kind(about.kind)[about.metric_name]
    try:
        part = digest.kinds()[about.kind][about.subject]
        return quantity(metric, part, digest.window_s[1] - digest.window_s[0]) if metric.summed else part.metrics[metric.path]
    except KeyError:
        raise UsageError(f'{about.kind} "{about.subject}" has no {metric.name} in this run') from None
