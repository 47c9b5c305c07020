"""The seconds that one operation takes, as a law: constant, growing with the bytes, or starting anew at random."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Provenance = Literal["measured", "derived", "published"]
PROVENANCES: tuple[Provenance, ...] = ("measured", "derived", "published")


@dataclass(frozen=True, slots=True)
class Cost:
    """base_s + per_byte_s * n + geometric_s * (K - 1) seconds for n bytes; K is geometric on 1, 2, ... with that mean.

    K counts how often a signature that rejects its own tries starts anew (ML-DSA, FIPS 204). `binding_s` is what the call from
    Python adds on the machine that was measured; a server in another language does not pay it.
    """

    base_s: float
    per_byte_s: float = 0.0
    geometric_s: float = 0.0
    geometric_mean: float = 1.0
    binding_s: float = 0.0
    provenance: Provenance = "measured"
    source: str = ""

    def mean_s(self, size: int = 0, *, binding: bool = False) -> float:
        """Return the mean seconds for so many bytes, with the binding's share on request."""
        tries = self.geometric_s * (self.geometric_mean - 1.0)
        return self.base_s + self.per_byte_s * size + tries + (self.binding_s if binding else 0.0)

    def variance_s2(self) -> float:
        """Return the variance in square seconds: that of a geometric number of tries, m * (m - 1), times the square of one."""
        return self.geometric_s**2 * self.geometric_mean * (self.geometric_mean - 1.0)

    def scaled(self, factor: float) -> Cost:
        """Return the cost on a machine on which everything takes so many times as long."""
        return Cost(
            self.base_s * factor, self.per_byte_s * factor, self.geometric_s * factor, self.geometric_mean,
            self.binding_s * factor, self.provenance, self.source,
        )  # fmt: skip
