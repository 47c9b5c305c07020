"""Figures that an experiment asks for in people's words, in windows and at places as well.

One in a window or at a place becomes an output of the scenario, so that whatever runs it looks there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from jukinet_sim import metrics
from jukinet_sim.base.errors import UsageError
from jukinet_sim.base.suggest import one_of
from jukinet_sim.language.asked import Asked, words_of
from jukinet_sim.network.model import Network
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.loaded import Loaded


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


def outputs_for(texts: Iterable[str], loaded: Loaded, network: Network) -> tuple[list[str], list[str]]:
    """Return the settings by which a scenario also shows what is asked for, and the names of the figures asked for.

    Figures of the whole run need no setting. Raises UsageError, saying what to write instead.
    """
    settings, names = [], []
    there = {one.name for one in (*loaded.scenario.slo, *loaded.scenario.outputs)}
    for text in texts:
        if "," not in text:
            names.append(text.strip())
            continue
        asked = read_asked(text, network, loaded.scenario.measures)
        names.append(asked.name)
        if asked.name not in there:
            settings.append(f"outputs.+={json.dumps(_keys(text, asked))}")
            there.add(asked.name)
    return settings, names


def load_asked(texts: Sequence[str], load: Callable[[Sequence[str]], Loaded]) -> tuple[Loaded, list[str]]:
    """Return a scenario that also shows the figures asked for in windows or at places, and the names of all asked for.

    `load` returns the scenario with settings laid over it. Raises as `outputs_for` does.
    """
    loaded = load(())
    if not any("," in text for text in texts):
        return loaded, [text.strip() for text in texts]
    settings, names = outputs_for(texts, loaded, compile_network(loaded))
    return (load(settings) if settings else loaded), names


def _keys(text: str, asked: Asked) -> dict[str, Any]:
    """Return the keys of an output as a scenario has them."""
    metric = {} if asked.metric is None else {"metric": asked.metric}
    return {asked.kind: asked.subject, **metric, **words_of(text)[1]}


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
