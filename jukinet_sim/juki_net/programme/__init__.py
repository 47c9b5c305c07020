"""The programme of change on one calendar: what comes to which place when, in what order, and what it does there."""
