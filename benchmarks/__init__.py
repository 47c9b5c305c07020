"""Benchmarks: how fast the engines are, beside other simulators that run the very same networks."""
