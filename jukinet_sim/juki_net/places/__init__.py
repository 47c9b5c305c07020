"""Municipalities: a table of places, generated from published anchors or read from a planner's own CSV, and groups of them."""
