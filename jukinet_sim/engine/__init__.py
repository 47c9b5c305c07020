"""Two engines with one sample path: the SimPy reference, written to be read, and the compiled loop."""
