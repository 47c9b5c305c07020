"""The reference engine: a network run as SimPy processes, written to be read, one idea a file."""
