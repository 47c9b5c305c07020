"""Where to look: points of experiments over ranges, and what the outputs at those points say about each factor."""
