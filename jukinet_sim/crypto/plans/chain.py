"""The plan of a chain check: leaf and sub-CA under a pinned root, for each algorithm of a suite's signature."""

from __future__ import annotations

from collections.abc import Iterator

from jukinet_sim.crypto.plans import profile
from jukinet_sim.crypto.plans.frames import LENGTH_BYTES
from jukinet_sim.crypto.signatures.joined import Signature
from jukinet_sim.crypto.steps import Step

SUBJECTS = ("leaf", "authority")


def chain_steps(signature: Signature, side: str) -> Iterator[Step]:
    """Yield what a side carries out to check a chain and to have the public key of its leaf."""
    for part in signature.parts:
        for subject in SUBJECTS:
            body = profile.certificate(part, subject).body_bytes
            yield Step("x509.load", 1, body, side)
            yield Step("x509.check", 1, body, side)
            yield Step(f"{part.name}.load", 1, part.public_key_bytes, side)
            yield Step(f"{part.name}.verify", 1, body, side)


def chain_bytes(signature: Signature) -> tuple[int, int]:
    """Return the least and the most bytes of the certificates that a side sends, each with its length in front."""
    sizes = [profile.certificate(part, subject) for part in signature.parts for subject in SUBJECTS]
    lengths = LENGTH_BYTES * len(sizes)
    return sum(one.least_bytes for one in sizes) + lengths, sum(one.most_bytes for one in sizes) + lengths


def signed_parts_bytes(signature: Signature) -> int:
    """Return the bytes of what was signed in those certificates, which is of fixed length."""
    return sum(profile.certificate(part, subject).body_bytes for part in signature.parts for subject in SUBJECTS)
