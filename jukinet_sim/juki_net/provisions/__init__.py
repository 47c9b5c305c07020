"""Records supplied to agencies, row by row of the report or of a planner's own list."""
