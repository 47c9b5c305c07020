"""Fonts and colours of charts, for paper and, in pages, for light and dark screens."""

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
_ON_DARK = ["#232a33", "#27405c", "#2b5685", "#3370ad", "#4a8fd6"]
"""From little to much, readable in print and by the colour-blind; light text is readable on the upper half of both."""
WIDTH, STEP = 760, 20
_INK, _GRID = "#20242b", "#e3e6ea"


def _config(ink: str, grid: str, ramp: list[str], background: str | None) -> dict[str, Any]:
    return {
        "font": FONTS,
        "background": background,
        "view": {"stroke": None},
        "axis": {
            "labelColor": ink, "titleColor": ink, "gridColor": grid, "domainColor": GREY, "tickColor": GREY,
            "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelLimit": 260,
        },
        "legend": {"labelColor": ink, "titleColor": ink, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"},
        "title": {"color": ink, "subtitleColor": ink, "anchor": "start", "fontSize": 14, "subtitleFontSize": 11},
        "header": {"labelColor": ink, "titleColor": ink, "labelAnchor": "start"},
        "text": {"color": ink},
        "range": {"heatmap": ramp, "ramp": ramp},
    }  # fmt: skip


STATIC_CONFIG = _config(_INK, _GRID, _SEQUENTIAL, "white")
"""Config of charts in files."""
LIGHT_CONFIG = _config(_INK, _GRID, _SEQUENTIAL, None)
DARK_CONFIG = _config("#e6e8eb", "#3a404a", _ON_DARK, None)
