"""The files that students get with a notebook. They import the standard library and numpy (plots: matplotlib) only.

The judge shares some of them, so that a student's self-check and the grader follow one rule: ``loading`` (which cells
run, in which order) with ``magics`` and ``cell_names``, and ``comparing`` (when an answer is right, how it is shown).
"""
