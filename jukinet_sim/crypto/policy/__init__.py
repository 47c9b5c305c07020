"""What authorities allow, from when to when: rows of data, asked for a suite and a date."""
