"""What the page says."""

from __future__ import annotations

from collections.abc import Mapping

PAGE: Mapping[str, tuple[str, str]] = {}
