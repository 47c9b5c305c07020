"""Charts to picture files, drawn without a browser and without the network."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jukinet_sim.report.charts.plot import Plot
from jukinet_sim.report.messages.say import LANGUAGES
from jukinet_sim.results.files import whole_file

_SCALE = 2.0
_FIRST_WIDE = "⺀"
"""From here on characters are those of Chinese, Japanese and Korean."""
NO_FONT = (
    "no font with Japanese characters is installed, so that they are missing in pictures; install one such as Noto Sans CJK JP "
    "(fonts-noto-cjk) or IPAexGothic (fonts-ipaexfont)"
)


def write_pictures(plots: Iterable[Plot], out: Path, kind: str, language: str) -> Iterator[Path]:
    """Write each chart as `png` or `svg` and yield its path before it is drawn. Raises StoreError."""
    import vl_convert

    for plot in plots:
        yield (path := out / f"{plot.name}.{kind}")
        spec = plot.whole(language)
        drawn: Any = (
            vl_convert.vegalite_to_png(spec, scale=_SCALE, allowed_base_urls=[])
            if kind == "png"
            else vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]).encode()
        )
        with whole_file(path) as file:
            file.write(drawn)


def lacks_font(plots: Iterable[Plot], language: str) -> bool:
    """Whether charts have Japanese in them that no font of this machine can show."""
    wide = any(character >= _FIRST_WIDE for plot in plots for character in _texts(plot.whole(language), language))
    return wide and not _japanese_is_drawn()


def _texts(value: Any, language: str) -> Iterator[str]:
    """Yield the characters of a specification, but for names in languages that are not shown."""
    if isinstance(value, str):
        yield from value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == language or key not in LANGUAGES:
                yield from _texts(inner, language)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner, language)


@cache
def _japanese_is_drawn() -> bool:
    """Whether a Japanese character leaves another picture than a character that no font has."""
    import vl_convert

    def drawn(character: str) -> bytes:
        text = f'<text x="2" y="20" font-family="sans-serif" font-size="20">{character}</text>'
        picture: bytes = vl_convert.svg_to_png(f'<svg xmlns="http://www.w3.org/2000/svg" width="30" height="30">{text}</svg>')
        return picture

    return drawn("国") != drawn("\U0010fffd")
