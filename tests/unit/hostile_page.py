"""The page of a run in which every text that people write means harm, and every name that a stored result may hold."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from exported_run import HOSTILE

from jukinet_sim import run
from jukinet_sim.report.kept_run import read_kept_run
from jukinet_sim.report.page.run_page import run_page
from jukinet_sim.report.page.write import rendered

ROOT = Path(__file__).resolve().parents[2]
WRITABLE = [text for text in HOSTILE if text.isprintable()]
"""Those that a scenario may hold: one with control characters is refused, so that these come in only by a folder that lies."""


def _scenario(folder: Path) -> Path:
    """A scenario of a dozen towns whose title, description, units and reasons mean harm."""
    text = (ROOT / "scenarios" / "tiny.yaml").read_text(encoding="utf-8")
    (folder / "fy2012.yaml").write_text((ROOT / "scenarios" / "fy2012.yaml").read_text(encoding="utf-8"))
    (folder / "tiny-municipalities.csv").write_text((ROOT / "scenarios" / "tiny-municipalities.csv").read_text())
    text = text.replace("title: Twelve example towns for one day", f"title: {json.dumps(HOSTILE[0])}")
    text = re.sub(r"description: .*", lambda _: f"description: {json.dumps(' '.join(WRITABLE))}", text)
    text = text.replace('"chosen small enough for a second"', json.dumps(HOSTILE[1] + HOSTILE[2]))
    text += f"\nmeasures:\n  odd: {{unit: {json.dumps(HOSTILE[0])}, sum: [{{flow: card-issue, metric: completed}}]}}\n"
    (folder / "tiny.yaml").write_text(text, encoding="utf-8")
    return folder / "tiny.yaml"


def hostile_page(folder: Path) -> str:
    """Run such a scenario; its title, places and service levels mean harm once more in what is stored."""
    answer = run(str(_scenario(folder)), out=folder / "runs", replications=2, jobs=1, engine="fast")
    assert answer.folder is not None
    kept = read_kept_run(answer.folder)
    document: Any = copy.deepcopy(kept.document)
    for part in (*document["stations"].values(), *document["pools"].values()):
        for number, place in enumerate(part.get("places", ())):
            place["name"] = HOSTILE[number % len(HOSTILE)]
    document["title"] = " ".join(HOSTILE)
    document["slo"][0]["at"] = {"from": HOSTILE[6], "from_s": 0.0, "place": HOSTILE[3], "per_replication": []}
    return rendered(run_page(replace(kept, document=document)), "en")
