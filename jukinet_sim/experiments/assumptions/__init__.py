"""What the results owe to our assumptions: the same run with all assumed figures drawn from their ranges at once."""
