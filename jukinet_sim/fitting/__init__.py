"""Observations to parameters: service demands from utilisations, and simulations fitted to what was measured."""
