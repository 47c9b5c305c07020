"""The places that a wave takes, and how late each is: drawn by the seed of the run, so that one run has one order of places."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from jukinet_sim.design.chance import uniforms
from jukinet_sim.juki_net.nation import PREFECTURE, Nation
from jukinet_sim.juki_net.waves.schema import Taking


def taken(nation: Nation, wave: Taking, level: str | None, path: str, drawn_as: tuple[str, str]) -> Iterator[tuple[int, float]]:
    """Yield the places of a level (None: the nation) that a wave takes, and by how many seconds each is late.

    `path` is the wave's key below `juki_net`; `drawn_as` names the draws of the order of municipalities and of lateness:
    changes of one kind share theirs, others have their own. Unknown prefectures are faults.
    """
    order_name, lateness = drawn_as
    places = 1 if level is None else len(nation.codes(level))
    chosen = list(range(places))
    if wave.prefectures is not None:
        some = set(nation.place_numbers(PREFECTURE, wave.prefectures, f"{path}.prefectures"))
        of = chosen if level == PREFECTURE else nation.places.prefecture.tolist()
        chosen = [place for place in chosen if of[place] in some]
    if wave.share is not None:
        order = np.argsort(uniforms(nation.run.seed, order_name, places)).tolist()
        first, last = (round(share * places) for share in wave.share)
        some = set(order[first:last])
        chosen = [place for place in chosen if place in some]
    late_s = np.zeros(places)
    if wave.late_by is not None:
        late_s = -wave.late_by.value * np.log(uniforms(nation.run.seed, lateness, places))
    yield from ((place, float(late_s[place])) for place in chosen)
