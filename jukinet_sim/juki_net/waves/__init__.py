"""Waves: how something new comes to the machines or offices of a tier, by date, with those that are late."""
