"""`calibrate`: what was observed to the demands and rates of a scenario under which it would have been simulated."""
