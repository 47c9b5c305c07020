"""Steps that are put into other flows' routes: taps of intrusion detection, and limits of what a municipality sends.

A step keeps the label by which its random numbers go, however many are put in before it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from jukinet_sim.juki_net.crypto.pay import NOTHING
from jukinet_sim.juki_net.monitoring.names import BY_PREFECTURE, ENTRUSTED
from jukinet_sim.network import model as M

Around = Callable[[M.Visit, str, str], tuple[tuple[M.Step, ...], tuple[M.Step, ...]]]
"""From a visit, its path and the label behind it to the steps before it and those after it."""


def woven(steps: Sequence[M.Step], around: Around, prefix: str = "") -> tuple[M.Step, ...]:
    """Return a list of steps with more of them around its visits; each of the old ones is labelled by its path."""
    found: list[M.Step] = []
    paths = [M.step_path(prefix, number, step) for number, step in enumerate(steps)]
    for step, path, following in zip(steps, paths, [*paths[1:], None], strict=True):
        if isinstance(step, M.Loop):
            found.append(replace(step, body=woven(step.body, around, f"{path}."), label=path))
        elif isinstance(step, M.Visit):
            behind = following or f"{path}~on"
            before, after = around(step, path, behind)
            # Whoever jumps to the visit shall come by what is before it.
            first = [replace(one, label=path) if i == 0 else one for i, one in enumerate(before)]
            found += [*first, replace(step, label=f"{path}~visit" if before else path), *after]
            if after and following is None:
                found.append(M.Delay(NOTHING, behind))
        else:
            found.append(replace(step, label=path))
    return tuple(found)


def tap(visit: M.Visit, path: str, behind: str, probability: float, alert: str, *, shared: bool) -> tuple[M.Step, ...]:
    """Return what follows a tapped visit: an alert is raised with a probability, and the message goes on at once.

    Where prefectures `shared` out who watches, a state says whose alert it is.
    """
    alarm, own, centre = f"{path}~alarm", f"{path}~own", f"{path}~centre"
    mark = M.Branch(tuple((to, p) for to, p in ((behind, 1.0 - probability), (alarm, probability)) if p > 0.0), f"{path}~tap")
    if not shared:
        return mark, M.Spawn(alert, alarm)
    return (
        mark,
        M.Switch(ENTRUSTED, ((1, centre),), visit.at, alarm),
        M.Spawn(alert + BY_PREFECTURE, own),
        M.Switch(ENTRUSTED, ((0, behind), (1, behind)), visit.at, f"{path}~over"),
        M.Spawn(alert, centre),
    )
