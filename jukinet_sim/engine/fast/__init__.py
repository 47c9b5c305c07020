"""The fast engine: one compiled event loop over flat records, and the rarer moves that it calls by address."""
