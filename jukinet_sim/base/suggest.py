"""Near misses among known names, for messages that ask "did you mean ...?"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to a mistyped one, ignoring case, or None where none is near."""
    folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    matches = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def near(word: str, known: Iterable[str]) -> list[str]:
    """Return up to three known names, those that contain the word first, then those spelt nearly alike."""
    names = sorted(known)
    inside = [name for name in names if word.casefold() in name.casefold()] if word else []
    alike = difflib.get_close_matches(word.casefold(), names, n=3, cutoff=0.5)
    return list(dict.fromkeys([*inside, *alike]))[:3]


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return `did you mean "name"?`, or None where no known name is near."""
    name = closest(word, known)
    return None if name is None else f'did you mean "{name}"?'


def one_of(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the cure for an unknown name: the nearest known one, else the list, else what to do when none exists."""
    names = sorted(known)
    if not names:
        return otherwise
    listed = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return did_you_mean(word, names) or f"write one of {listed}"
