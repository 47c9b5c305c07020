"""`sensitivity`: which assumption decides an output, and which one should be measured first.

`carry` is the verb; `chosen` says what is varied, `ground` runs points, `screening`, `morris`, `sobol` and `tornado` are the
methods, `judge` says whether the first of a ranking stands out.
"""
