"""Fonts and colours of charts, for paper and light screens; pages invert them on dark ones, which keeps their hues."""

from __future__ import annotations

from typing import Any

FONTS = (
    "Noto Sans CJK JP, Noto Sans JP, Hiragino Sans, Yu Gothic UI, Yu Gothic, Meiryo, IPAexGothic, IPAGothic, TakaoGothic, "
    "VL Gothic, DejaVu Sans, sans-serif"
)
"""The first that is there is taken; all but the last two have Japanese."""
BLUE, RED, GREY = "#2f6db3", "#c4472d", "#8a8f98"
"""What is drawn first, what is bad or waits, and what only helps to read."""
_SEQUENTIAL = ["#eef3f9", "#b8d0e8", "#73a5d3", "#2f6db3", "#173f73"]
"""From little to much, readable in print and by the colour-blind; white text is readable on the upper half."""
WIDTH, STEP = 760, 20
_INK, _GRID = "#20242b", "#e3e6ea"


def config(background: str | None) -> dict[str, Any]:
    """Return how charts look; without a background they show what is behind them."""
    return {
        "font": FONTS,
        "background": background,
        "view": {"stroke": None},
        "axis": {
            "labelColor": _INK, "titleColor": _INK, "gridColor": _GRID, "domainColor": GREY, "tickColor": GREY,
            "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelLimit": 260,
        },
        "legend": {
            "labelColor": _INK, "titleColor": _INK, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
        },
        "title": {"color": _INK, "subtitleColor": _INK, "anchor": "start", "fontSize": 14, "subtitleFontSize": 11},
        "header": {"labelColor": _INK, "titleColor": _INK, "labelAnchor": "start"},
        "text": {"color": _INK},
        "range": {"heatmap": _SEQUENTIAL, "ramp": _SEQUENTIAL},
    }  # fmt: skip

