"""Bytes on their way, changed as somebody in between could change them."""

from __future__ import annotations

from collections.abc import Iterator

_PLACES = 12


def changed(sent: bytes, places: int = _PLACES) -> Iterator[bytes]:
    """Yield what was sent with one bit turned, at places from the first byte to the last; shortened; lengthened; nothing."""
    last = len(sent) - 1
    for at in sorted({round(place * last / (places - 1)) for place in range(places)}):
        turned = bytearray(sent)
        turned[at] ^= 1 << at % 8
        yield bytes(turned)
    yield sent[:-1]
    yield sent + b"\x00"
    yield b""
