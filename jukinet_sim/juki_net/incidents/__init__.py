"""What goes wrong on a date: outages, acknowledgements that get lost, updates that are refused."""
