"""Machines of the three tiers as stations and pools, and the links between them."""
