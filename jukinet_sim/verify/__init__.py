"""The whole battery that this package is held to: claims about chance, theory, laws and engines, each checked by running it."""
