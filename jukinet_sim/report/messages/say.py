"""A message by its key in one of two languages, with values put in where its braces stand."""

from __future__ import annotations

from collections.abc import Mapping

from jukinet_sim.report.messages.charts import CHARTS
from jukinet_sim.report.messages.page import PAGE
from jukinet_sim.report.messages.serve import SERVE

LANGUAGES = ("en", "ja")
MESSAGES: Mapping[str, tuple[str, str]] = {**CHARTS, **PAGE, **SERVE}
"""Every message by key: in English, in Japanese."""


class Say:
    """Says messages in one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._at = LANGUAGES.index(language)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return a message; values are put in as they are, whoever shows it has to escape it."""
        text = MESSAGES[key][self._at]
        return text.format_map(values) if values else text

    def name(self, english: str, japanese: str) -> str:
        """Return what something is called that brings names of its own."""
        return (english, japanese)[self._at]
