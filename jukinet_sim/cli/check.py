"""`check`: simulated against every reported figure, what is on record of an incident, and theory where there is one."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from jukinet_sim.cli import options as O
from jukinet_sim.cli.boundary import CHECK_FAILED, OK, say, worst

if TYPE_CHECKING:
    from jukinet_sim.experiments.theory_check import TheoryRow
    from jukinet_sim.juki_net.domain import ReportedCheck
    from jukinet_sim.network.model import Network


def check(
    file: O.File,
    sets: O.Sets = None,
    override: O.Overrides = None,
    seed: O.Seed = None,
    replications: O.Replications = None,
    engine: O.Engine = None,
    jobs: O.Jobs = None,
    out: O.Out = None,
    as_json: O.Json = False,
    quiet: O.Quiet = False,
    fresh: O.Fresh = False,
    lang: O.Lang = O.Language.en,
) -> int:
    """Hold a scenario's results against the reported figures, its own record and closed-form theory."""
    from jukinet_sim.cli.output import call_it, how_it_ended
    from jukinet_sim.cli.run import run_and_keep, warn
    from jukinet_sim.experiments.theory_check import LEAST_REPLICATIONS, validated
    from jukinet_sim.report.check_table import check_document, check_tables
    from jukinet_sim.report.terminal import show
    from jukinet_sim.report.translated import translated
    from jukinet_sim.scenario.compile import check_reported, compile_network

    loaded = O.load_scenario(file, override, sets, seed=seed, replications=replications, engine=engine)
    warn(loaded)
    network = compile_network(loaded)
    stored = run_and_keep(loaded, network, jobs=jobs, out=out, fresh=fresh, quiet=quiet)
    network = stored.network
    code = how_it_ended(stored)
    if stored.document is None:
        say(f"error: no replication was finished{f': {stored.limit}' if stored.limit else ''}")
        return code
    reported, theory = check_reported(loaded, network, stored.document), validated(network, stored.document)
    if as_json:
        print(json.dumps(check_document(stored.document, reported, theory), allow_nan=False))
    else:
        tables = check_tables(reported, theory, lang, judged_from=LEAST_REPLICATIONS, document=stored.document)
        show(translated(tables, lang), sys.stdout)
    if stored.limit:
        say(f"limit: {stored.limit}")
    code = worst(code, _judge(reported, theory, network, stored.document.get("record", ())))
    if code == OK and not quiet:
        on_record = any(row["verdict"] == "held" for row in stored.document.get("record", ()))
        judged = on_record or reported.volumes or any(not row.prediction.approximate for row in theory)
        verdict = "everything held" if judged else "there was nothing exact to hold it against"
        say(f"{verdict}; next: jukinet show {call_it(stored.folder)} --all")
    return code


def _judge(
    reported: ReportedCheck, theory: Sequence[TheoryRow], network: Network, record: Sequence[Mapping[str, Any]]
) -> int:
    """Say what did not hold, and return the exit code."""
    code = OK
    for row in reported.figures:
        if row.failed:
            say(f"{row.key}: {row.difference:+,} against what was put in")
    if not reported.held:
        say(_why_records_differ(drains=network.drain, warm_up_s=network.warm_up_s))
        code = CHECK_FAILED
    for entry in record:
        if entry["verdict"] == "missed":
            inside = f"{entry['inside']} of {entry['replications']} bands reach what is on record"
            say(f"{entry['name']}: {inside}, {entry['needed']} have to")
            code = CHECK_FAILED
    if any(row.missed for row in theory):
        hint = "; theory holds after a warm-up, set run.warm_up" if not network.warm_up_s else ""
        say(f"a prediction lies further away than chance explains{hint}")
        code = CHECK_FAILED
    return code


def _why_records_differ(*, drains: bool, warm_up_s: float) -> str:
    """Say what to look at where volumes do not come out as they went in."""
    if warm_up_s:
        return "volumes differ: those of the warm-up are not counted; set run.warm_up=0 s"
    if not drains:
        return "volumes differ: jobs may still be under way at the horizon; set run.drain=true"
    return "volumes differ although the run went on until nobody was left inside"
