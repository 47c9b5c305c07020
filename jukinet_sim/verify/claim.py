"""One thing that must hold, what was found about it, and whether it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Claim:
    """A claim of one `kind` about a `family` at a `point`; `subject` is the figure or thing that was looked at.

    `details` holds the numbers behind the verdict, `retested` says that the first seed failed and the other one decided.
    """

    kind: str
    family: str
    point: str
    subject: str
    holds: bool
    engine: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    retested: bool = False

    @property
    def name(self) -> str:
        """What a message calls the claim."""
        words = [self.kind, self.family, self.point, self.subject, self.engine or ""]
        return ", ".join(word for word in words if word)

    def as_json(self) -> dict[str, Any]:
        """Return plain data: the words of the claim, its verdict and its numbers."""
        words = {"kind": self.kind, "family": self.family, "point": self.point, "subject": self.subject}
        verdict = {"verdict": "holds" if self.holds else "fails", "retested": self.retested}
        return {**words, "engine": self.engine, **verdict, **self.details}
