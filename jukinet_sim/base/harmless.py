"""Text from anywhere to text that does nothing to a terminal: control, invisible and right-to-left marks shown as escapes.

The escapes are those of JSON, so that what was a JSON document remains the same document.
"""

from __future__ import annotations

import re
from typing import Any, TextIO

_MEANT = "\n\t"
# Unicode's categories Cc (control), Cf (format), Cs (surrogates), Zl and Zp (further line breaks); fixed here, as the table of
# the running Python may know fewer.
_ACTING = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f"
)
_HARMFUL = re.compile(f"[{_ACTING}]")
_NOT_ON_A_LINE = re.compile(f"[{_ACTING}{_MEANT}]")


def harmless(text: str) -> str:
    r"""Return a text whose only control characters are line ends and tabs; the others are written as in `\\u001b`."""
    return _HARMFUL.sub(_escape, text)


def one_line(text: str) -> str:
    """Return a harmless text without line ends and tabs, which are written as escapes too: for cells and names."""
    return _NOT_ON_A_LINE.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


class HarmlessStream:
    """A text stream through which only harmless text passes; `behind` is the stream itself, for marks that are our own."""

    def __init__(self, behind: TextIO) -> None:
        self.behind = behind

    def write(self, text: str) -> int:
        """Write a text, made harmless."""
        self.behind.write(harmless(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        # With the bytes beneath at hand, an option parser would write past this stream.
        if name in ("buffer", "writelines"):
            raise AttributeError(name)
        return getattr(self.behind, name)


def behind(stream: TextIO) -> TextIO:
    """Return the stream that takes marks such as colours; what is written to it has to be made harmless first."""
    return getattr(stream, "behind", stream)
