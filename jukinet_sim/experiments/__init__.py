"""What one does with a network: replicate it, compare, sweep, size."""
