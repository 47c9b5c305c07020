"""Suites, a cost card and a policy as another package would bring them."""
