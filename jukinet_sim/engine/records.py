"""Flat records as ordered lists of fields, from which the offsets follow: two fields cannot share a word.

Offsets are plain integers by the time numba sees them, so compiled code reads them as constants.
"""

from __future__ import annotations


class Record:
    """Deals out the fields of one record in the order in which they are asked for.

    A word has 8 bytes, a half word 4; offsets of words count words, offsets of half words count half words.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.fields: list[tuple[int, int]] = []
        """Beginning and length of each field, in half words."""
        self.words: int | None = None
        """The length of the record, once it is closed."""

    def word(self, count: int = 1) -> int:
        """Give the offset, in words, of the next word or of so many of them in a row."""
        return self._next(2 * count, 2) // 2

    def sum(self) -> int:
        """Give the offset, in words, of a compensated sum: a float and, in the word behind it, its compensation."""
        return self.word(2)

    def half(self, count: int = 1) -> int:
        """Give the offset, in half words, of the next half word or of so many of them in a row."""
        return self._next(count, 1)

    def part(self, record: Record) -> int:
        """Give the offset, in words, of a record within this one."""
        assert record.words is not None, f"the {record.name} record has no length yet"
        return self.word(record.words)

    def close(self, words: int) -> int:
        """Give the length of the record in words, the last of which may be spare. Raises ValueError where it is too small."""
        needed = -(-self._end // 2)
        if needed > words:
            raise ValueError(f"the {self.name} record has {words} words and needs {needed}")
        self.words = words
        return words

    @property
    def _end(self) -> int:
        """Where the fields so far end, in half words."""
        return sum(self.fields[-1]) if self.fields else 0

    def _next(self, halves: int, aligned_to: int) -> int:
        if self.words is not None:
            raise ValueError(f"the {self.name} record is closed")
        at = -(-self._end // aligned_to) * aligned_to
        self.fields.append((at, halves))
        return at
