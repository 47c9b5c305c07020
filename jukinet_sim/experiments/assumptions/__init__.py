"""What the results owe to our assumptions: the same run with all figures that have a range drawn from it at once."""
