"""A calendar profile to a few lines with a drawing of one day: how intense each half hour of a Monday is."""

from __future__ import annotations

import numpy as np

from jukinet_sim.calendar import DAY_S, describe_profile, generic_profile

_BARS = "·▁▂▃▄▅▆▇█"
_SLOTS = 48


def draw_profile(name: str) -> list[str]:
    """Return meaning, source and drawing of a profile; UsageError for a name that is none."""
    described = describe_profile(name)
    return [
        f"{name} (calendar profile)",
        f"  {described.meaning}",
        f"  source    {described.status}: {described.reason}",
        "",
        f"  {_day(name)}",
        "  0           6           12          18        24 h   (an ordinary Monday; each mark is half an hour)",
    ]


def _day(name: str) -> str:
    """Return one character per half hour, its height the mean intensity relative to the day's highest."""
    shape = generic_profile(name, DAY_S)
    edges = np.linspace(0.0, DAY_S, _SLOTS + 1)
    done = np.concatenate([[0.0], np.cumsum(shape.weight * shape.widths_s())])
    total = np.interp(edges, np.append(shape.start_s, shape.end_s), done)
    level = np.diff(total)
    top = float(level.max())
    return "".join(_BARS[0 if part <= 0.0 else max(1, round(8.0 * part / top))] for part in level.tolist())
