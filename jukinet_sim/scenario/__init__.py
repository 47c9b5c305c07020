"""Scenario files: YAML text to a node tree with positions, to one frozen model whose every fault names its line.

Importing this room costs pydantic and PyYAML only.
"""
