"""Runs and experiments whose processes are killed at any instant, and which are completed to the same bytes all the same."""
