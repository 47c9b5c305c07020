"""A local web application: scenarios to edit with validation as one types, runs to watch, reports to open."""
