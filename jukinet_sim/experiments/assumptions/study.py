"""A finished run to what our assumptions do to its headlines: points of the core, each run once, and a file beside the run.

Sample 0 is the scenario with its own values. All share every random number (replication 0), so that they differ by their
assumptions alone. Samples that are finished are used and kept, whatever stops the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import asdict, replace
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.experiments.assumptions.draws import Draws, draw
from jukinet_sim.experiments.assumptions.headlines import Headline, headlines
from jukinet_sim.experiments.assumptions.outcome import outcome
from jukinet_sim.experiments.assumptions.parameters import parameters
from jukinet_sim.experiments.assumptions.thin import thinned
from jukinet_sim.experiments.bench import Bench, Brought
from jukinet_sim.experiments.drafts import Draft, Refused
from jukinet_sim.experiments.executors.choose import make_executor
from jukinet_sim.experiments.interrupts import Interrupted, Interrupts
from jukinet_sim.experiments.points import NewWatcher, Nobody, Point
from jukinet_sim.experiments.runs import StoredRun
from jukinet_sim.experiments.stored import ASSUMPTIONS
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.results.damage import reading
from jukinet_sim.results.files import read_json, write_json
from jukinet_sim.results.lock import FolderLock
from jukinet_sim.results.store import LOCK
from jukinet_sim.scenario.load import lay
from jukinet_sim.scenario.loaded import Loaded

SCHEMA = 2


def check_assumed(loaded: Loaded) -> int:
    """Return how many figures there are to vary. Raises UsageError where there is none."""
    found = len(parameters(loaded.scenario))
    if not found:
        what = f"{loaded.scenario.scenario} has no assumed figure with a range, and no derived one"
        raise UsageError(f"--assumptions: {what}; write one as {{value: 20 ms, assumed: reason, range: [10 ms, 50 ms]}}")
    return found


def check_options(loaded: Loaded, samples: int | None, every: int | None) -> None:
    """Refuse what cannot be sampled, before anything runs. Raises UsageError."""
    if samples is None and every is not None:
        raise UsageError("--every is about the samples of --assumptions; add --assumptions 40, or leave it out")
    if every is not None and loaded.scenario.juki_net is None:
        raise UsageError("--every thins out municipalities, and a generic network has none; leave it out")
    if samples is not None:
        if isinstance(samples, bool) or not isinstance(samples, int) or samples < 2:
            raise UsageError(f"--assumptions: {samples!r} is no number of samples; write 2 or more, 40 are usual")
        check_assumed(loaded)


def study(
    loaded: Loaded,
    stored: StoredRun,
    *,
    samples: int,
    every: int | None,
    jobs: int = 1,
    on: str | None = None,
    fresh: bool = False,
    watch: NewWatcher = Nobody,
) -> StoredRun:
    """Return a finished run with `assumptions` in its document; interrupted, with what the finished samples say.

    Its samples are kept beside it as other points are, and found again. Raises UsageError, and StoreError where the run
    folder is in use.
    """
    document = stored.document
    if document is None:
        raise TypeError("a run without a document has no headlines")
    thin, chosen = thinned(loaded, every, stored.network)
    # The warm-up that the run settled is that of all samples, which keep no rows.
    thin = lay(thin, [f"run.warm_up={document['warm_up_s']!r} s", "run.records=none"])
    drawn = draw(thin, samples)
    looked_at = headlines(thin.scenario, document)
    described = _described(thin, drawn, looked_at, document["hash"], chosen, loaded)
    file, interrupted = stored.folder / ASSUMPTIONS, 0
    kept = None if fresh else read_json(file)
    with reading(file):
        known = _is_whole(kept, described)
    if known:
        watch("run", samples + 1, samples + 1).close()
    else:
        taken, interrupted = _taken(thin, drawn, looked_at, stored, jobs, on, fresh=fresh, watch=watch)
        kept = {**described, "taken": taken}
        _write(kept, stored)
    with reading(file) if known else nullcontext():
        said = outcome(document, kept or {})
    return replace(stored, document={**document, "assumptions": said}, interrupted=interrupted)


def _described(
    thin: Loaded, drawn: Draws, looked_at: tuple[Headline, ...], run_hash: str, every: int | None, loaded: Loaded
) -> dict[str, Any]:
    """Return everything that decides what the samples are."""
    net = loaded.scenario.juki_net
    own = None if net is None else DOMAIN.every(net)
    values = {
        parameter.name: [parameter.at(share) for share in drawn.shares[:, column].tolist()]
        for column, parameter in enumerate(parameters(thin.scenario))
    }
    return {
        "schema": SCHEMA,
        "hash": run_hash,
        "samples": len(drawn.shares),
        "every": every,
        "scaled": every != own,
        "headlines": [{**asdict(headline), "keys": list(headline.keys)} for headline in looked_at],
        "parameters": values,
    }


def _is_whole(kept: Any, described: Mapping[str, Any]) -> bool:
    """Tell whether a file holds every sample of exactly what is described."""
    if not isinstance(kept, dict) or {key: kept.get(key) for key in described} != dict(described):
        return False
    return len(kept["taken"]) == described["samples"] + 1


def _write(ledger: Mapping[str, Any], stored: StoredRun) -> None:
    """Keep what was taken beside the run. Raises StoreError where its folder is in use."""
    lock = FolderLock(stored.folder / LOCK)
    try:
        write_json(stored.folder / ASSUMPTIONS, ledger)
    finally:
        lock.release()


def _taken(
    thin: Loaded, drawn: Draws, looked_at: tuple[Headline, ...], stored: StoredRun, jobs: int, on: str | None, *,
    fresh: bool, watch: NewWatcher,
) -> tuple[list[dict[str, Any]], int]:  # fmt: skip
    """Return the samples that are finished, and the signal that stopped the others, 0 for none."""
    drafts = [Draft(thin), *(Draft(thin, drawn.settings(number)) for number in range(len(drawn.shares)))]
    made: list[Point | Refused] = []
    out, interrupted = stored.folder.parent.parent, 0
    with Interrupts() as interrupts, make_executor(jobs, on, interrupts.check) as executor:
        bench = Bench(executor, interrupts, out, jobs, fresh, watch)
        try:
            made = bench.points(drafts)
            # On an unscaled network sample 0 may be the run itself, which is new already where it is to be.
            bench.forget([one for one in made[:1] if isinstance(one, Point) and one.hash.startswith(stored.folder.name)])
            bench.bring([(point, 1) for point in made if isinstance(point, Point)])
        except Interrupted as signal:
            interrupted = signal.number
            interrupts.heed()
        brought = iter(bench.there([point for point in made if isinstance(point, Point)]))
    found = [_sample(number, one if isinstance(one, Refused) else next(brought), looked_at) for number, one in enumerate(made)]
    return [one for one in found if one is not None], interrupted


def _sample(number: int, one: Brought | Refused, looked_at: tuple[Headline, ...]) -> dict[str, Any] | None:
    """Return the value of each headline in a sample, or why there is none; None for a sample that was not reached."""
    why = one.why if isinstance(one, Refused) else one.trouble
    if why is not None:
        return {"number": number, "values": [], "trouble": why}
    if isinstance(one, Refused) or not one.rows:
        return None
    values = one.rows[0].values
    return {"number": number, "values": [headline.of(values) for headline in looked_at], "trouble": None}
