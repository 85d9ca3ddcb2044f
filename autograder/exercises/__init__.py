"""One folder an exercise: ``exercise.py`` (the card: reference, criteria, cases, misconceptions) and ``lesson.py``.

``lesson.py`` is the text master of the notebook and is never imported. Adding an exercise is adding a folder, here or
in ``exercises/`` of a course directory, which goes first.
"""
