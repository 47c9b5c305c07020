"""Certificates, requests, lists and answers: what was changed, is too old or is about somebody else is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from jukinet_sim.crypto.conforming.finding import Finding, refused
from jukinet_sim.crypto.conforming.tampering import changed
from jukinet_sim.crypto.running import registration, revocation
from jukinet_sim.crypto.running.checking import check_chain
from jukinet_sim.crypto.running.hierarchy import Branch
from jukinet_sim.crypto.running.rig import AT, CLIENT, Rig

_FEW = 8
_LATER = dt.timedelta(days=2)


def certificates(rig: Rig) -> Iterator[Finding]:
    """Yield what holds of certificates under a suite."""
    yield refused("chains that were changed are refused", _chains(rig))
    for number, branch in enumerate(rig.hierarchy.branches):
        name = branch.algorithm.name
        yield refused(f"requests that were changed are refused ({name})", _requests(rig, branch, number))
        yield from _lists(rig, branch, number)
        claim = f"answers that do not say good of this certificate now are refused ({name})"
        yield refused(claim, _answers(rig, branch, number))


def _chains(rig: Rig) -> Iterator[Callable[[], object]]:
    chain = rig.client.chain
    check = partial(check_chain, rig.suite.signature, trust=rig.trust, at=AT)
    for at, certificate in enumerate(chain):
        for one in changed(certificate, _FEW):
            yield partial(check, [*chain[:at], one, *chain[at + 1 :]])
    yield partial(check, chain[:-1])
    # A leaf must not vouch for anybody, nor a sub-CA pass for a leaf.
    yield partial(check, [chain[0], chain[0], *chain[2:]])
    yield partial(check, [chain[1], chain[1], *chain[2:]])


def _requests(rig: Rig, branch: Branch, number: int) -> Iterator[Callable[[], object]]:
    request = registration.ask(branch.algorithm, CLIENT, rig.client.privates[number])
    for one in changed(request, _FEW):
        yield partial(registration.grant, branch, one, AT)


def _lists(rig: Rig, branch: Branch, number: int) -> Iterator[Finding]:
    algorithm, public = branch.algorithm, branch.authority.private.public_key()
    own = rig.client.serials[number]
    made = revocation.make_list(algorithm, branch.authority, [own, own + 1], AT)
    found = revocation.read_list(algorithm, public, made, AT)
    right = revocation.is_revoked(found, own) and not revocation.is_revoked(found, own + 2)
    yield Finding(f"a list names whom it revokes and nobody else ({algorithm.name})", right)
    attempts = [partial(revocation.read_list, algorithm, public, one, AT) for one in changed(made, _FEW)]
    attempts.append(partial(revocation.read_list, algorithm, public, made, AT + _LATER))
    attempts.append(partial(revocation.read_list, algorithm, rig.client.privates[number].public_key(), made, AT))
    yield refused(f"lists that were changed, are too old or from somebody else are refused ({algorithm.name})", attempts)


def _answers(rig: Rig, branch: Branch, number: int) -> Iterator[Callable[[], object]]:
    algorithm, authority, own = branch.algorithm, branch.authority, rig.client.serials[number]
    check = partial(revocation.check_answer, algorithm, authority.private.public_key(), authority)
    made = revocation.answer(algorithm, authority, own, AT)
    for one in changed(made, _FEW):
        yield partial(check, one, own, AT)
    yield partial(check, made, own + 1, AT)
    yield partial(check, made, own, AT + _LATER)
    yield partial(check, revocation.answer(algorithm, authority, own, AT, good=False), own, AT)
