"""Write the files beside the golden scenarios anew and say what changed: `python -m tests.golden.rewrite`.

A change here means that the compiler, the draws or the sample path changed; the changelog should say why.
"""

from __future__ import annotations

import json

from tests.golden.golden import SCENARIOS, document, stored


def main() -> None:
    """Rewrite every file whose content is no longer true."""
    for path in SCENARIOS:
        old, new = stored(path), document(path)
        changes = [f"{key} {old.get(key)} -> {value}" for key, value in new.items() if old.get(key) != value]
        if changes:
            path.with_suffix(".json").write_text(json.dumps(new, indent=2) + "\n", encoding="utf-8")
        print(f"{path.stem}: {'; '.join(changes) or 'unchanged'}")


if __name__ == "__main__":
    main()
