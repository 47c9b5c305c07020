"""Randomness as a pure function: keys to uniforms to values, the same bits on every machine."""
