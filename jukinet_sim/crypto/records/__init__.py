"""How records are kept secret and whole under the keys of a session: what it costs, and the real thing beside it."""
