"""A run held against every figure of the report: conserved, derived, part of the structure, or no flow.

Volumes that were put in exactly must come out exactly; that shows that nothing got lost, not that the model is right.
"""
