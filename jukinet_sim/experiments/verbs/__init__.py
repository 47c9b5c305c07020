"""The questions an experiment answers: a file for each, its carrier, found by name through `registry`."""
