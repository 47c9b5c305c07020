"""Other simulators, each of which runs the same networks and answers the same question: the mean sojourn of each flow."""
