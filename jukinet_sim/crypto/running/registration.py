"""A certificate asked for and issued, for one algorithm."""

from __future__ import annotations

import datetime as dt
from typing import Any

from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.library import part
from jukinet_sim.crypto.running import encoding
from jukinet_sim.crypto.running.checking import check_signature, common_name
from jukinet_sim.crypto.running.hierarchy import LEAF_YEARS, SIGNING, YEAR, Branch, full_name, issue
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm
from jukinet_sim.crypto.tally import Tell, silent


def ask(algorithm: SignatureAlgorithm, name: str, private: Any, tell: Tell = silent) -> bytes:
    """Return a request for a certificate, signed with the key that it is about."""
    body = encoding.request_body(full_name(name), encoding.public_key(private.public_key()))
    tell("request.encode", len(body))
    return encoding.signed(body, algorithm, algorithm.sign(private, body, tell))


def load_request(request: bytes, tell: Tell = silent) -> Any:
    """Return the library's view of a request. Raises AuthenticationFailed for what is none."""
    try:
        found = part("x509").load_der_x509_csr(request)
        tell("request.load", len(found.tbs_certrequest_bytes))
    except Exception:  # the library has many words for what is no request
        raise AuthenticationFailed("a request cannot be read") from None
    return found


def grant(branch: Branch, request: bytes, at: dt.datetime, tell: Tell = silent) -> bytes:
    """Return the certificate for a request whose signature shows that whoever asks has the key. Raises AuthenticationFailed."""
    found = load_request(request, tell)
    public = branch.algorithm.load(found, tell)
    check_signature(request, found.signature, found.tbs_certrequest_bytes, branch.algorithm, public, tell)
    valid = at, at + LEAF_YEARS * YEAR
    return issue(branch.algorithm, branch.authority, common_name(found.subject), public, SIGNING, valid, tell)[0]
