"""Plans against what was really called and sent."""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.crypto.conforming.finding import Finding
from jukinet_sim.crypto.exchanges import ACTS, Batch, Certificate, Exchange, Message, Session
from jukinet_sim.crypto.running.rig import Rig
from jukinet_sim.crypto.steps import Step
from jukinet_sim.crypto.tally import Tally

EXCHANGES: tuple[Exchange, ...] = (
    Session(),
    Session(resumed=True),
    Message(2048),
    Message(0),
    Message(65_536),
    Message(512, signed=False),
    Batch(5, 1000, "record"),
    Batch(70, 1000, "file"),
    Batch(0, 1000, "file"),
    *(Certificate(act, revoked=20, lookups=3) for act in ACTS),
    Certificate("crl", revoked=0),
)


def as_planned(rig: Rig) -> Iterator[Finding]:
    """Yield, for each exchange, whether `steps` is what was called and `wire` holds what was sent."""
    for exchange in EXCHANGES:
        tally = Tally()
        try:
            sent = rig.carry_out(exchange, tally.on)
        except Exception as error:  # an exchange that fails is a finding about the suite
            yield Finding(f"steps of {exchange}", False, type(error).__name__)
            continue
        differences = _differences(rig.suite.steps(exchange), tally.steps())
        yield Finding(f"steps of {exchange}", not differences, "; ".join(differences))
        flights = rig.suite.wire(exchange)
        fits = len(flights) == len(sent) and all(
            flight.least_bytes <= size <= flight.most_bytes for flight, size in zip(flights, sent, strict=True)
        )
        bounds = [(flight.least_bytes, flight.most_bytes) for flight in flights]
        yield Finding(f"wire of {exchange}", fits, "" if fits else f"sent {list(sent)}, planned {bounds}")


def _differences(planned: tuple[Step, ...], called: tuple[Step, ...]) -> list[str]:
    """Return in words what is planned and called another number of times."""
    first, second = ({(step.operation, step.size, step.side): step.count for step in steps} for steps in (planned, called))
    return [
        f"{key[2]}: {key[0]} on {key[1]} bytes: planned {first.get(key, 0)}, called {second.get(key, 0)}"
        for key in sorted(first | second)
        if first.get(key) != second.get(key)
    ]
