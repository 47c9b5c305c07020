"""`crypto compare`: a scenario under several cipher suites with the same random numbers, and what each suite is.

The comparison is that of `compare`, each suite a variant of the scenario; nothing else is compared or run here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from jukinet_sim.base.errors import UsageError
from jukinet_sim.crypto.exchanges import Message, Session
from jukinet_sim.crypto.policies import authorities, status
from jukinet_sim.crypto.suite import Suite
from jukinet_sim.crypto.suites import suite
from jukinet_sim.experiments.bench import Bench
from jukinet_sim.experiments.experiment import Request, Sources
from jukinet_sim.experiments.question import Load, Question
from jukinet_sim.experiments.verbs import compare
from jukinet_sim.juki_net.domain import DOMAIN
from jukinet_sim.scenario.compile import compile_network
from jukinet_sim.scenario.loaded import Loaded

VERB = "crypto-compare"
KEY = "juki_net.crypto.suite"
MESSAGE_BYTES = 2048
"""The message by which suites are described."""


def ask(
    name: str,
    load: Load,
    *,
    suites: Sequence[str] | str,
    metrics: Sequence[str] = (),
    precision: str | None = None,
) -> Question:
    """Return the question how a scenario fares under suites, by name or alias, each held against the first.

    Without `metrics` it is about latencies of the largest flows and the busiest hour of every tier, its line and its security
    modules. Raises UsageError and ScenarioError.
    """
    if isinstance(suites, str):
        suites = [one.strip() for one in suites.split(",") if one.strip()]
    wrong = [one for one in suites if not isinstance(one, str)]
    if wrong:
        raise UsageError(f"suites: {wrong[0]!r} is no name of a suite; write today, target or another that crypto list shows")
    found = [suite(one) for one in suites]
    if len(found) < 2 or len({one.name for one in found}) < len(found):
        raise UsageError("suites: two different ones at least are compared; write today,target or more of them")
    first, *others = (f"{KEY}={one.name}" for one in found)
    if load(name, ()).scenario.juki_net is None:
        raise UsageError(f"{name} has no juki_net, whose messages a suite secures; take a scenario that has one")

    def under_first(called: str, more: Sequence[str]) -> Loaded:
        return load(called, [first, *more])

    for other in others:
        # What a suite lacks is said here, of the file and the setting that people wrote.
        compile_network(load(name, [other]))
    asked = metrics or DOMAIN.suite_outputs(compile_network(under_first(name, ())))
    made = compare.ask([name], under_first, variants=[[other] for other in others], metrics=asked, precision=precision)
    options = {**made.request.options, "suites": [one.name for one in found]}
    return Question(Request(VERB, options), made.scenarios, made.names)


def carry_out(request: Request, sources: Sources, bench: Bench) -> dict[str, Any]:
    """Compare the scenario under each suite, and say what the suites are."""
    names = request.options["suites"]
    found = compare.carry_out(request, sources, bench)
    period = sources.load(0).scenario.run.period
    date = None if period is None else period.first_day
    return {**found, "scenarios": list(names), "suites": list(names), "about": [about(suite(name), date) for name in names]}


def about(one: Suite, date: dt.date | None) -> Mapping[str, Any]:
    """Return what a suite is: its strength, what it adds to a message, what a session sends."""
    message = [flight.most_bytes for flight in one.wire(Message(MESSAGE_BYTES))]
    session = [flight.most_bytes for flight in one.wire(Session())]
    return {
        "name": one.name,
        "aliases": list(one.aliases),
        "title": one.title,
        "classical_bits": one.classical_bits,
        "post_quantum": one.post_quantum,
        "message_bytes_added": sum(message) - MESSAGE_BYTES,
        "session_bytes": sum(session),
        "policy": None if date is None else [_judged(one, date, authority) for authority in authorities()],
    }


def _judged(one: Suite, date: dt.date, authority: str) -> dict[str, str]:
    """Return what an authority says of a suite on a day."""
    verdict = status(one, date, authority)
    return {"authority": authority, "date": date.isoformat(), "generate": verdict.generates, "verify": verdict.verifies}
