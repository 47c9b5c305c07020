"""Signature algorithms: what a signature costs in operations and bytes, and real ones beside it."""
