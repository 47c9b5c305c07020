"""ASN.1's distinguished encoding (ITU-T X.690): pieces of certificates as bytes, and how long they are before they exist."""

from __future__ import annotations

import datetime as dt

SEQUENCE, SET, OCTETS, BITS, INTEGER, BOOLEAN, OID, ENUMERATED = 0x30, 0x31, 0x04, 0x03, 0x02, 0x01, 0x06, 0x0A
UTC_TIME, GENERALIZED_TIME = 0x17, 0x18
NULL = b"\x05\x00"
TRUE = b"\x01\x01\xff"


def size(content_bytes: int) -> int:
    """Return the length of an element whose content has so many bytes."""
    return 2 + content_bytes + (0 if content_bytes < 128 else (content_bytes.bit_length() + 7) // 8)


def element(tag: int, *contents: bytes) -> bytes:
    """Return an element with these contents, one after the other."""
    content = b"".join(contents)
    length = len(content)
    if length < 128:
        return bytes((tag, length)) + content
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(octets))) + octets + content


def sequence(*contents: bytes) -> bytes:
    """Return a SEQUENCE."""
    return element(SEQUENCE, *contents)


def tagged(number: int, *contents: bytes, constructed: bool = True) -> bytes:
    """Return an element of the context, `[number]`."""
    return element((0xA0 if constructed else 0x80) | number, *contents)


def integer(value: int) -> bytes:
    """Return an INTEGER of at least 0."""
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def bits(content: bytes) -> bytes:
    """Return a BIT STRING of whole bytes."""
    return element(BITS, b"\x00", content)


def oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *rest = map(int, dotted.split("."))
    return element(OID, b"".join(_base_128(arc) for arc in (40 * first + second, *rest)))


def _base_128(arc: int) -> bytes:
    groups = [arc & 0x7F]
    while arc := arc >> 7:
        groups.append(0x80 | arc & 0x7F)
    return bytes(reversed(groups))


def utc_time(when: dt.datetime) -> bytes:
    """Return a UTCTime, which knows the years 1950 to 2049."""
    return element(UTC_TIME, when.astimezone(dt.UTC).strftime("%y%m%d%H%M%SZ").encode())


def generalized_time(when: dt.datetime) -> bytes:
    """Return a GeneralizedTime in whole seconds."""
    return element(GENERALIZED_TIME, when.astimezone(dt.UTC).strftime("%Y%m%d%H%M%SZ").encode())


def inner(encoded: bytes) -> list[bytes]:
    """Return the elements within an element that we made ourselves, each with its tag and length."""
    at, end = _content(encoded, 0)
    found = []
    while at < end:
        _, stop = _content(encoded, at)
        found.append(encoded[at:stop])
        at = stop
    return found


def _content(encoded: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the element at this place begins and ends."""
    first = encoded[at + 1]
    if first < 0x80:
        return at + 2, at + 2 + first
    octets = first & 0x7F
    begin = at + 2 + octets
    return begin, begin + int.from_bytes(encoded[at + 2 : begin], "big")
