"""`size`: the smallest value, or the cheapest values, at which every service level is met, and how much growth that carries."""
