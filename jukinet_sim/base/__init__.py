"""What everything stands on: faults with positions, units, near misses, and the compiler of hot functions."""
