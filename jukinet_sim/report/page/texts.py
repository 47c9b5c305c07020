"""Texts for a page: every name escaped and harmless, every message in both languages at once, of which one is shown."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup, escape

from jukinet_sim.base.harmless import harmless
from jukinet_sim.report.messages.say import LANGUAGES, Say

_SPEAKERS = tuple(Say(language) for language in LANGUAGES)
_EACH = Markup('<span lang="en">{}</span><span lang="ja">{}</span>')
Translate = Callable[..., Markup]


def text(value: object) -> Markup:
    """Return a value as text of a page; what is markup already stays as it is."""
    if isinstance(value, Markup):
        return value
    return escape(harmless(str(value)))


def both(english: object, japanese: object) -> Markup:
    """Return a text in both languages; once where it is the same."""
    shown = (text(english), text(japanese))
    return shown[0] if shown[0] == shown[1] else _EACH.format(*shown)


def say(key: str, /, **values: object) -> Markup:
    """Return a message in both languages, the values in it escaped."""
    return both(*(_said(speaker, key, values) for speaker in _SPEAKERS))


def _said(speaker: Say, key: str, values: dict[str, object]) -> Markup:
    """Return a message in one language; values that are in two languages themselves are taken in this one."""
    return Markup(text(speaker(key))).format_map(  # braces of the message are put in again after it is escaped
        {name: _in(speaker.language, value) for name, value in values.items()}
    )


class Both(tuple[str, str]):
    """A value with a text of its own in each language, to be put into messages."""

    def __new__(cls, english: str, japanese: str) -> Both:
        """Make one of its two texts."""
        return super().__new__(cls, (english, japanese))


def _in(language: str, value: object) -> Markup:
    return text(value[LANGUAGES.index(language)]) if isinstance(value, Both) else text(value)
