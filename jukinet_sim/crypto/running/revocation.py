"""Whether certificates are revoked: lists, read once into a set, and answers about single ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.library import part
from jukinet_sim.crypto.plans.profile import SERIAL_BYTES
from jukinet_sim.crypto.running import encoding
from jukinet_sim.crypto.running.checking import check_signature
from jukinet_sim.crypto.running.encoding import Issuer
from jukinet_sim.crypto.signatures.base import SignatureAlgorithm
from jukinet_sim.crypto.tally import Tell, silent

VALID_FOR = dt.timedelta(days=1)


def make_list(
    algorithm: SignatureAlgorithm, issuer: Issuer, revoked: Iterable[int], at: dt.datetime, tell: Tell = silent
) -> bytes:
    """Return a list of revoked serial numbers, valid for a day."""
    body = encoding.revocation_body(algorithm, issuer, revoked, at, at + VALID_FOR)
    tell("crl.encode", len(body))
    return encoding.signed(body, algorithm, algorithm.sign(issuer.private, body, tell))


def load_list(encoded: bytes, at: dt.datetime, tell: Tell = silent) -> Any:
    """Return the library's view of a list that is valid at this time. Raises AuthenticationFailed."""
    try:
        found = part("x509").load_der_x509_crl(encoded)
        tell("crl.load", len(found.tbs_certlist_bytes))
        fine = found.last_update_utc <= at <= found.next_update_utc
    except Exception:  # the library has many words for what is no list
        fine = False
    if not fine:
        raise AuthenticationFailed("a revocation list is not valid at this time")
    return found


def serials_of(found: Any, tell: Tell = silent) -> frozenset[int]:
    """Return the serial numbers of a list as a set: the library looks through all of a list at each question."""
    serials = frozenset(entry.serial_number for entry in found)
    tell("crl.index", SERIAL_BYTES * len(serials))
    return serials


def read_list(
    algorithm: SignatureAlgorithm, public: Any, encoded: bytes, at: dt.datetime, tell: Tell = silent
) -> frozenset[int]:
    """Return the serial numbers on a list that its issuer signed. Raises AuthenticationFailed."""
    found = load_list(encoded, at, tell)
    check_signature(encoded, found.signature, found.tbs_certlist_bytes, algorithm, public, tell)
    return serials_of(found, tell)


def is_revoked(serials: frozenset[int], number: int, tell: Tell = silent) -> bool:
    """Tell whether a serial number is among the revoked."""
    tell("crl.find", SERIAL_BYTES)
    return number in serials


def ask(issuer: Issuer, number: int, tell: Tell = silent) -> bytes:
    """Return a question about one certificate."""
    asked = encoding.question(issuer, number)
    tell("ocsp.ask", len(asked))
    return asked


def read_question(asked: bytes, tell: Tell = silent) -> int:
    """Return the serial number that is asked about. Raises AuthenticationFailed for what is no question."""
    tell("ocsp.read", len(asked))
    try:
        return int(part("x509.ocsp").load_der_ocsp_request(asked).serial_number)
    except Exception:  # the library has many words for what is no question
        raise AuthenticationFailed("a question cannot be read") from None


def answer(
    algorithm: SignatureAlgorithm, issuer: Issuer, number: int, at: dt.datetime, *, good: bool = True, tell: Tell = silent
) -> bytes:
    """Return the answer about one certificate, valid for a day."""
    body = encoding.answer_body(issuer, number, good=good, since=at, until=at + VALID_FOR)
    tell("ocsp.answer", len(body))
    return encoding.answered(body, algorithm, algorithm.sign(issuer.private, body, tell))


def load_answer(answered: bytes, issuer: Issuer, number: int, at: dt.datetime, tell: Tell = silent) -> Any:
    """Return the library's view of an answer that says "good" of this certificate at this time. Raises AuthenticationFailed."""
    try:
        found = part("x509.ocsp").load_der_ocsp_response(answered)
        tell("ocsp.check", len(found.tbs_response_bytes))
        fine = (
            found.certificate_status.name == "GOOD"
            and found.serial_number == number
            and found.issuer_key_hash == issuer.key_hash
            and found.this_update_utc <= at <= found.next_update_utc
        )
    except Exception:  # the library has many words for what is no answer
        fine = False
    if not fine:
        raise AuthenticationFailed("a certificate is not known to be good")
    return found


def check_answer(
    algorithm: SignatureAlgorithm, public: Any, issuer: Issuer, answered: bytes, number: int, at: dt.datetime,
    tell: Tell = silent,
) -> None:  # fmt: skip
    """Check that the issuer itself says "good" of a certificate at this time. Raises AuthenticationFailed."""
    found = load_answer(answered, issuer, number, at, tell)
    check_signature(answered, found.signature, found.tbs_response_bytes, algorithm, public, tell, encoding.answered)
