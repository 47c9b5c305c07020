"""Cipher suites as a planner needs them: what an exchange costs in operations and bytes, and real keys that prove it.

Each part of a suite holds its planning half (pure, all that a simulation uses) and its executing half side by side.
The suites are stand-ins: what the network puts on its wires is not published.
"""
