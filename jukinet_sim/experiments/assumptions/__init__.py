"""What the results owe to our assumptions: the same run with all figures that are assumed, or derived in part, drawn from their ranges at once."""
