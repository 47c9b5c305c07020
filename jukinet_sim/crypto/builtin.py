"""The suites that are shipped: stand-ins for the government guidelines of 2008 and 2012 and for what follows them."""

from __future__ import annotations

from jukinet_sim.crypto.establishment.ecdh import X25519, ecdh
from jukinet_sim.crypto.establishment.joined import joined
from jukinet_sim.crypto.establishment.mlkem import ML_KEM_768, ML_KEM_1024
from jukinet_sim.crypto.establishment.transport import rsa_transport
from jukinet_sim.crypto.records.aead import AES_128_GCM, AES_256_GCM, CHACHA
from jukinet_sim.crypto.records.cbc import aes_cbc, camellia_cbc, triple_des_cbc
from jukinet_sim.crypto.signatures.ecdsa import ecdsa
from jukinet_sim.crypto.signatures.plain import ED25519, ML_DSA_44, ML_DSA_65, ML_DSA_87
from jukinet_sim.crypto.signatures.rsa import rsa
from jukinet_sim.crypto.suite import Suite, compose

_HYBRID_KEYS = joined(X25519, ML_KEM_768)

SUITES: tuple[Suite, ...] = (
    compose(
        rsa_transport(1024, "pkcs1v15"), rsa(1024, "sha1"), triple_des_cbc(), "as of 2012, before the migration", "today"
    ),
    compose(rsa_transport(2048, "oaep"), rsa(2048), camellia_cbc(), "the guideline's way, with the cipher from Japan"),
    compose(rsa_transport(2048, "oaep"), rsa(2048), aes_cbc(), "the guideline's way for 2014", "target"),
    compose(ecdh("p256"), rsa(3072, "sha256", "pss"), AES_128_GCM, "forward secrecy with RSA certificates"),
    compose(ecdh("p256"), ecdsa("p256"), AES_128_GCM, "elliptic curves at 128 bits"),
    compose(ecdh("p384"), ecdsa("p384"), AES_256_GCM, "elliptic curves at 192 bits"),
    compose(X25519, ED25519, CHACHA, "curves and ciphers for machines without special instructions"),
    compose(_HYBRID_KEYS, ecdsa("p256"), AES_256_GCM, "what is recorded today stays secret from quantum computers", "next"),
    compose(ML_KEM_768, ML_DSA_44, AES_256_GCM, "post-quantum throughout, shortest signatures of its kind"),
    compose(ML_KEM_768, ML_DSA_65, AES_256_GCM, "post-quantum throughout"),
    compose(_HYBRID_KEYS, (ecdsa("p256"), ML_DSA_65), AES_256_GCM, "both worlds: holds as long as one of them does"),
    compose(ML_KEM_1024, ML_DSA_87, AES_256_GCM, "post-quantum throughout, highest category"),
)
"""By age of what they rest on."""
