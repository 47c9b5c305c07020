"""Write the files beside the golden scenarios anew and say what changed: `python -m tests.golden.rewrite`.

A change here means that the compiler, the draws or the sample path changed; the changelog should say why.
"""

from __future__ import annotations

import difflib
from typing import Any

from tests.golden.golden import SCENARIOS, document, stored
from tests.golden.readable import written


def main() -> None:
    """Rewrite every file whose content is no longer true."""
    for path in SCENARIOS:
        old, new = stored(path), document(path)
        changes = [line for key, value in new.items() if old.get(key) != value for line in _told(key, old.get(key), value)]
        if changes:
            path.with_suffix(".json").write_text(written(new) + "\n", encoding="utf-8")
        print("\n  ".join([f"{path.stem}: {'changed' if changes else 'unchanged'}", *changes]))


def _told(key: str, old: Any, new: Any) -> list[str]:
    """Say how a part of a file changed, the network line by line."""
    if key != "network":
        return [f"{key} {old} -> {new}"]
    before, after = ([] if part is None else written(part).splitlines() for part in (old, new))
    return [line for line in difflib.unified_diff(before, after, lineterm="", n=1) if line[:3] not in ("---", "+++")]


if __name__ == "__main__":
    main()
