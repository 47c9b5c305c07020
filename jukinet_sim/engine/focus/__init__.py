"""Metrics looked at in windows and at places: read at stop instants, nothing of which moves an event."""
