"""Messages and files: all lengths arrive, and nothing that was changed, repeated, left out or sent by somebody else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from jukinet_sim.crypto.conforming.finding import Finding, done, refused
from jukinet_sim.crypto.conforming.tampering import changed
from jukinet_sim.crypto.entropy import fresh
from jukinet_sim.crypto.exchanges import Batch, Message
from jukinet_sim.crypto.running import messages
from jukinet_sim.crypto.running.rig import Rig, nobody

LENGTHS = (0, 1, 7, 8, 15, 16, 17, 255, 256, 2048, 4096, 65_535, 65_536)


def records(rig: Rig) -> Iterator[Finding]:
    """Yield what holds of records under a suite."""
    yield done(
        f"messages of {LENGTHS[0]} to {LENGTHS[-1]:,} bytes arrive, signed and unsigned",
        (
            partial(rig.carry_out, Message(length, signed=signed), nobody, fresh)
            for length in LENGTHS
            for signed in (True, False)
        ),
    )
    yield done(
        "files of no, one and several chunks arrive",
        (partial(rig.carry_out, Batch(count, 1024, "file"), nobody, fresh) for count in (0, 1, 64, 65, 130)),
    )
    for signed in (True, False):
        yield _tampered(rig, signed=signed)
    yield _out_of_order(rig)
    yield _by_others(rig)
    yield _truncated(rig)


def _tampered(rig: Rig, *, signed: bool) -> Finding:
    sealed = _write(rig, fresh(100), signed=signed)
    attempts = [partial(_read, rig, one, signed=signed) for one in changed(sealed)]
    finding = refused(f"{'signed' if signed else 'unsigned'} messages that were changed are refused", attempts)
    if finding.holds:
        # A refused record must not cost those that follow.
        return done(finding.claim, [partial(_read, rig, sealed, signed=signed)])
    return finding


def _out_of_order(rig: Rig) -> Finding:
    first, second, third = (_write(rig, fresh(50)) for _ in range(3))
    early = refused("", [partial(_read, rig, second), partial(_read, rig, third)])
    _read(rig, first)
    again = refused("", [partial(_read, rig, first)])
    _read(rig, second)
    _read(rig, third)
    return Finding("records that are repeated, left out or moved are refused", early.holds and again.holds)


def _by_others(rig: Rig) -> Finding:
    """Claim that neither another's signature nor another session's keys pass."""
    stranger = tuple(part.generate() for part in rig.suite.signature.parts)
    other = rig.open(nobody)
    forged = messages.write(rig.suite.signature, stranger, rig.ends[0], fresh(64))
    attempts = [partial(_read, rig, forged)]
    finding = refused("messages signed or sealed by others are refused", attempts)
    # The record itself was right and has been taken: the ends are still in step.
    foreign = messages.write(rig.suite.signature, rig.client.privates, other.client, fresh(64))
    both = refused(finding.claim, [partial(_read, rig, foreign)])
    return finding if not finding.holds else both


def _truncated(rig: Rig) -> Finding:
    opened = [rig.open(nobody) for _ in range(2)]
    attempts = []
    for session, keep in zip(opened, (slice(0, -1), slice(1, None)), strict=True):
        pieces = [*messages.write_file(rig.suite.signature, rig.client.privates, session.client, fresh(150_000))]
        attempts.append(partial(messages.read_file, rig.suite.signature, session.server, pieces[keep]))
    return refused("files without their beginning or their end are refused", attempts)


def _write(rig: Rig, message: bytes, *, signed: bool = True) -> bytes:
    return messages.write(rig.suite.signature, rig.client.privates, rig.ends[0], message, signed=signed)


def _read(rig: Rig, sealed: bytes, *, signed: bool = True) -> bytes:
    return messages.read(rig.suite.signature, rig.ends[1], sealed, signed=signed)
