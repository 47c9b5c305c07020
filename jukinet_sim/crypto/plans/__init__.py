"""What each exchange asks under any suite: pure functions of the suite's parts, held to by real runs of `running`."""
