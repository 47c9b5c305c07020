"""How two sides come to share a secret: what it costs in operations and bytes, and the real thing beside it."""
