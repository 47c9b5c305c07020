"""From raw totals of replications to figures with intervals, verdicts, the result document and the run folder."""
