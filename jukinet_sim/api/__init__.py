"""The verbs as functions for programs and notebooks: a scenario in, a frozen answer out that turns into frames."""
