"""Results and scenarios in a form for people: terminal tables and explanations. Nothing here runs or stores anything."""
