"""Certificates, requests, lists and answers: the library, which did not make them, finds them right and as long as planned."""

from __future__ import annotations

import datetime as dt
import warnings

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509 import ocsp
from hypothesis import given
from hypothesis import strategies as st

from jukinet_sim.crypto import der
from jukinet_sim.crypto.failures import AuthenticationFailed
from jukinet_sim.crypto.plans import profile
from jukinet_sim.crypto.running import registration, revocation
from jukinet_sim.crypto.running.checking import check_chain
from jukinet_sim.crypto.running.rig import AT, KeyRing, Rig
from jukinet_sim.crypto.suites import suite, suites


@pytest.mark.parametrize("name", [one.name for one in suites()])
def test_library_finds_them_right(name: str, ring: KeyRing) -> None:
    """The library's own check of a chain, request, list and answer passes; bodies are exactly as long as planned."""
    rig = Rig(suite(name), ring)
    for number, branch in enumerate(rig.hierarchy.branches):
        algorithm = branch.algorithm
        leaf, authority = (x509.load_der_x509_certificate(one) for one in rig.client.chain[2 * number : 2 * number + 2])
        if name != "rsa1024-sha1-3tdea":  # the library verifies no certificate with SHA-1
            leaf.verify_directly_issued_by(authority)
        assert len(leaf.tbs_certificate_bytes) == profile.certificate(algorithm, "leaf").body_bytes
        assert len(authority.tbs_certificate_bytes) == profile.certificate(algorithm, "authority").body_bytes
        request = x509.load_der_x509_csr(registration.ask(algorithm, "somebody", rig.client.privates[number]))
        assert name == "rsa1024-sha1-3tdea" or request.is_signature_valid
        assert len(request.tbs_certrequest_bytes) == profile.request(algorithm).body_bytes
        made = revocation.make_list(algorithm, branch.authority, [5 << 120, 6 << 120], AT)
        found = x509.load_der_x509_crl(made)
        assert name == "rsa1024-sha1-3tdea" or found.is_signature_valid(branch.public)  # type: ignore[arg-type]
        assert [entry.serial_number for entry in found] == [5 << 120, 6 << 120]
        answer = ocsp.load_der_ocsp_response(revocation.answer(algorithm, branch.authority, rig.client.serials[number], AT))
        assert answer.certificate_status is ocsp.OCSPCertStatus.GOOD
        assert len(answer.tbs_response_bytes) == profile.answer(algorithm).body_bytes


def test_questions_are_the_librarys(elliptic: Rig) -> None:
    """A question about a certificate is byte for byte the one that the library asks."""
    [branch] = elliptic.hierarchy.branches
    leaf, authority = (x509.load_der_x509_certificate(one) for one in elliptic.client.chain)
    theirs = ocsp.OCSPRequestBuilder().add_certificate(leaf, authority, hashes.SHA256()).build()
    from cryptography.hazmat.primitives.serialization import Encoding

    assert revocation.ask(branch.authority, elliptic.client.serials[0]) == theirs.public_bytes(Encoding.DER)


def test_sha1_certificates(today: Rig) -> None:
    """The certificates of 2012 say SHA-1 with RSA, load, and hold when checked by hand."""
    for encoded in today.client.chain:
        certificate = x509.load_der_x509_certificate(encoded)
        assert certificate.signature_algorithm_oid == x509.SignatureAlgorithmOID.RSA_WITH_SHA1
    assert check_chain(today.suite.signature, today.client.chain, today.trust, AT).name == today.client.name


def test_every_bit_counts(elliptic: Rig) -> None:
    """No bit of a leaf or its sub-CA can be turned unseen, inside what is signed or around it."""
    chain = elliptic.client.chain
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns of some of what it then refuses
        for number, encoded in enumerate(chain):
            for at in range(len(encoded)):
                changed = bytearray(encoded)
                changed[at] ^= 1 << at % 8
                with pytest.raises(AuthenticationFailed):
                    check_chain(
                        elliptic.suite.signature, [*chain[:number], bytes(changed), *chain[number + 1 :]], elliptic.trust, AT
                    )


def test_a_list_is_as_long_as_planned(elliptic: Rig) -> None:
    """A list of any number of serial numbers is as long as planned, around the lengths where DER takes a byte more too."""
    [branch] = elliptic.hierarchy.branches
    for count in (0, 1, 2, 3, 6, 7, 8, 1870, 1872):
        made = revocation.make_list(branch.algorithm, branch.authority, elliptic.revoked(count), AT)
        planned = profile.revocation_list(branch.algorithm, count)
        assert planned.least_bytes <= len(made) <= planned.most_bytes
        assert len(x509.load_der_x509_crl(made).tbs_certlist_bytes) == planned.body_bytes


def test_certificates_of_the_past() -> None:
    """Dates are encoded in UTC, whatever zone they come in."""
    jst = dt.timezone(dt.timedelta(hours=9))
    assert der.utc_time(dt.datetime(2014, 9, 22, 8, 30, tzinfo=jst)) == b"\x17\x0d140921233000Z"
    assert der.generalized_time(dt.datetime(2014, 9, 22, 8, 30, tzinfo=jst)) == b"\x18\x0f20140921233000Z"


@given(st.integers(min_value=0, max_value=70_000))
def test_lengths(length: int) -> None:
    """The length of an element is known before it exists."""
    encoded = der.element(der.OCTETS, bytes(length))
    assert len(encoded) == der.size(length)
    assert der.inner(der.sequence(encoded, der.NULL)) == [encoded, der.NULL]


@given(st.integers(min_value=0, max_value=2**80))
def test_integers(value: int) -> None:
    """An INTEGER is the shortest that is not negative (X.690, 8.3)."""
    encoded = der.integer(value)
    assert int.from_bytes(encoded[2:], "big", signed=True) == value
    assert len(encoded) == 3 or encoded[2] or encoded[3] >= 0x80


def test_object_identifiers() -> None:
    """Identifiers are encoded as in X.690, 8.19."""
    assert der.oid("1.2.840.113549.1.1.11").hex() == "06092a864886f70d01010b"
    assert der.oid("2.5.4.3").hex() == "0603550403"
