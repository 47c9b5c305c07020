"""What `check` holds a result against: reported volumes, every other reported figure, and closed-form theory.

Volumes that were put in exactly must come out exactly; that shows that nothing got lost, not that the model is right.
"""
