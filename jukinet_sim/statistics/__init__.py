"""Statistics of replications: intervals, comparisons, searches; pure functions of numbers."""
