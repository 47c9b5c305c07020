"""What replications say: intervals, comparisons, searches and selections, as pure functions of numbers."""
