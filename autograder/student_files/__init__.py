"""The files that students get with a notebook. They import the standard library and numpy (plots: matplotlib) only.

The judge shares some of them, so that a student's self-check and the grader follow one rule: ``loading`` and
``notebook_code`` (which cells run, in which order), and ``comparing`` (when an answer is right, and how it is shown).
"""
