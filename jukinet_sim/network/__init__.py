"""The network vocabulary, and the two compilers that turn a scenario into it."""
