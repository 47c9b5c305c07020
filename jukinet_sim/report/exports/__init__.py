"""Results to files that other programs read."""
