"""The generic language of scenario files: YAML with positions, the words of a queueing network, and how they compile."""
